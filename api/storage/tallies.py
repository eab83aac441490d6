"""What has been counted, as the tallies say it, and as the ballots themselves do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.domain.tallies import Counts, recount
from api.storage.database import Database, as_date

# One statement, so that ballots and votes are of the same moment. project 0 stands for the ballots themselves.
COUNTS = """
    select campaign_id, day, 0 as project, cast(sum(ballots) as bigint) as total
    from turnouts group by campaign_id, day
    union all
    select campaign_id, day, project, cast(sum(votes) as bigint) as total
    from tallies group by campaign_id, day, project
"""
BALLOTS = "select day, choices from ballots where campaign_id = $1"  # in no order: they are read as they lie
BATCH = 50_000  # ballots read at a time


class StoredTallies:
    """The tallies on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self) -> Mapping[str, Counts]:
        """The counts of every campaign with ballots; see ports.Tallies."""
        ballots: dict[str, dict[date, int]] = {}
        votes: dict[str, dict[date, dict[int, int]]] = {}
        for row in await self._database.rows(COUNTS):
            campaign, day, project = row["campaign_id"], as_date(row["day"]), row["project"]
            if project == 0:
                ballots.setdefault(campaign, {})[day] = row["total"]
            else:
                votes.setdefault(campaign, {}).setdefault(day, {})[project] = row["total"]
        return {name: Counts(ballots.get(name, {}), votes.get(name, {})) for name in {*ballots, *votes}}


async def recounted(database: Database, campaign: str) -> Counts:
    """Count every ballot of a campaign anew, a batch at a time. database is the view that the tallies are read from."""
    ballots: Counter[date] = Counter()
    votes: dict[date, Counter[int]] = {}
    async for rows in database.scan(BALLOTS, campaign, size=BATCH):
        for day, choices in _by_day(rows).items():
            ballots[day] += len(choices)
            votes.setdefault(day, Counter()).update(_votes(choices))
    return Counts(ballots, votes)


def _by_day(rows: Sequence[Any]) -> dict[date, list[bytes]]:
    by_day: dict[Any, list[bytes]] = {}
    for day, choices in rows:
        by_day.setdefault(day, []).append(choices)
    return {as_date(day): choices for day, choices in by_day.items()}


def _votes(choices: list[bytes]) -> Counter[int]:
    """Bitmaps end where their last bit does; recount wants them equally wide."""
    width = max(map(len, choices))
    return recount(b"".join(bitmap.ljust(width, b"\0") for bitmap in choices), width)
