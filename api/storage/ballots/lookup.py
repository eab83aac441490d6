"""Read stored ballots by their ids, and by the tags of their retries."""

from collections.abc import Sequence
from typing import Any

from api.domain.integrity.rulings import Ruling, RulingKind
from api.domain.voting.ballots import Ballot, positions_in
from api.domain.voting.channels import Channel
from api.storage.ballots.ballot_rows import COLUMNS
from api.storage.database.connection import Database, as_date, as_moment
from api.storage.rulings_sql import latest_ruling

SELECT = f"""
    select ballots.{COLUMNS}, kind, reason, ruled_at, ruled_by
    from ballots left join {latest_ruling("ballots.id")}
"""  # noqa: S608 - columns only
LOOKUP_BATCH = 1000  # values that one statement looks for


async def find(database: Database, ids: Sequence[str]) -> tuple[Ballot, ...]:
    """The ballots among these ids, in their order."""
    rows = await _select_in(database, f"{SELECT} where ballots.id in", ids)
    ballots = {row["id"]: _stored_ballot(row) for row in rows}
    return tuple(ballots[ballot_id] for ballot_id in ids if ballot_id in ballots)


async def find_retried(database: Database, tags: Sequence[str]) -> dict[str, Ballot]:
    """The ballots with these retry tags, by tag."""
    rows = await _select_in(database, "select tag, ballot_key from retries where tag in", tags)
    ballots = {ballot.id: ballot for ballot in await find(database, [row["ballot_key"] for row in rows])}
    return {row["tag"]: ballots[row["ballot_key"]] for row in rows if row["ballot_key"] in ballots}


async def _select_in(database: Database, query: str, values: Sequence[str]) -> list[dict[str, Any]]:
    """The rows that a query which ends in `in` selects for these values."""
    rows = []
    for first in range(0, len(values), LOOKUP_BATCH):
        some = values[first : first + LOOKUP_BATCH]
        rows += await database.rows(f"{query} ({placeholders(some)})", *some)
    return rows


def placeholders(values: Sequence[object]) -> str:
    """As many as there are values, for a list of them in SQL."""
    return ", ".join(f"${n}" for n in range(1, len(values) + 1))


def _stored_ballot(row: dict[str, Any]) -> Ballot:
    day, cast_at, positions = as_date(row["day"]), as_moment(row["cast_at"]), positions_in(bytes(row["choices"]))
    ruling, tag = _ruling(row) if row["kind"] else None, row["client_tag"]
    terms = (day, cast_at, positions, ruling, Channel[row["channel"]], None if tag is None else bytes(tag))
    return Ballot(row["id"], row["campaign_id"], *terms)


def _ruling(row: dict[str, Any]) -> Ruling:
    return Ruling(RulingKind[row["kind"]], row["reason"], as_moment(row["ruled_at"]), row["ruled_by"])
