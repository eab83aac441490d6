"""What the services ask of storage, keys, the anchor and witnesses for the ballot log of each campaign."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from api.domain.campaigns.campaign import Campaign
from api.domain.errors import OperatorError
from api.domain.log.bundles import Bundle
from api.domain.log.derived_entries import Document
from api.domain.log.results_document import LogCounts
from api.domain.log.tiles import TileKey
from api.domain.selection.versions import SelectionTexts

Prove = Callable[[int, int], Awaitable[Sequence[bytes]]]  # the consistency proof from a smaller size to a larger one


class LogBehindError(OperatorError):
    """What is stored of a log is behind a published checkpoint, of this size, or forked from it: it must not be signed."""

    def __init__(self, message: str, size: int, *, is_forked: bool = False) -> None:
        super().__init__(message)
        self.size = size
        self.is_forked = is_forked


class LogDamagedError(OperatorError):
    """What is stored of a log does not give its root. It says which tile or bundle is wrong."""


class QuorumMissingError(OperatorError):
    """Not enough witnesses have cosigned a checkpoint. It says which did not, and why."""


class OvertakenError(Exception):
    """Another process has sealed, or published, the same in between."""


class Head(NamedTuple):
    """How far a log is, as a checkpoint says it: what an anchor keeps."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Log:
    """A row of `logs`: one generation of a campaign's log. Everybody sees it up to published_size, under the note.

    ballots: how many of its entries are ballots. state: what the derived entries last said
    (domain.log.derived_entries). continues: the head that a later generation goes on from, as {"origin", "size", "root"}, the
    root in hexadecimal digits.
    """

    id: int
    campaign: str
    generation: int
    origin: str
    size: int
    root: bytes
    ballots: int = 0
    state: Mapping[str, Any] = field(default_factory=dict)
    sealed_at: datetime | None = None
    published_size: int = 0
    published_at: datetime | None = None
    note: str | None = None
    continues: Mapping[str, Any] | None = None

    @property
    def head(self) -> Head:
        """What is sealed."""
        return Head(self.origin, self.size, self.root)


class Waiting(NamedTuple):
    """What waits to be sealed in a campaign: how many ballots, and the number of the oldest row of the queue."""

    ballots: int
    oldest: int


class QueuedRuling(NamedTuple):
    """A ruling that waits, on these ballots. kind: HOLD, RELEASE or VOID."""

    ballots: tuple[str, ...]
    kind: str
    reason_sha256: str


class Queued(NamedTuple):
    """The oldest of what waits, and all that is needed to seal it, as it stood at one moment.

    rows: the numbers of its rows. ballots: bare tuples of the database, of id, day, client tag, choices and
    the moment of casting. rest: whether more
    waits. places: those of ballots that rulings are about and were sealed before. tiles: the right edge of the tree. bundle:
    the last one while it is not full, with the ids of its ballots. counts: of the campaign at the same moment, so that they
    agree with the log once all of this is sealed and nothing rests.
    """

    log: Log | None
    rows: Sequence[int]
    ballots: Sequence[Any]
    rulings: Sequence[QueuedRuling]
    rest: bool
    places: Mapping[str, int]
    tiles: Mapping[TileKey, bytes]
    bundle: Bundle
    campaign: Campaign
    counts: LogCounts


class Growth(NamedTuple):
    """What one sealing adds: the log as it becomes, and whole rows of tiles and bundles.

    first: the place of the first of the ballots, which follow one another.
    """

    log: Log
    tiles: Mapping[TileKey, bytes]
    bundles: Mapping[int, Bundle]
    first: int
    documents: Sequence[Document]


class Sealing(Protocol):
    """The storage while one process seals a campaign; whoever seals it meanwhile is noticed at the latest when it is stored."""

    async def read(self, most: int, wants_votes: Callable[[Campaign], bool], known: Campaign | None = None) -> Queued:
        """The oldest of what waits: at most so many ballots, but at least one row. Raises LookupError without a campaign.

        wants_votes: whether votes are counted, once nothing rests. known: the campaign as it was read before.
        Raises LogDamagedError where something waits that is not stored.
        """
        ...

    async def sign_ins(self, zone: str, day: date) -> int:
        """How many people signed in on a day of a time zone."""
        ...

    async def selection(self, stage: str, version: int) -> SelectionTexts | None:
        """The record and the trace of a version of what a stage of the campaign has decided."""
        ...

    async def write(self, queued: Queued, growth: Growth) -> Log:
        """Take the rows from the queue and store what has grown, all or nothing. Raises OvertakenError."""
        ...


class SealingStore(Protocol):
    """What sealing and publishing ask of storage."""

    def sealing(self, campaign: str) -> AbstractAsyncContextManager[Sealing | None]:
        """Seal in a campaign while the block runs; None while another process does."""
        ...

    async def waiting(self) -> Mapping[str, Waiting]:
        """What waits, by campaign; campaigns that are being imported are not among them."""
        ...

    async def log(self, campaign: str) -> Log | None:
        """The newest generation of a campaign's log."""
        ...

    async def logs(self) -> Mapping[str, Log]:
        """The newest generation of every campaign's log."""
        ...

    async def tiles(self, log: int, level: int, start: int, end: int) -> Mapping[int, bytes]:
        """The hashes of the tiles of a level from start to before end, by n."""
        ...

    async def bundles(self, log: int, start: int, end: int) -> Mapping[int, bytes]:
        """The entries of the bundles from start to before end, by n, as tlog-tiles has them."""
        ...

    async def publish(self, log: Log, note: str, now: datetime) -> None:
        """Store the note under which a log as large as this one is published, unless as large a one is published already.

        The note that the log has may be replaced by another of its size.
        """
        ...

    async def begin_generation(self, before: Log, origin: str, continues: Head) -> Log:
        """Add the next generation, and queue all ballots and rulings of the campaign for it anew. Raises OvertakenError."""
        ...


class LogSigner(Protocol):
    """The keys of the logs (transparency.log_keys)."""

    def sign_checkpoint(self, text: str, origin: str) -> str:
        """The signed note of a checkpoint's text, with every key that signs checkpoints under this origin's name."""
        ...

    def sign_receipt(self, text: str) -> bytes:
        """The signature of a receipt's text, 64 bytes, with the newest key that signs receipts."""
        ...

    def verifier_keys(self, origin: str) -> tuple[str, ...]:
        """The verifier keys (vkeys) of a log's checkpoints, the newest first, without retired ones."""
        ...

    def receipt_keys(self, origin: str) -> tuple[str, ...]:
        """The verifier keys (vkeys) of a log's receipts, the newest first, without retired ones."""
        ...


class Anchor(Protocol):
    """The newest checkpoint of each log, outside the database, so that a database that is restored is noticed."""

    async def head(self, origin: str) -> Head | None:
        """The newest head that was recorded for this origin. Raises OperatorError where it cannot be read."""
        ...

    async def record(self, note: str) -> None:
        """Keep a signed checkpoint, durably, before anybody sees it. Raises LogBehindError for an older or a forked one."""
        ...


class Witnesses(Protocol):
    """The witnesses that the policy names."""

    async def cosign(self, note: str, prove: Prove) -> str:
        """The note with the cosignatures of as many witnesses as the quorum asks for.

        Raises QuorumMissingError, or LogBehindError where a witness has seen a larger or another log.
        """
        ...
