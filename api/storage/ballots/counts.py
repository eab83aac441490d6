"""What new ballots add to turnout and tallies: the votes of a batch are summed first, so that a row is touched once."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import chain

from api.domain.voting.ballots import Admission

COUNT_BALLOTS = (
    "insert into turnouts (campaign_id, day, shard, channel, ballots) {} "
    "on conflict (campaign_id, day, shard, channel) do update set ballots = turnouts.ballots + excluded.ballots"
)
COUNT_VOTES = (
    "insert into tallies (campaign_id, day, shard, channel, project, votes) {} "
    "on conflict (campaign_id, day, shard, channel, project) do update set votes = tallies.votes + excluded.votes"
)
TURNOUT_TYPES = ("text", "date", "smallint", "text", "bigint")
TALLY_TYPES = ("text", "date", "smallint", "text", "smallint", "bigint")

Rows = list[tuple[object, ...]]


def counts_of(admissions: Iterable[Admission], shard: int) -> tuple[Rows, Rows]:
    """The rows of turnouts and tallies, in one fixed order so that transactions never wait in a circle."""
    by_day: dict[tuple[str, date, int, str], list[Admission]] = {}
    for each in admissions:
        by_day.setdefault((each.campaign, each.day, shard, each.channel.name), []).append(each)
    days = sorted(by_day.items())
    turnouts: Rows = [(*day, len(counted)) for day, counted in days]
    tallies: Rows = [
        (*day, position, votes)
        for day, counted in days
        for position, votes in sorted(Counter(chain.from_iterable([each.tallied for each in counted])).items())
    ]
    return turnouts, tallies
