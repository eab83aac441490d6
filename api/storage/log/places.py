"""Find the places of ballots in a log: by the batches of the time at which they were cast, in whose bundles their ids are."""

from collections.abc import Iterable, Mapping

from api.domain.log.bundles import ids_in
from api.domain.log.tiles import TILE_WIDTH
from api.ports.log import Log
from api.ports.log_reader import LogPlace
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from api.storage.log.rows import many

BATCHES = """
    select distinct first_place, last_place from ballots
    join log_batches on cast_at between first_cast_at and last_cast_at
    where log_id = $2 and ballots.id in {} order by first_place
"""
THESE = {Dialect.POSTGRES: "(select unnest($1::text[]))", Dialect.SQLITE: "(select value from json_each($1))"}
BUNDLES = "select n, ballots from log_bundles where log_id = $1 and n >= $2 and n <= $3"
# SQLite would begin with all bundles of the log, but for the cross join.
BUNDLES_WITH = """
    select logs.id, n, log_bundles.ballots from ballots
    join logs on logs.campaign_id = ballots.campaign_id
    join log_batches on log_batches.log_id = logs.id and cast_at between first_cast_at and last_cast_at
    cross join log_bundles
    where log_bundles.log_id = logs.id and n between first_place / 256 and last_place / 256
    and ballots.id = $1 and {} > 0 order by generation desc, n
"""
POSITION = {Dialect.POSTGRES: "strpos(log_bundles.ballots, $1)", Dialect.SQLITE: "instr(log_bundles.ballots, $1)"}


async def place_of(database: Database, ballot: str) -> LogPlace | None:
    """Where a ballot is, in the last generation that has it; None while it waits."""
    for row in await database.rows(BUNDLES_WITH.format(POSITION[database.dialect]), ballot):
        ids = ids_in(row["ballots"])
        if ballot in ids:  # and not from the end of one into the next
            return LogPlace(row["id"], row["n"] * TILE_WIDTH + ids.index(ballot))
    return None


async def places_of(view: Database, log: Log | None, ballots: Iterable[str]) -> Mapping[str, int]:
    """The places of those of these ballots that are in a log."""
    wanted = set(ballots)
    if log is None or not wanted:
        return {}
    places: dict[str, int] = {}
    for batch in await view.rows(BATCHES.format(THESE[view.dialect]), many(view, sorted(wanted)), log.id):
        first, last = batch["first_place"] // TILE_WIDTH, batch["last_place"] // TILE_WIDTH
        for row in await view.rows(BUNDLES, log.id, first, last):
            found = {ballot: row["n"] * TILE_WIDTH + at for at, ballot in enumerate(ids_in(row["ballots"]))}
            places |= {ballot: found[ballot] for ballot in found.keys() & wanted}
        if len(places) == len(wanted):
            break
    return places
