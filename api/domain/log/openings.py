"""What opens the commitments of a log once everybody may see the results: a line for each of its entries.

A line is `NONCE TAG N,N,N`, with the tag as `-` where the ballot came without an idempotency key; for an entry that is no
ballot it is `-`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.domain.log.entries import commitment

LINE = re.compile(r"([0-9a-f]{64}) (-|[0-9a-f]{64}) ([1-9][0-9]{0,5}(?:,[1-9][0-9]{0,5})*)", re.ASCII)
NO_BALLOT = "-"


class OpeningError(ValueError):
    """A line that opens nothing."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a ballot says. tag: None where it came without a key. numbers: of its projects, ascending."""

    nonce: bytes
    tag: bytes | None
    numbers: tuple[int, ...]

    @property
    def line(self) -> str:
        """It as a line, without a line feed."""
        return f"{self.nonce.hex()} {'-' if self.tag is None else self.tag.hex()} {','.join(map(str, self.numbers))}"

    def commitment(self, slug: str, day: date) -> str:
        """The commitment that it opens, in the log of this campaign, on this voting day."""
        return commitment(slug, day, self.nonce, self.tag, self.numbers)


def write_openings(openings: Iterable[Opening | None]) -> str:
    """Write the openings of a bundle; None: the entry is no ballot."""
    return "".join(f"{NO_BALLOT if each is None else each.line}\n" for each in openings)


def parse_openings(text: str) -> list[Opening | None]:
    """Read the openings of a bundle. Raises OpeningError with the line's number."""
    if text and not text.endswith("\n"):
        raise OpeningError("the last line has no end")
    return [_parse(line, number) for number, line in enumerate(text.split("\n")[:-1], 1)]


def _parse(line: str, number: int) -> Opening | None:
    if line == NO_BALLOT:
        return None
    match = LINE.fullmatch(line)
    if match is None:
        raise OpeningError(f"line {number} is no opening: {line[:200]!r}")
    nonce, tag, listed = match.groups()
    numbers = tuple(map(int, listed.split(",")))
    if list(numbers) != sorted({*numbers}):
        raise OpeningError(f"line {number} has its numbers not ascending, or one twice: {listed[:200]}")
    return Opening(bytes.fromhex(nonce), None if tag == "-" else bytes.fromhex(tag), numbers)
