"""How is a campaign's voter salt destroyed, in the row and wherever the database still has it?"""

import asyncio

from tortoise.exceptions import OperationalError

from api.domain.errors import OperatorError
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect

FORGET_SIGNALS = "delete from signals where ballot_key in (select id from ballots where campaign_id = $1)"
FORGET_SUSPICIONS = "delete from suspicions where campaign_id = $1"
WIPE = "update campaigns set voter_salt = null, revision = revision + 1 where slug = $1"
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


async def wipe_salt(transaction: Database, slug: str) -> None:
    """Take the salt out of the campaign's row, and delete what was noted of how its ballots arrived.

    The revision makes every server drop its copy within a second.
    """
    await transaction.rows(WIPE, slug)
    await transaction.rows(FORGET_SIGNALS, slug)
    await transaction.rows(FORGET_SUSPICIONS, slug)


async def scrub(database: Database) -> None:
    """Write the tables' files anew, without what has been deleted. To be called outside of a transaction.

    Raises NotScrubbedError when others keep the database too busy for it; a second attempt does no harm.
    """
    try:
        await (_scrub_table(database) if database.dialect is Dialect.POSTGRES else _scrub_file(database))
    except (OperationalError, TimeoutError) as error:
        raise NotScrubbedError(
            "the voter secret is out of the campaign's row, but an old copy of the row may still lie in the database's files "
            f"({error}); run this again"
        ) from error


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


def leftovers(database: Database) -> str:
    """Where a destroyed salt may still be found, outside of what this program can reach."""
    return LEFTOVERS[database.dialect]
