"""The counts of a campaign on a database: as the tallies have them, and recounted from the ballots."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from api.domain.integrity.rulings import RulingKind
from api.domain.results.irregularities import DailyBallots
from api.domain.results.tallies import Counts, recount
from api.domain.voting.channels import Channel
from api.storage.database.connection import Database, as_date, as_moment
from api.storage.rulings_sql import latest_ruling
from api.storage.withdrawals import read_voided_votes, uncounted_votes

# One statement, so that all numbers are of the same moment. project 0 stands for the ballots themselves. Votes are read of
# those days alone whose ballots have become more since they were read last: each ballot moves both in one transaction.
COUNTS = """
    with known (campaign_id, day, ballots) as ({}), by_channel as (
        select campaign_id, day, channel, cast(sum(ballots) as bigint) as ballots
        from turnouts group by campaign_id, day, channel
    ), present as (
        select campaign_id, day, cast(sum(ballots) as bigint) as ballots from by_channel group by campaign_id, day
    ), changed as (
        select present.campaign_id, present.day from present left join known
        on known.campaign_id = present.campaign_id and known.day = present.day and known.ballots = present.ballots
        where known.ballots is null
    )
    select campaign_id, day, channel, 0 as project, ballots as total, 0 as held, 0 as voided from by_channel
    union all
    select tallies.campaign_id, tallies.day, '', project, cast(sum(votes) as bigint), 0, 0 from changed cross join tallies
    where tallies.campaign_id = changed.campaign_id and tallies.day = changed.day and project > 0
    group by tallies.campaign_id, tallies.day, project
    union all
    select campaign_id, day, channel, 0, -cast(sum(held + voided) as bigint), cast(sum(held) as bigint),
        cast(sum(voided) as bigint)
    from withdrawals where project = 0 group by campaign_id, day, channel having sum(held + voided) > 0
    union all
    select campaign_id, day, '', project, -cast(sum(held + voided) as bigint), cast(sum(held) as bigint),
        cast(sum(voided) as bigint)
    from withdrawals where project > 0 group by campaign_id, day, project having sum(held + voided) > 0
"""
KNOWN_TYPES = ("text", "date", "bigint")
MAX_KNOWN = 5_000  # days of campaigns that one statement is told of; those before them are read again
NONE_KNOWN = ("", date.min, 0)  # where there are no rows at all, SQLite has no way to say so
CAMPAIGNS_WITH_BALLOTS = "select campaign_id from ballots union select campaign_id from turnouts"
TALLIED = """
    select day, channel, 0 as project, cast(sum(ballots) as bigint) as total from turnouts where campaign_id = $1
    group by day, channel
    union all
    select day, channel, abs(project), cast(sum(votes) as bigint) from tallies where campaign_id = $1
    group by day, channel, abs(project)
"""
BALLOTS = "select day, channel, choices from ballots where campaign_id = $1"  # in no order: they are read as they lie
WITHDRAWN = f"""
    select day, channel, choices from ballots join {latest_ruling("ballots.id")}
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


class StoredBallots(NamedTuple):
    """All ballots of a campaign, recounted: those that count, and what is stored by day and by channel, counted or not."""

    counts: Counts
    by_day: Mapping[date, DailyBallots]
    by_channel: Mapping[Channel, Counts]


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
    """The counts of one day of a campaign. cast: its ballots, with those that were withdrawn; so are the votes of `tallied`.

    channels: the ballots that count by each channel.
    """

    cast: int = 0
    channels: Counter[Channel] = field(default_factory=Counter)
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
            self.channels[Channel[row["channel"]]] += row["total"]

    def _withdraw(self, row: dict[str, Any]) -> None:
        if row["project"]:
            self.withdrawn[row["project"]] = -row["total"]
        else:
            self.held, self.voided = self.held + row["held"], self.voided + row["voided"]
            self.channels[Channel[row["channel"]]] += row["total"]

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
            channels={date_: day.channels for date_, day in by_date.items()},
        )
        for slug, by_date in campaigns.items()
    }


async def tallied_by_channel(database: Database, campaign: str) -> Mapping[Channel, Counts]:
    """The ballots and votes that were cast by each channel as the tallies have them, whether or not they count."""
    ballots: defaultdict[Channel, Counter[date]] = defaultdict(Counter)
    votes: defaultdict[Channel, defaultdict[date, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for row in await database.rows(TALLIED, campaign):
        channel, day = Channel[row["channel"]], as_date(row["day"])
        if row["project"]:
            votes[channel][day][row["project"]] = row["total"]
        else:
            ballots[channel][day] = row["total"]
    return {channel: Counts(ballots[channel], votes[channel]) for channel in Channel if channel in {*ballots, *votes}}


async def recount_stored(database: Database, campaign: str) -> StoredBallots:
    """Count every ballot of a campaign anew, SCAN_BATCH at a time. database: the snapshot that the tallies are read from."""
    by_channel = await _recount(database, BALLOTS, campaign)
    counted = _merged(by_channel)
    stored = {
        day: DailyBallots(ballots, dict(counted.votes[day]), counted.sizes[day])
        for day, ballots in counted.ballots.items()
    }
    held = _merged(await _recount(database, WITHDRAWN, campaign, RulingKind.HOLD.name))
    voided = _merged(await _recount(database, WITHDRAWN, campaign, RulingKind.VOID.name))
    for withdrawn in (held, voided):
        counted.ballots.subtract(withdrawn.ballots)
        for day, votes in withdrawn.votes.items():
            counted.votes[day].subtract(votes)
    for (day, position), number in (await _voided_votes(database, campaign)).items():
        counted.votes[day][position] -= number
    cast = {channel: Counts(recount.ballots, recount.votes) for channel, recount in by_channel.items()}
    return StoredBallots(Counts(counted.ballots, counted.votes, held.ballots, voided.ballots), stored, cast)


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


async def _recount(database: Database, query: str, *values: object) -> Mapping[Channel, Recount]:
    """Count the ballots that a query selects by day, channel and choices, by channel."""
    counted: defaultdict[Channel, Recount] = defaultdict(_nothing)
    async for rows in database.scan(query, *values, size=SCAN_BATCH):
        for (day, name), choices in _grouped(rows).items():
            recount_ = counted[Channel[name]]
            recount_.ballots[as_date(day)] += len(choices)
            recount_.votes[as_date(day)].update(_votes(choices))
            recount_.sizes[as_date(day)].update(int.from_bytes(bitmap).bit_count() for bitmap in choices)
    return counted


def _nothing() -> Recount:
    return Recount(Counter(), defaultdict(Counter), defaultdict(Counter))


def _merged(recounts: Mapping[Channel, Recount]) -> Recount:
    """All channels together."""
    merged = _nothing()
    for each in recounts.values():
        merged.ballots.update(each.ballots)
        for into, counters in ((merged.votes, each.votes), (merged.sizes, each.sizes)):
            for day, numbers in counters.items():
                into[day].update(numbers)
    return merged


def _grouped(rows: Sequence[Any]) -> dict[tuple[Any, str], list[bytes]]:
    """The choices of ballots by their day, as the database has it, and channel."""
    grouped: defaultdict[tuple[Any, str], list[bytes]] = defaultdict(list)
    for day, channel, choices in rows:
        grouped[day, channel].append(choices)
    return grouped


def _votes(choices: list[bytes]) -> Counter[int]:
    """The votes per position in these bitmaps, of which each ends with its last bit; recount takes equal widths."""
    width = max(map(len, choices))
    return recount(b"".join(bitmap.ljust(width, b"\0") for bitmap in choices), width)
