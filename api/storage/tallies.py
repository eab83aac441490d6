"""The counts of a campaign on a database: as the tallies have them, and recounted from the ballots."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from api.domain.integrity.rulings import RulingKind
from api.domain.results.irregularities import DailyBallots
from api.domain.results.tallies import Counts, recount
from api.storage.database.connection import Database, as_date, as_moment
from api.storage.rulings_sql import latest_ruling
from api.storage.withdrawals import read_voided_votes, uncounted_votes

# One statement, so that all numbers are of the same moment. project 0 stands for the ballots themselves. Votes are read of
# those days alone whose ballots have become more since they were read last: each ballot moves both in one transaction.
COUNTS = """
    with known (campaign_id, day, ballots) as ({}), present as (
        select campaign_id, day, cast(sum(ballots) as bigint) as ballots from turnouts group by campaign_id, day
    ), changed as (
        select present.campaign_id, present.day from present left join known
        on known.campaign_id = present.campaign_id and known.day = present.day and known.ballots = present.ballots
        where known.ballots is null
    )
    select campaign_id, day, 0 as project, ballots as total, 0 as held, 0 as voided from present
    union all
    select tallies.campaign_id, tallies.day, project, cast(sum(votes) as bigint), 0, 0 from changed cross join tallies
    where tallies.campaign_id = changed.campaign_id and tallies.day = changed.day
    group by tallies.campaign_id, tallies.day, project
    union all
    select campaign_id, day, project, -cast(sum(held + voided) as bigint), cast(sum(held) as bigint),
        cast(sum(voided) as bigint)
    from withdrawals group by campaign_id, day, project having sum(held + voided) > 0
"""
KNOWN_TYPES = ("text", "date", "bigint")
MAX_KNOWN = 5_000  # days of campaigns that one statement is told of; those before them are read again
NONE_KNOWN = ("", date.min, 0)  # where there are no rows at all, SQLite has no way to say so
CAMPAIGNS_WITH_BALLOTS = "select campaign_id from ballots union select campaign_id from turnouts"
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
    """The present counts on a database. It remembers the votes of every day, and reads them again when ballots have come."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._days: dict[tuple[str, date], _Day] = {}

    async def counts(self) -> Mapping[str, Counts]:
        """The counts of every campaign with ballots, by slug. Votes in which nothing has changed are the same object."""
        before = self._days
        latest = sorted(before, key=lambda key: key[1])[-MAX_KNOWN:]
        known = [NONE_KNOWN, *((*key, before[key].cast) for key in latest)]
        days: defaultdict[tuple[str, date], _Day] = defaultdict(_Day)
        for row in await self._database.write_rows(COUNTS, KNOWN_TYPES, known):
            days[row["campaign_id"], as_date(row["day"])].add(row)
        for key, day in days.items():
            day.complete(before.get(key))
        self._days = dict(days)
        return _counts(self._days)


@dataclass
class _Day:
    """The counts of one day of a campaign. cast: its ballots, with those that were withdrawn; so are the votes of `tallied`."""

    cast: int = 0
    held: int = 0
    voided: int = 0
    tallied: dict[int, int] = field(default_factory=dict)
    withdrawn: dict[int, int] = field(default_factory=dict)
    votes: Mapping[int, int] = field(default_factory=dict)

    def add(self, row: dict[str, Any]) -> None:
        """Add a row of COUNTS."""
        if row["held"] or row["voided"]:
            self._withdraw(row)
        elif row["project"]:
            self.tallied[row["project"]] = row["total"]
        else:
            self.cast += row["total"]

    def _withdraw(self, row: dict[str, Any]) -> None:
        if row["project"]:
            self.withdrawn[row["project"]] = -row["total"]
        else:
            self.held, self.voided = row["held"], row["voided"]

    def complete(self, before: "_Day | None") -> None:
        """Take over the votes that were not read again, and count those that are left."""
        if before is not None and before.cast == self.cast and not self.tallied:
            self.tallied = before.tallied
        if before is not None and before.tallied is self.tallied and before.withdrawn == self.withdrawn:
            self.votes = before.votes
        elif self.withdrawn:
            changed = {position: self.tallied.get(position, 0) - votes for position, votes in self.withdrawn.items()}
            self.votes = {**self.tallied, **changed}
        else:
            self.votes = self.tallied


def _counts(days: Mapping[tuple[str, date], _Day]) -> Mapping[str, Counts]:
    campaigns: dict[str, dict[date, _Day]] = {}
    for (slug, date_), day in days.items():
        campaigns.setdefault(slug, {})[date_] = day
    return {
        slug: Counts(
            ballots={date_: day.cast - day.held - day.voided for date_, day in by_date.items()},
            votes={date_: day.votes for date_, day in by_date.items()},
            held={date_: day.held for date_, day in by_date.items() if day.held or day.voided},
            voided={date_: day.voided for date_, day in by_date.items() if day.held or day.voided},
        )
        for slug, by_date in campaigns.items()
    }


async def recount_stored(database: Database, campaign: str) -> tuple[Counts, dict[date, DailyBallots]]:
    """Count every ballot of a campaign anew, SCAN_BATCH at a time; and what is stored on each day, whether or not it counts.

    database: the snapshot that the tallies are read from.
    """
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
    for (day, position), number in (await _voided_votes(database, campaign)).items():
        counted.votes[day][position] -= number
    return Counts(counted.ballots, counted.votes, held.ballots, voided.ballots), stored


async def _voided_votes(database: Database, campaign: str) -> Counter[tuple[date, int]]:
    """By day and position, the votes on ballots that count which are voided all the same."""
    for row in await database.rows("select voided_votes from campaigns where slug = $1", campaign):
        return await uncounted_votes(database, campaign, read_voided_votes(row["voided_votes"]))
    return Counter()


async def campaigns_with_ballots(database: Database) -> frozenset[str]:
    """The slugs that stored ballots and tallies name, whether or not there is such a campaign."""
    return frozenset(row["campaign_id"] for row in await database.rows(CAMPAIGNS_WITH_BALLOTS))


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
    """The votes per position in these bitmaps, of which each ends with its last bit; recount takes equal widths."""
    width = max(map(len, choices))
    return recount(b"".join(bitmap.ljust(width, b"\0") for bitmap in choices), width)
