"""The body of an upload, in pieces: never more than one of them in memory, and of a broken connection what has arrived."""

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from api.http.byte_ranges import SentRange, wrong_length
from api.http.requests import HttpError
from api.limits import too_large

PIECE = 256 * 1024  # bytes of a piece, but for the last


class UploadBody:
    """A body that has this of a file, which may have at most so many bytes."""

    def __init__(self, receive: Receive, sent: SentRange, most: int) -> None:
        self._receive = receive
        self._sent = sent
        self._most = most

    async def pieces(self) -> AsyncIterator[bytes]:
        """Its pieces. Raises ClientDisconnect when all that has arrived of it was given.

        Raises HttpError 400 for a body of another length than was announced, 413 for a file that is too long.
        """
        gathered, given, more = bytearray(), 0, True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                if gathered:
                    yield bytes(gathered)
                raise ClientDisconnect
            gathered += message.get("body", b"")
            more = message.get("more_body", False)
            self._check(given + len(gathered), given, is_end=False)
            while len(gathered) >= PIECE:
                yield bytes(gathered[:PIECE])
                given += PIECE
                del gathered[:PIECE]
        if gathered:
            yield bytes(gathered)
        length = given + len(gathered)
        self._check(length, length, is_end=True)

    def _check(self, length: int, given: int, *, is_end: bool) -> None:
        """Raise HttpError for a body that is too long, or has ended early."""
        start, announced = self._sent.start, self._sent.length
        if announced is None:
            if start + length > self._most:
                raise HttpError(413, too_large("file", self._most, start + length))
        elif length > announced or (is_end and length < announced):
            raise wrong_length(announced, length, start + given)
