"""Read logs on a database: how far they are, their tiles and bundles, and the ballots that are in them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from api.domain.log.bundles import ID_SIZE, Bundle
from api.domain.log.published_log import PublishedLog
from api.domain.log.tiles import TileKey
from api.domain.voting.ballots import positions_in
from api.ports.log_reader import LogPlace, OpenedBallot
from api.storage.ballots.lookup import placeholders
from api.storage.database.connection import Database, as_moment
from api.storage.log.places import place_of
from api.storage.log.rows import json_of

SELECT = "select id, campaign_id, generation, origin, published_size, note, published_at, state from logs"
LOGS = f"""
    {SELECT} where not exists (select 1 from campaigns where slug = campaign_id and importing is not null)
    order by campaign_id, generation
"""  # noqa: S608 - columns only
ONE_LOG = f"{SELECT} where campaign_id = $1 and generation = $2"
LOG_WITH_ID = f"{SELECT} where id = $1"
TILES = "select level, n, hashes from log_tiles where log_id = $1 and"
BUNDLE = "select entries, ballots from log_bundles where log_id = $1 and n = $2"
OPENED = "select id, client_tag, choices from ballots where id in"
DOCUMENT = "select content from log_documents where campaign_id = $1 and sha256 = $2"
WAITING = "select sum(length(ballots)) as characters from log_queue where campaign_id = $1 and ruling is null"


class SqlLogReader:
    """ports.log_reader.LogReader on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def logs(self) -> Mapping[str, Sequence[PublishedLog]]:
        """Every generation of each campaign's log, the oldest first."""
        found: defaultdict[str, list[PublishedLog]] = defaultdict(list)
        for row in await self._database.rows(LOGS):
            found[row["campaign_id"]].append(_log(row))
        return {slug: tuple(logs) for slug, logs in found.items()}

    async def log(self, campaign: str, generation: int) -> PublishedLog | None:
        """One generation of a campaign's log, as it is now."""
        rows = await self._database.rows(ONE_LOG, campaign, generation)
        return _log(rows[0]) if rows else None

    async def log_with_id(self, log: int) -> PublishedLog | None:
        """The log of this id, as it is now."""
        rows = await self._database.rows(LOG_WITH_ID, log)
        return _log(rows[0]) if rows else None

    async def tiles(self, log: int, keys: Sequence[TileKey]) -> Mapping[TileKey, bytes]:
        """The hashes of those of these tiles that there are."""
        if not keys:
            return {}
        wanted = " or ".join(f"level = ${2 * n} and n = ${2 * n + 1}" for n in range(1, len(keys) + 1))
        rows = await self._database.rows(f"{TILES} ({wanted})", log, *(part for key in keys for part in key))
        return {(row["level"], row["n"]): bytes(row["hashes"]) for row in rows}

    async def bundle(self, log: int, n: int) -> Bundle | None:
        """One bundle."""
        rows = await self._database.rows(BUNDLE, log, n)
        return Bundle(bytes(rows[0]["entries"]), rows[0]["ballots"]) if rows else None

    async def place(self, ballot: str) -> LogPlace | None:
        """Where a ballot is, in the last generation that has it; None while it waits."""
        return await place_of(self._database, ballot)

    async def ballots(self, ids: Sequence[str]) -> Mapping[str, OpenedBallot]:
        """What these ballots say."""
        rows = await self._database.rows(f"{OPENED} ({placeholders(ids)})", *ids) if ids else []
        return {row["id"]: _opened(row) for row in rows}

    async def document(self, campaign: str, sha256: str) -> bytes | None:
        """What an entry of the campaign's log commits to."""
        rows = await self._database.rows(DOCUMENT, campaign, sha256)
        return bytes(rows[0]["content"]) if rows else None

    async def waiting(self, campaign: str) -> int:
        """How many ballots of a campaign wait to be sealed."""
        [row] = await self._database.rows(WAITING, campaign)
        return (row["characters"] or 0) // ID_SIZE


def _log(row: Mapping[str, Any]) -> PublishedLog:
    stated = json_of(row["state"])
    published_at = row["published_at"]
    return PublishedLog(
        id=row["id"],
        campaign=row["campaign_id"],
        generation=row["generation"],
        origin=row["origin"],
        size=row["published_size"],
        note=row["note"],
        published_at=None if published_at is None else as_moment(published_at),
        closed=None if "closed" not in stated else stated["closed"]["index"],
    )


def _opened(row: Mapping[str, Any]) -> OpenedBallot:
    tag = row["client_tag"]
    return OpenedBallot(None if tag is None else bytes(tag), positions_in(bytes(row["choices"])))
