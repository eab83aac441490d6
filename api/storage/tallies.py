"""The counts of a campaign on a database: as the tallies have them, and recounted from the ballots."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from api.domain.integrity.rulings import RulingKind
from api.domain.results.tallies import Counts, recount
from api.storage.database.connection import Database, as_date
from api.storage.rulings_sql import latest_ruling

# One statement, so that all numbers are of the same moment. project 0 stands for the ballots themselves.
COUNTS = """
    select campaign_id, day, 0 as project, cast(sum(ballots) as bigint) as total, 0 as held, 0 as voided
    from turnouts group by campaign_id, day
    union all
    select campaign_id, day, project, cast(sum(votes) as bigint), 0, 0 from tallies group by campaign_id, day, project
    union all
    select campaign_id, day, project, -held - voided, held, voided from withdrawals
"""
BALLOTS = "select day, choices from ballots where campaign_id = $1"  # in no order: they are read as they lie
WITHDRAWN = f"""
    select day, choices from ballots join {latest_ruling("ballots.id")}
    where campaign_id = $1 and kind = $2
"""  # noqa: S608 - columns only
SCAN_BATCH = 50_000  # ballots read at a time


class Recount(NamedTuple):
    """Ballots per day, and votes per day and project, of some of a campaign's ballots."""

    ballots: Counter[date]
    votes: defaultdict[date, Counter[int]]


class SqlTallies:
    """ports.Tallies on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self) -> Mapping[str, Counts]:
        """The counts of every campaign with ballots, by slug."""
        campaigns: defaultdict[str, _Sums] = defaultdict(_Sums)
        for row in await self._database.rows(COUNTS):
            campaigns[row["campaign_id"]].add(as_date(row["day"]), row)
        return {slug: Counts(sums.ballots, sums.votes, sums.held, sums.voided) for slug, sums in campaigns.items()}


class _Sums:
    """The counts of one campaign, summed row by row."""

    def __init__(self) -> None:
        self.ballots: Counter[date] = Counter()
        self.held: Counter[date] = Counter()
        self.voided: Counter[date] = Counter()
        self.votes: defaultdict[date, Counter[int]] = defaultdict(Counter)

    def add(self, day: date, row: dict[str, Any]) -> None:
        """Add a row of COUNTS."""
        if row["project"]:
            self.votes[day][row["project"]] += row["total"]
            return
        self.ballots[day] += row["total"]
        if row["held"] or row["voided"]:
            self.held[day] += row["held"]
            self.voided[day] += row["voided"]


async def recount_ballots(database: Database, campaign: str) -> Counts:
    """Count every ballot of a campaign anew, SCAN_BATCH at a time. database: the snapshot that the tallies are read from."""
    counted = await _recount(database, BALLOTS, campaign)
    held = await _recount(database, WITHDRAWN, campaign, RulingKind.HOLD.name)
    voided = await _recount(database, WITHDRAWN, campaign, RulingKind.VOID.name)
    for withdrawn in (held, voided):
        counted.ballots.subtract(withdrawn.ballots)
        for day, votes in withdrawn.votes.items():
            counted.votes[day].subtract(votes)
    return Counts(counted.ballots, counted.votes, held.ballots, voided.ballots)


async def _recount(database: Database, query: str, *values: object) -> Recount:
    """Count the ballots that a query selects by day and choices."""
    counted = Recount(Counter(), defaultdict(Counter))
    async for rows in database.scan(query, *values, size=SCAN_BATCH):
        for day, choices in _by_day(rows).items():
            counted.ballots[day] += len(choices)
            counted.votes[day].update(_votes(choices))
    return counted


def _by_day(rows: Sequence[Any]) -> dict[date, list[bytes]]:
    by_day: dict[Any, list[bytes]] = {}
    for day, choices in rows:
        by_day.setdefault(day, []).append(choices)
    return {as_date(day): choices for day, choices in by_day.items()}


def _votes(choices: list[bytes]) -> Counter[int]:
    """The votes per project number in these bitmaps, of which each ends with its last bit; recount takes equal widths."""
    width = max(map(len, choices))
    return recount(b"".join(bitmap.ljust(width, b"\0") for bitmap in choices), width)
