"""What waits to be sealed in a campaign, and what of its log is needed to seal it: read in one snapshot."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.log.bundles import ID_SIZE, Bundle
from api.domain.log.tiles import TILE_WIDTH, TileKey, edge_tiles
from api.ports.log import Log, LogDamagedError
from api.storage.campaigns import stored_campaign
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from api.storage.log.rows import many

QUEUED = "select id, ballots, ruling from log_queue where campaign_id = $1 and id > $2 order by id limit $3"
FIRST_PAGE = 16  # rows that are read at first, and twice as many each time: some have one ballot, others a thousand
BALLOTS = {
    Dialect.POSTGRES: "from unnest($1::text[]) as wanted join ballots on id = wanted",
    Dialect.SQLITE: "from json_each($1) join ballots on ballots.id = value",
}
REVISION = "select revision from campaigns where slug = $1 and importing is null"


async def present_campaign(view: Database, slug: str, known: Campaign | None) -> Campaign:
    if known is not None:
        rows = await view.rows(REVISION, known.slug)
        if rows and rows[0]["revision"] == known.revision:
            return known
    campaign = await stored_campaign(view, slug=slug, importing=None)
    if campaign is None:
        raise LookupError(f"there is no campaign {slug}")
    return campaign


async def oldest_rows(view: Database, campaign: str, most: int) -> tuple[list[dict[str, Any]], bool]:
    """Rows with at most so many ballots together, one row at least, and whether there are more."""
    oldest: list[dict[str, Any]] = []
    ballots, last, size = 0, 0, FIRST_PAGE
    while True:
        rows = await view.rows(QUEUED, campaign, last, size)
        for row in rows:
            ballots += len(row["ballots"]) // ID_SIZE
            if oldest and (ballots > most or len(oldest) == most):
                return oldest, True
            oldest.append(row)
        if len(rows) < size:
            return oldest, False
        last, size = rows[-1]["id"], 2 * size


async def waiting_ballots(view: Database, campaign: str, ids: list[str]) -> Sequence[Any]:
    """The ballots as bare tuples; objects for a million of them would take longer than their hashes."""
    if not ids:
        return ()
    found: list[Any] = []
    query = f"select ballots.id, day, client_tag, choices, cast_at {BALLOTS[view.dialect]}"
    async for rows in view.scan(query, many(view, sorted(ids)), size=len(ids)):
        found.extend(rows)
    if len(found) != len(ids) or len(set(ids)) != len(ids):
        missing = sorted(set(ids) - {row[0] for row in found})
        reason = (
            f"{len(missing)} of them {'is' if len(missing) == 1 else 'are'} not stored"
            if missing
            else "some wait twice"
        )
        raise LogDamagedError(
            f"Of the ballots of {campaign} that wait to be sealed, {reason}: nothing is sealed. "
            "Restore the database from a backup, or continue the log with `pingxuan log continue`."
        )
    return found


async def right_edge(view: Database, log: Log | None) -> tuple[Mapping[TileKey, bytes], Bundle]:
    """The right edge of the tree, and the last bundle while it is not full."""
    if log is None:
        return {}, Bundle()
    tiles: dict[TileKey, bytes] = {}
    for level, n in edge_tiles(log.size):
        query = "select hashes from log_tiles where log_id = $1 and level = $2 and n = $3"
        for row in await view.rows(query, log.id, level, n):
            tiles[level, n] = bytes(row["hashes"])
    bundle = Bundle()
    if log.size % TILE_WIDTH:
        query = "select entries, ballots from log_bundles where log_id = $1 and n = $2"
        for row in await view.rows(query, log.id, log.size // TILE_WIDTH):
            bundle = Bundle(bytes(row["entries"]), row["ballots"])
    return tiles, bundle
