"""The entries of a ballot log: what each line says, how it is written, and how it is read again.

A ballot is in the log as a commitment, so that it says nothing before its opening is published; everything else is said in
plain words. An entry is ASCII on one line without a line feed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Protocol

from api.domain.integrity.rulings import RulingKind
from api.domain.rfc3339 import parse_date, parse_datetime

NUMBER = "(0|[1-9][0-9]{0,17})"
DIGEST = "([0-9a-f]{64})"
DAY = "([0-9]{4}-[0-9]{2}-[0-9]{2})"
MOMENT = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z)"
WORD = "([!-~]+)"


class EntryError(ValueError):
    """A line that no entry has."""


class LogEntry(Protocol):
    """One line of the log."""

    @property
    def line(self) -> str:
        """The line, without a line feed."""
        ...


@dataclass(frozen=True, slots=True)
class BallotEntry:
    """A ballot that was cast on this voting day. commitment: 64 hexadecimal digits."""

    day: date
    commitment: str

    @property
    def line(self) -> str:
        return f"ballot {self.day} {self.commitment}"


@dataclass(frozen=True, slots=True)
class RulesEntry:
    """What ballots are judged by: the digest of a document. It is a log's first entry, but for the one it continues."""

    sha256: str

    @property
    def line(self) -> str:
        return f"rules {self.sha256}"


@dataclass(frozen=True, slots=True)
class WindowEntry:
    """When voting opens and closes, as far as is decided."""

    opens_at: datetime
    closes_at: datetime

    @property
    def line(self) -> str:
        return f"window {_moment(self.opens_at)} {_moment(self.closes_at)}"


@dataclass(frozen=True, slots=True)
class RulingEntry:
    """A ruling on the ballot at this place. reason_sha256: of the reason that the voter is told."""

    kind: RulingKind
    index: int
    reason_sha256: str

    @property
    def line(self) -> str:
        return f"{self.kind.name.lower()} {self.index} {self.reason_sha256}"


@dataclass(frozen=True, slots=True)
class DayEntry:
    """What came in on a day that is over: ballots, those of them that are held or voided, and people who signed in."""

    day: date
    cast: int
    held: int
    voided: int
    sign_ins: int

    @property
    def line(self) -> str:
        return f"day {self.day} {self.cast} {self.held} {self.voided} {self.sign_ins}"


@dataclass(frozen=True, slots=True)
class ClosedEntry:
    """That voting is over, with so many ballots in the log."""

    ballots: int

    @property
    def line(self) -> str:
        return f"closed {self.ballots}"


@dataclass(frozen=True, slots=True)
class ResultEntry:
    """What the ballots come to: the digest of a document."""

    sha256: str

    @property
    def line(self) -> str:
        return f"result {self.sha256}"


@dataclass(frozen=True, slots=True)
class SelectionEntry:
    """What a stage has decided, as it was announced: the digests of how, and of all that went into it."""

    stage: str
    version: int
    trace_sha256: str
    record_sha256: str

    @property
    def line(self) -> str:
        return f"selection {self.stage} {self.version} {self.trace_sha256} {self.record_sha256}"


@dataclass(frozen=True, slots=True)
class ContinuesEntry:
    """That the log goes on from another one, whose head this was."""

    origin: str
    size: int
    root: bytes

    @property
    def line(self) -> str:
        return f"continues {self.origin} {self.size} {self.root.hex()}"


@dataclass(frozen=True, slots=True)
class UnknownEntry:
    """An entry of a kind that a later version may have. Whoever reads a log passes it over, and says so."""

    line: str


def ballot_nonce(ballot_id: str) -> bytes:
    """What keeps a commitment from being guessed, by the 26 characters of a ballot's id."""
    return sha256(f"pingxuan/opening/v1\n{ballot_id}\n".encode()).digest()


def client_tag(idempotency_key: str) -> bytes:
    """What keeps two ballots that are alike from sharing one receipt: only who has sent the key knows it."""
    return sha256(f"pingxuan/client/v1\n{idempotency_key}\n".encode()).digest()


def commitment(slug: str, day: date, nonce: bytes, tag: bytes | None, numbers: Iterable[int]) -> str:
    """What binds a log to a ballot without saying what is on it: 64 hexadecimal digits. tag: None without a key."""
    said = f"{nonce.hex()}\n{'-' if tag is None else tag.hex()}\n{','.join(map(str, sorted(numbers)))}"
    return sha256(f"pingxuan/ballot/v1\n{slug}\n{day}\n{said}\n".encode()).hexdigest()


def ballot_entry(day: date, commitment: str) -> bytes:
    """Return the bytes of a ballot's entry."""
    return f"ballot {day} {commitment}".encode()


def parse_entry(entry: bytes) -> LogEntry:
    """Read an entry; one of a kind that is not known here is an UnknownEntry. Raises EntryError."""
    try:
        line = entry.decode("ascii")
    except UnicodeDecodeError:
        raise EntryError("an entry is ASCII, and this one has other bytes") from None
    kind = line.partition(" ")[0]
    if re.fullmatch("[a-z]+", kind) is None or not line.isprintable():
        raise EntryError(f"an entry begins with a word in small letters, and is one line: {line[:80]!r}")
    if kind not in KINDS:
        return UnknownEntry(line)
    pattern, read = KINDS[kind]
    match = pattern.fullmatch(line)
    if match is None:
        raise EntryError(f"no entry “{kind}” looks like this: {line[:200]!r}")
    return read(*match.groups())


def _kind(pattern: str, read: Callable[..., LogEntry]) -> tuple[re.Pattern[str], Callable[..., LogEntry]]:
    return re.compile(pattern, re.ASCII), read


def _ruling(word: str, index: str, reason: str) -> RulingEntry:
    return RulingEntry(RulingKind[word.upper()], int(index), reason)


def _read_day(text: str) -> date:
    day = parse_date(text)
    if day is None:
        raise EntryError(f"no calendar has the day {text}")
    return day


def _read_moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None or _moment(moment) != text:
        raise EntryError(f"no clock shows the moment {text} in this form")
    return moment


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


KINDS: Mapping[str, tuple[re.Pattern[str], Callable[..., LogEntry]]] = {
    "ballot": _kind(f"ballot {DAY} {DIGEST}", lambda day, digest: BallotEntry(_read_day(day), digest)),
    "rules": _kind(f"rules {DIGEST}", RulesEntry),
    "window": _kind(f"window {MOMENT} {MOMENT}", lambda *two: WindowEntry(*map(_read_moment, two))),
    **dict.fromkeys(("hold", "release", "void"), _kind(f"(hold|release|void) {NUMBER} {DIGEST}", _ruling)),
    "day": _kind(
        f"day {DAY} {NUMBER} {NUMBER} {NUMBER} {NUMBER}",
        lambda day, *counts: DayEntry(_read_day(day), *map(int, counts)),
    ),
    "closed": _kind(f"closed {NUMBER}", lambda ballots: ClosedEntry(int(ballots))),
    "result": _kind(f"result {DIGEST}", ResultEntry),
    "selection": _kind(
        f"selection {WORD} {NUMBER} {DIGEST} {DIGEST}",
        lambda stage, version, trace, record: SelectionEntry(stage, int(version), trace, record),
    ),
    "continues": _kind(
        f"continues {WORD} {NUMBER} {DIGEST}",
        lambda origin, size, root: ContinuesEntry(origin, int(size), bytes.fromhex(root)),
    ),
}
