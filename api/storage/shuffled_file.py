"""Records in random order, every order as likely as any other, in as little memory however many there are.

Each record goes to a part of a temporary file that is drawn for it, and each part is shuffled in memory.
"""

from collections.abc import Iterator, Sequence
from random import SystemRandom
from secrets import token_bytes
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

PARTS = 256  # one byte draws one; a part of ten million records is forty thousand of them
BUFFERED = 16 * 1024  # bytes of each part that wait in memory
LENGTH_BYTES = 4


class ShuffledFile:
    """Takes records, and gives them back once in random order. A context manager: the file is gone at its end."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed at the end of the context
        self._waiting = [bytearray() for _ in range(PARTS)]
        self._written: list[list[tuple[int, int]]] = [[] for _ in range(PARTS)]  # where a part's pieces begin and end
        self._end = 0
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, at: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, records: Sequence[bytes]) -> None:
        """Take records."""
        for record, part in zip(records, token_bytes(len(records)), strict=True):
            waiting = self._waiting[part]
            waiting += len(record).to_bytes(LENGTH_BYTES)
            waiting += record
            if len(waiting) >= BUFFERED:
                self._write(part)
        self.count += len(records)

    def parts(self) -> Iterator[list[bytes]]:
        """All records: those of one part after those of another."""
        for part in range(PARTS):
            records = list(_records(self._read(part)))
            SystemRandom().shuffle(records)
            yield records

    def _write(self, part: int) -> None:
        waiting = self._waiting[part]
        self._file.seek(self._end)
        self._file.write(waiting)
        self._written[part].append((self._end, self._end + len(waiting)))
        self._end += len(waiting)
        waiting.clear()

    def _read(self, part: int) -> bytes:
        pieces = []
        for start, end in self._written[part]:
            self._file.seek(start)
            pieces.append(self._file.read(end - start))
        return b"".join([*pieces, self._waiting[part]])


def _records(content: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(content):
        start = place + LENGTH_BYTES
        place = start + int.from_bytes(content[place:start])
        yield content[start:place]
