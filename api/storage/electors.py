"""The lists of voters on a database: viewers by pseudonym, a row each."""

from collections.abc import Collection

from api.storage.database.connection import Database

LISTED = "select 1 as found from electors where campaign_id = $1 and viewer = $2"
ALL = "select viewer from electors where campaign_id = $1 order by viewer"
CLEAR = "delete from electors where campaign_id = $1"
ADD = "insert into electors (campaign_id, viewer) {}"


class SqlElectors:
    """ports.Electors on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, campaign: str, viewer: str) -> bool:
        """Whether this viewer is on the campaign's list."""
        return bool(await self._database.rows(LISTED, campaign, viewer))


async def electors(database: Database, campaign: str) -> tuple[str, ...]:
    """A campaign's list, in order."""
    rows = await database.rows(ALL, campaign)
    return tuple(row["viewer"] for row in rows)


async def set_electors(transaction: Database, campaign: str, viewers: Collection[str]) -> None:
    """Replace a campaign's list. The campaign has to be stored already."""
    await transaction.rows(CLEAR, campaign)
    if viewers:
        rows = [(campaign, viewer) for viewer in sorted({*viewers})]
        await transaction.write_rows(ADD, ("text", "text"), rows)
