"""Standings: competition ranks with ties, ranks within districts, the cut line, and recent gains.

Ranks follow the votes alone: projects with equal votes share a rank, and the next rank counts all who are ahead
(1, 2, 2, 4). Where a list needs an order inside a tie it is the project's number, which decides nothing. A project that no
longer stands has no votes and no place: it comes after all others, and takes part in no tie.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import Any, TypeAlias

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import District
from api.domain.paging import Direction
from api.domain.results.cut_line import CutLine, cut_line
from api.domain.results.kept_order import KeptOrder
from api.domain.results.tallies import Counts
from api.domain.results.vote_table import Candidates, Standing, StandingsByNumber, VoteTable
from api.domain.selection.versions import final_scores
from api.domain.voting.channels import Channel

MAX_COMBINED = 16  # orders by several fields that are remembered of one moment


class ResultOrderField(Enum):
    """By what results are listed. Equal values are listed by number, which decides nothing."""

    RANK = "The competition rank; rank 1 leads when ascending."
    VOTES = "The number of votes; ask for DESC to see the most first."
    NUMBER = "The number printed on the notice."
    DISTRICT = "The code of the district; projects without one come last, whatever the direction."
    GAIN = "Votes of the present voting day and the one before; ask for DESC to see the fastest first."
    FINAL_SCORE = "The final score of the stage; projects without one come last, whatever the direction."


OrderKeys: TypeAlias = tuple[tuple[ResultOrderField, Direction], ...]  # the first key first


@dataclass(frozen=True)
class Standings:
    """All standings of a campaign at one moment, by rank then number; of one voting day when `day` is set.

    counts: those of the voting days that have begun. What is stored of other days is in no number here.
    """

    campaign: Campaign
    counts: Counts
    as_of: datetime
    day: date | None
    table: VoteTable = field(repr=False, compare=False)
    _orders: dict[ResultOrderField, KeptOrder] = field(default_factory=dict, repr=False, compare=False)
    _combined: dict[OrderKeys, KeptOrder] = field(default_factory=dict, repr=False, compare=False)

    def order(self, by: ResultOrderField) -> KeptOrder:
        """Return the order of all projects by a field, made when first asked for."""
        if by is ResultOrderField.VOTES:
            return self.table.by_votes
        if by not in self._orders:
            self._orders[by] = self.table.order(by.name, column(self.table, by))
        return self._orders[by]

    def order_by_each(self, keys: OrderKeys) -> KeptOrder:
        """Return the order by the first of these fields, of those that it leaves equal by the next: the ascending one."""
        if keys not in self._combined:
            columns = [_places(column(self.table, by), direction) for by, direction in keys]
            name = " ".join(f"{by.name} {direction.name}" for by, direction in keys)
            order = self.table.order(name, list(zip(*columns, strict=True)))
            if len(self._combined) >= MAX_COMBINED:
                return order
            self._combined[keys] = order
        return self._combined[keys]

    @cached_property
    def _ranked_places(self) -> dict[int, int]:
        return {number: place for place, number in enumerate(self.table.ranked_numbers)}

    def neighbour(self, number: int, step: int) -> int | None:
        """Return the number of the project so many places behind this one in the ranking; None beyond its ends."""
        ranked, place = self.table.ranked_numbers, self._ranked_places[number] + step
        return ranked[place] if 0 <= place < len(ranked) else None

    @property
    def ranked(self) -> tuple[Standing, ...]:
        """All standings, by rank then number."""
        return self.table.ranked

    @cached_property
    def by_number(self) -> Mapping[int, Standing]:
        """The standings by project number."""
        return StandingsByNumber(self.table)

    @cached_property
    def cut_line(self) -> CutLine | None:
        """The cut line of the first undecided stage; None for a single day, with no stage left, or when all would pass."""
        stage = self.campaign.next_stage
        if stage is None or self.day is not None:
            return None
        return cut_line(stage.seats, sorted(self.table.placed, reverse=True), self.vacated)

    @property
    def vacated(self) -> tuple[int, ...]:
        """The votes that were cast for each project that has left its seat vacant."""
        by_day, vacant = self.counts.votes.values(), self.table.candidates.vacant
        return tuple(sum(votes.get(position, 0) for votes in by_day) for position in vacant)

    @cached_property
    def by_district(self) -> tuple[tuple[District, int], ...]:
        """The votes of each district's projects together, the most first, then by code."""
        votes = dict.fromkeys(self.campaign.districts, 0)
        places = self.table.candidates.places
        for project in self.campaign.projects:
            if project.district:
                votes[project.district] += self.table.votes[places[project.number]]
        return tuple(sorted(votes.items(), key=lambda item: -item[1]))

    @cached_property
    def ballots(self) -> int:
        """How many ballots count."""
        return sum(self.counts.ballots.values())

    @cached_property
    def held(self) -> int:
        """How many ballots are held."""
        return sum(self.counts.held.values())

    @cached_property
    def voided(self) -> int:
        """How many ballots are voided."""
        return sum(self.counts.voided.values())

    @cached_property
    def choices(self) -> int:
        """How many choices all ballots that count make together."""
        return self.counts.choices

    @cached_property
    def turnout(self) -> tuple[tuple[date, int], ...]:
        """How many ballots count on each voting day that has begun."""
        days = self.campaign.calendar.days_begun(self.as_of)
        return tuple((day, self.counts.ballots.get(day, 0)) for day in days)

    @cached_property
    def by_channel(self) -> tuple[tuple[Channel, int], ...]:
        """How many ballots that count came by each channel, those left out by which none came."""
        channels = Counter[Channel]()
        for ballots in self.counts.channels.values():
            channels.update(ballots)
        return tuple((channel, channels[channel]) for channel in Channel if channels[channel])


def standings(
    campaign: Campaign, counts: Counts, now: datetime, day: date | None = None, before: Standings | None = None
) -> Standings:
    """Rank every project of a campaign by its votes, on all voting days that have begun by now or on one of them.

    before: earlier standings of the same campaign and day, from which is taken over what has not changed.
    """
    days = campaign.calendar.days_begun(now)
    counts = counts.of(days)
    known = before is not None and before.campaign is campaign
    candidates = before.table.candidates if before is not None and known else Candidates(campaign)
    table = VoteTable(candidates, counts, days, day, None if before is None else before.table)
    return Standings(campaign, counts, now, day, table)


def column(table: VoteTable, by: ResultOrderField) -> Sequence[Any]:
    """Return the values of this field, by place; None for a project without one."""
    candidates = table.candidates
    match by:
        case ResultOrderField.RANK:
            return table.of_those_placed(table.ranks)
        case ResultOrderField.VOTES:
            return table.of_those_placed(table.votes)
        case ResultOrderField.NUMBER:
            return candidates.numbers
        case ResultOrderField.DISTRICT:
            return candidates.districts
        case ResultOrderField.GAIN:
            return table.of_those_placed(table.gains)
        case ResultOrderField.FINAL_SCORE:
            return list(map(final_scores(candidates.campaign.selections).get, candidates.numbers))


def _places(values: Sequence[Any], direction: Direction) -> list[int]:
    """Return the place of each value among those there are; None comes last in either direction."""
    distinct = sorted({*values} - {None}, reverse=direction is Direction.DESC)
    places = {value: place for place, value in enumerate([*distinct, None])}
    return [places[value] for value in values]
