"""The counts of a campaign on a database: as the tallies have them, and recounted from the ballots."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from api.domain.integrity.rulings import RulingKind
from api.domain.results.irregularities import DailyBallots
from api.domain.results.tallies import Counts, recount
from api.storage.database.connection import Database, as_date, as_moment
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
CAST_BETWEEN = """
    select day, count(*) as total, min(cast_at) as first_at, max(cast_at) as last_at
    from ballots where campaign_id = $1 group by day
"""
STRAYS = "select count(*) as total from ballots where campaign_id = $1 and day = $2 and (cast_at < $3 or cast_at >= $4)"
SCAN_BATCH = 50_000  # ballots read at a time


class Recount(NamedTuple):
    """Of some of a campaign's ballots, by day: how many, the votes by project, and how many have so many choices."""

    ballots: Counter[date]
    votes: defaultdict[date, Counter[int]]
    sizes: defaultdict[date, Counter[int]]


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
    return (await recount_stored(database, campaign))[0]


async def recount_stored(database: Database, campaign: str) -> tuple[Counts, dict[date, DailyBallots]]:
    """The same, and what is stored on each day, whether or not it counts."""
    counted = await _recount(database, BALLOTS, campaign)
    stored = {
        day: DailyBallots(ballots, dict(counted.votes[day]), counted.sizes[day])
        for day, ballots in counted.ballots.items()
    }
    held = await _recount(database, WITHDRAWN, campaign, RulingKind.HOLD.name)
    voided = await _recount(database, WITHDRAWN, campaign, RulingKind.VOID.name)
    for withdrawn in (held, voided):
        counted.ballots.subtract(withdrawn.ballots)
        for day, votes in withdrawn.votes.items():
            counted.votes[day].subtract(votes)
    return Counts(counted.ballots, counted.votes, held.ballots, voided.ballots), stored


async def stray_ballots(
    database: Database, campaign: str, voting_days: Mapping[date, tuple[datetime, datetime]]
) -> dict[date, int]:
    """How many ballots of each day were cast before it or after it, by the first instant of each voting day and of the next."""
    strays = {}
    for row in await database.rows(CAST_BETWEEN, campaign):
        day, first, last = as_date(row["day"]), as_moment(row["first_at"]), as_moment(row["last_at"])
        bounds = voting_days.get(day)
        if bounds is None:
            strays[day] = int(row["total"])
        elif first < bounds[0] or last >= bounds[1]:
            [found] = await database.rows(STRAYS, campaign, day, *bounds)
            strays[day] = int(found["total"])
    return strays


async def _recount(database: Database, query: str, *values: object) -> Recount:
    """Count the ballots that a query selects by day and choices."""
    counted = Recount(Counter(), defaultdict(Counter), defaultdict(Counter))
    async for rows in database.scan(query, *values, size=SCAN_BATCH):
        for day, choices in _by_day(rows).items():
            counted.ballots[day] += len(choices)
            counted.votes[day].update(_votes(choices))
            counted.sizes[day].update(int.from_bytes(bitmap).bit_count() for bitmap in choices)
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
