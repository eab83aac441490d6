"""How do tests seal and publish a campaign's log on a database of theirs, and read it as anybody would?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.integrity.rulings import Ruling, RulingKind
from api.domain.log.bundles import entries_in
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.entries import ballot_entry, ballot_nonce, commitment
from api.domain.log.notes import SignedNote
from api.domain.log.tiles import TILE_WIDTH, width_at
from api.ports.log import Anchor, Log, Witnesses
from api.services.log.directory import LogDirectory
from api.services.log.publication import LogPublisher
from api.services.log.rounds import SealingRounds, SealingTerms
from api.services.log.sealing import LogSealer
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.log.sealing_store import SqlSealingStore
from api.storage.sign_ins import count_of
from api.transparency.anchor import FolderAnchor
from api.transparency.key_file import make_key_file, read_keys
from api.transparency.log_keys import LogKeys
from tests.campaigns import SLUG
from tests.faults.history import SeenHead

PREFIX = "vote.example/log"
ORIGIN = f"{PREFIX}/{SLUG}"
AT_ONCE = SealingTerms(interval=0.01, minimum=1, deadline=0, grace=timedelta(0))


class SetClock:
    """A clock that stands still at a moment that tests set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass
class LogWorld:
    """A database whose logs one process seals."""

    database: Database
    keys: LogKeys
    anchor: Anchor | None
    clock: Callable[[], datetime]
    witnesses: Witnesses | None = None
    terms: SealingTerms = AT_ONCE
    time: Callable[[], float] = lambda: 0.0
    heads: list[SeenHead] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = SqlSealingStore(self.database, count_of)
        self.directory = LogDirectory(PREFIX)
        self.sealer = LogSealer(self.store, self.directory, self.clock, self.terms.grace)
        self.publisher = LogPublisher(self.store, self.keys, self.anchor, self.witnesses, self.directory, self.clock)
        self.campaigns = SqlCampaigns(self.database)
        self.rounds = SealingRounds(
            self.store,
            self.campaigns,
            self.sealer,
            self.publisher,
            self.directory,
            self.clock,
            self.terms,
            time=self.time,
        )

    async def look(self) -> None:
        """One round; what is published afterwards goes into `heads`."""
        await self.rounds.look()
        log = await self.store.log(SLUG)
        if log is not None and log.note is not None:
            checkpoint = Checkpoint.parse(SignedNote.parse(log.note).text)
            self.heads.append(SeenHead(checkpoint.size, checkpoint.root))

    async def log(self, campaign: str = SLUG) -> Log:
        log = await self.store.log(campaign)
        assert log is not None
        return log

    async def change(self, before: Campaign, after: Campaign) -> Campaign:
        """Store a campaign as it is to be, and read it again."""
        event = AuditEvent(datetime.now(UTC), TrailKind.CAMPAIGN_LOADED, before.slug)
        await self.campaigns.change(before, after, event)
        return await self.campaign()

    async def campaign(self) -> Campaign:
        campaign = await self.campaigns.campaign(SLUG)
        assert campaign is not None
        return campaign

    async def entries(self, campaign: str = SLUG) -> list[bytes]:
        """All entries of the newest log that are sealed, as its bundles have them."""
        return await entries_of(self.database, campaign)

    async def lines(self) -> list[str]:
        """The entries that are no ballots."""
        return [entry.decode() for entry in await self.entries() if not entry.startswith(b"ballot ")]


def a_world(database: Database, folder: Path, clock: Callable[[], datetime], **parts: object) -> LogWorld:
    """One with keys and an anchor in a folder; the same folder has the same keys."""
    file = folder / "logkeys"
    if not file.exists():
        make_key_file(file)
    anchor = FolderAnchor(folder / "anchor")
    return LogWorld(database, LogKeys(read_keys(file)), **{"anchor": anchor, "clock": clock} | parts)  # type: ignore[arg-type]


async def entries_of(database: Database, campaign: str = SLUG) -> list[bytes]:
    """All entries of the newest log of a campaign that are sealed."""
    log = await SqlSealingStore(database, count_of).log(campaign)
    assert log is not None
    bundles = await SqlSealingStore(database, count_of).bundles(log.id, 0, log.size // TILE_WIDTH + 1)
    return [entry for n, bundle in sorted(bundles.items()) for entry in entries_in(bundle, width_at(0, n, log.size))]


def entry_of(ballot_id: str, day: date, numbers: Iterable[int], tag: bytes | None = None) -> bytes:
    """What a ballot is in the log."""
    return ballot_entry(day, commitment(SLUG, day, ballot_nonce(ballot_id), tag, numbers))


def a_ruling(kind: RulingKind, at: datetime) -> Ruling:
    return Ruling(kind, "Cast by a machine, it seems.", at, "an organizer")
