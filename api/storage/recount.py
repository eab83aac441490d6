"""Recount a campaign's ballots, and read the sums that must equal them, as an audit does."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from api.domain.integrity.rulings import RulingKind
from api.domain.results.irregularities import DailyBallots
from api.domain.results.tallies import Counts, recount
from api.domain.voting.channels import Channel
from api.storage.campaign_rows import VOIDED_VOTES
from api.storage.database.connection import Database, as_date, as_moment
from api.storage.rulings_sql import latest_ruling
from api.storage.withdrawals import uncounted_votes

CAMPAIGNS_WITH_BALLOTS = """
    select campaign_id from (select campaign_id from ballots union select campaign_id from turnouts) as found
    where not exists (select 1 from campaigns where slug = campaign_id and importing is not null)
"""
TALLIED = """
    select day, channel, 0 as project, cast(sum(ballots) as bigint) as total from turnouts where campaign_id = $1
    group by day, channel
    union all
    select day, channel, project, cast(sum(votes) as bigint) from tallies where campaign_id = $1 and project > 0
    group by day, channel, project
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


class FullRecount(NamedTuple):
    """All ballots of a campaign, recounted: those that count, and what is stored by day and by channel, counted or not."""

    counts: Counts
    by_day: Mapping[date, DailyBallots]
    by_channel: Mapping[Channel, Counts]


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


async def recount_stored(database: Database, campaign: str) -> FullRecount:
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
        counted.votes[day][-position] += number
    cast = {channel: Counts(recount.ballots, recount.votes) for channel, recount in by_channel.items()}
    return FullRecount(Counts(counted.ballots, counted.votes, held.ballots, voided.ballots), stored, cast)


async def _voided_votes(database: Database, campaign: str) -> Counter[tuple[date, int]]:
    """By day and position, the votes on ballots that count which are voided all the same."""
    for row in await database.rows("select voided_votes from campaigns where slug = $1", campaign):
        return await uncounted_votes(database, campaign, VOIDED_VOTES.read(row["voided_votes"]))
    return Counter()


async def campaigns_with_ballots(database: Database) -> frozenset[str]:
    """The slugs that stored ballots and tallies name, whether or not there is such a campaign, but for unfinished imports."""
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
