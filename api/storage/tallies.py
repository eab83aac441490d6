"""The counts of a campaign on a database: as the tallies have them, and recounted from the ballots."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from operator import add
from typing import Any

import orjson

from api.domain.results.tallies import Counts
from api.domain.voting.channels import Channel
from api.storage.database.connection import Database, as_date
from api.storage.database.urls import Dialect

# One statement, so that all numbers are of the same moment. project 0 stands for the ballots themselves. Votes are read of
# those days alone whose ballots have become more since they were read last: each ballot moves both in one transaction. They
# come as two lists of JSON for each shard, in the order of an index: a row a project would cost ten times as much to read.
COUNTS = """
    with known (campaign_id, day, ballots) as ({}), by_channel as (
        select campaign_id, day, channel, cast(sum(ballots) as bigint) as ballots
        from turnouts where not exists (select 1 from campaigns where slug = campaign_id and importing is not null)
        group by campaign_id, day, channel
    ), present as (
        select campaign_id, day, cast(sum(ballots) as bigint) as ballots from by_channel group by campaign_id, day
    ), changed as (
        select present.campaign_id, present.day from present left join known
        on known.campaign_id = present.campaign_id and known.day = present.day and known.ballots = present.ballots
        where known.ballots is null
    )
    select campaign_id, day, channel, 0 as project, ballots as total, 0 as held, 0 as voided, '' as projects, '' as votes
    from by_channel
    union all
    select tallies.campaign_id, tallies.day, '', 0, 0, 0, 0, cast(json_list(project) as text), cast(json_list(votes) as text)
    from changed cross join tallies
    where tallies.campaign_id = changed.campaign_id and tallies.day = changed.day
    group by tallies.campaign_id, tallies.day, shard, channel
    union all
    select campaign_id, day, channel, 0, -cast(sum(held + voided) as bigint), cast(sum(held) as bigint),
        cast(sum(voided) as bigint), '', ''
    from withdrawals where project = 0 group by campaign_id, day, channel having sum(held + voided) > 0
    union all
    select campaign_id, day, '', project,
        cast(sum(case when project > 0 then -held - voided else voided - held end) as bigint),
        cast(sum(held) as bigint), cast(sum(voided) as bigint), '', ''
    from withdrawals where project <> 0 group by campaign_id, day, project having sum(held + voided) > 0
"""
JSON_LIST = {Dialect.SQLITE: "json_group_array", Dialect.POSTGRES: "json_agg"}
KNOWN_TYPES = ("text", "date", "bigint")
MAX_KNOWN = 5_000  # days of campaigns that one statement is told of; those before them are read again
NONE_KNOWN = ("", date.min, 0)  # where there are no rows at all, SQLite has no way to say so


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
        query = COUNTS.replace("json_list", JSON_LIST[self._database.dialect])
        for row in await self._database.write_rows(query, KNOWN_TYPES, known):
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
        elif row["projects"]:
            self._tally(orjson.loads(row["projects"]), orjson.loads(row["votes"]))
        else:
            self.cast += row["total"]
            self.channels[Channel[row["channel"]]] += row["total"]

    def _tally(self, positions: list[int], votes: list[int]) -> None:
        """Add what one shard has counted."""
        if self.tallied:
            before = map(self.tallied.get, positions, repeat(0))
            self.tallied.update(zip(positions, map(add, before, votes), strict=True))
        else:
            self.tallied = dict(zip(positions, votes, strict=True))

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
        elif self.withdrawn or any(position < 0 for position in self.tallied):
            self.votes = self._votes_left()
        else:
            self.votes = self.tallied

    def _votes_left(self) -> Mapping[int, int]:
        """The votes that count, and under negative positions those that are voided on ballots that count."""
        changed = {position: self.tallied.get(position, 0) - votes for position, votes in self.withdrawn.items()}
        left = Counter({**self.tallied, **changed})
        for position in [position for position in left if position < 0]:
            left[-position] -= left[position]
        return left


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
