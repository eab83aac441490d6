"""Destroy a campaign's voter salt: in its row, and wherever else the database still has it."""

import asyncio

from tortoise.exceptions import OperationalError

from api.domain.audit_trail import AuditEvent
from api.domain.errors import OperatorError
from api.storage.audit_trail import write
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect

DELETE_SIGNALS = "delete from signals where ballot_key in (select id from ballots where campaign_id = $1)"
DELETE_SUSPICIONS = "delete from suspicions where campaign_id = $1"
DELETE_REMINDERS = "delete from reminders where campaign_id = $1"
# The revision makes every server drop its copy within a second.
WIPE = """
    update campaigns set voter_salt = null, revision = revision + 1 where slug = $1 and voter_salt is not null
    returning slug
"""
MAX_CHECKPOINTS = 100
CHECKPOINT_INTERVAL = 0.1  # seconds between two attempts
LEFTOVERS = {
    Dialect.SQLITE: "It is gone from the database file and its log. Copies of the file, snapshots of the disk and backups made "
    "earlier still have it: destroy them.",
    Dialect.POSTGRES: "It is gone from the table. The write-ahead log, its archive, replicas that lag and backups made "
    "earlier still have it until they expire: see that they do.",
}


class NotScrubbedError(OperatorError):
    """The salt is out of its row, but an old copy may still lie in the database's files."""


class SqlVoterSalts:
    """ports.VoterSalts on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def destroy(self, campaign: str, event: AuditEvent) -> bool:
        """Take the salt out of the campaign's row, and delete reminders and what was noted of how its ballots arrived."""
        async with self._database.transaction() as transaction:
            if not await transaction.rows(WIPE, campaign):
                return False
            await transaction.rows(DELETE_SIGNALS, campaign)
            await transaction.rows(DELETE_SUSPICIONS, campaign)
            await transaction.rows(DELETE_REMINDERS, campaign)
            await write(transaction, [event])
        return True

    async def scrub(self) -> None:
        """Write the files of the tables anew. Raises NotScrubbedError when others keep the database too busy for it."""
        on_postgres = self._database.dialect is Dialect.POSTGRES
        try:
            await (_scrub_table(self._database) if on_postgres else _scrub_file(self._database))
        except (OperationalError, TimeoutError) as error:
            raise NotScrubbedError(
                "the voter secret is out of the campaign's row, but an old copy of the row may still lie in the database's "
                f"files ({error}); run this again"
            ) from error

    @property
    def leftovers(self) -> str:
        """Where a destroyed salt may still be found, outside of what this program can reach."""
        return LEFTOVERS[self._database.dialect]


async def _scrub_table(database: Database) -> None:
    await database.rows("vacuum full campaigns")


async def _scrub_file(database: Database) -> None:
    """VACUUM writes the new file into the log; only when that is moved over and cut off are old pages gone."""
    await database.rows("vacuum")
    for _ in range(MAX_CHECKPOINTS):
        [checkpoint] = await database.rows("pragma wal_checkpoint(truncate)")
        if not checkpoint["busy"]:
            return
        await asyncio.sleep(CHECKPOINT_INTERVAL)
    raise TimeoutError("the log stays in use")
