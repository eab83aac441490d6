"""Look through a copy of a database before it is put in the place of one that is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.bootstrap.ballot_log import log_anchor
from api.domain.results.tallies import Counts
from api.ports.log import Log, LogDamagedError
from api.services.log.comparison import check_logs, missing_entries
from api.settings import Settings
from api.storage.ballot_records import audits
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import migrate
from api.storage.log.sealing_store import SqlSealingStore
from api.storage.sign_ins import count_of


@dataclass(frozen=True)
class Verification:
    """What a copy has been found to be.

    migrations: those that it lacked, and has now. audits: the recount and what is wrong, by campaign. damage: what is wrong
    with its logs. missing: what the anchor knows of and the copy does not. logs: how many it has. anchored: of how many logs
    the anchor knows a head; None where there is no anchor.
    """

    migrations: Sequence[str]
    audits: Mapping[str, tuple[Counts, Sequence[str]]]
    damage: str | None
    missing: Sequence[str]
    logs: int
    anchored: int | None

    @property
    def wrong(self) -> list[str]:
        """Why it is not what it should be: a sentence each."""
        differences = [f"{slug} {sentence}" for slug, (_, wrong) in self.audits.items() for sentence in wrong]
        return differences if self.damage is None else [*differences, self.damage]


async def verify_copy(file: Path, settings: Settings) -> Verification:
    """Bring a SQLite file to this version, recount its ballots, hash its logs, and compare them with the anchor.

    Raises MigrationRefused for a file of a newer version, and AnchorError.
    """
    anchor = log_anchor(settings)
    heads = None if anchor is None else await anchor.heads()
    async with open_database(f"sqlite://{file}", create=False) as database:
        migrations = await migrate(database)
        store = SqlSealingStore(database, count_of)
        logs = await store.generations()
        return Verification(
            migrations=migrations,
            audits=await _audits(database),
            damage=await _damage(store, logs),
            missing=await missing_entries(store, logs, heads or ()),
            logs=len(logs),
            anchored=None if heads is None else len(heads),
        )


async def _audits(database: Database) -> Mapping[str, tuple[Counts, Sequence[str]]]:
    async with database.snapshot() as view:
        return await audits(view)


async def _damage(store: SqlSealingStore, logs: Sequence[Log]) -> str | None:
    try:
        await check_logs(store, logs)
    except LogDamagedError as error:
        return str(error)
    return None
