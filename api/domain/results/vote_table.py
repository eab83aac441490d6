"""The votes of a campaign in columns, one for each voting day, and the places that they give.

All projects are gone through by C alone, over lists of numbers; an object is made of those that somebody asks for. Of the
table before it, one takes over what has not changed: the columns of other days, and their sums.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import repeat
from operator import add, sub
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Replacement
from api.domain.paging import Direction
from api.domain.results.kept_order import KeptOrder
from api.domain.results.tallies import Counts

NO_VOTES: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class Standing:
    """One project's standing.

    share: votes / ballots, 0..1. tied: all projects with just as many votes, itself among them, by number. days: every
    voting day that has begun. daily: the votes of each. gain: those of the latest two days. stands: whether it has a place
    at all; rank is one more than there are places where it does not.
    """

    number: int
    votes: int
    share: float
    rank: int
    tied: Sequence[int]
    district_rank: int | None
    days: Sequence[date]
    daily: Sequence[int]
    gain: int
    stands: bool = True

    @property
    def by_day(self) -> tuple[tuple[date, int], ...]:
        """The votes of every voting day that has begun."""
        return tuple(zip(self.days, self.daily, strict=True))

    @property
    def tie_count(self) -> int:
        """How many other projects have just as many votes."""
        return len(self.tied) - 1

    @property
    def tied_with(self) -> tuple[int, ...]:
        """The other projects with just as many votes, by number. All of a campaign are, before the first ballot."""
        return tuple(self.first_tied(len(self.tied)))

    def first_tied(self, limit: int) -> list[int]:
        """Return at most so many of them."""
        return [number for number in self.tied[: limit + 1] if number != self.number][:limit]


class Candidates:
    """What of a campaign's projects their ranking goes by. A place is an index in the order of their numbers.

    districts: the code of each, by place. members: the places of those of a district that stand. gone: the places of those
    that no longer stand. vacant: the positions of those whose seats stay vacant.
    """

    def __init__(self, campaign: Campaign) -> None:
        projects = sorted(campaign.projects, key=lambda project: project.number)
        self.campaign = campaign
        self.numbers = tuple(project.number for project in projects)
        self.places = {number: place for place, number in enumerate(self.numbers)}
        self.positions = [project.position for project in projects]
        self.gone = {place for place, project in enumerate(projects) if not project.stands}
        self.vacant = [each.position for each in projects if each.replacement is Replacement.LEAVE_VACANT]
        self.districts = [None if each.district is None else each.district.code for each in projects]
        self.members: dict[str, list[int]] = {}
        for place, code in enumerate(self.districts):
            if code is not None and place not in self.gone:
                self.members.setdefault(code, []).append(place)


class VoteTable:
    """The votes on the voting days that have begun, or on one of them, in columns by place.

    sources: by position, as they were counted on each day. votes: the sums, 0 where a project no longer stands. before: a table
    that was made earlier, of whatever campaign and day.
    """

    def __init__(
        self, candidates: Candidates, counts: Counts, days: Sequence[date], day: date | None, before: "VoteTable | None"
    ) -> None:
        self.candidates, self.days, self.day = candidates, days, day
        self.ballots = sum(ballots for each, ballots in counts.ballots.items() if day in (None, each))
        self.sources = [counts.votes.get(each, NO_VOTES) for each in days]
        known = before if before is not None and before.is_of(candidates, days, day) else None
        self.columns = [self._column(index, source, known) for index, source in enumerate(self.sources)]
        self.votes = self._sums(known)
        self._made: dict[int, Standing] = {}

    def is_of(self, candidates: Candidates, days: Sequence[date], day: date | None) -> bool:
        """Whether it is of these projects and days."""
        return self.candidates is candidates and self.days == days and self.day == day

    def _column(self, index: int, source: Mapping[int, int], known: "VoteTable | None") -> list[int]:
        if known is not None and known.sources[index] is source:
            return known.columns[index]
        column = list(map(source.get, self.candidates.positions, repeat(0)))
        for place in self.candidates.gone:
            column[place] = 0
        return column

    def _sums(self, known: "VoteTable | None") -> list[int]:
        counted = [index for index, each in enumerate(self.days) if self.day in (None, each)]
        if known is None:
            columns = [self.columns[index] for index in counted]
            return list(map(sum, zip(*columns, strict=True))) if columns else [0] * len(self.candidates.numbers)
        sums = known.votes
        for old, new in ((known.columns[index], self.columns[index]) for index in counted):
            if new is not old:
                sums = list(map(add, sums, map(sub, new, old)))
        return sums

    @cached_property
    def placed(self) -> list[int]:
        """The votes of the projects that stand."""
        gone = self.candidates.gone
        return [votes for place, votes in enumerate(self.votes) if place not in gone] if gone else self.votes

    @cached_property
    def gains(self) -> list[int]:
        """The votes of the latest two days, by place."""
        lately = self.columns[-2:]
        return list(map(sum, zip(*lately, strict=True))) if lately else [0] * len(self.votes)

    @cached_property
    def by_votes(self) -> KeptOrder:
        """The order by votes."""
        return self.order("VOTES", self.of_those_placed(self.votes))

    def order(self, by: str, values: Sequence[Any]) -> KeptOrder:
        """Return the order by these values, by place; None for a project without a value."""
        return KeptOrder.of_column(f"{self.candidates.campaign.slug} {by} {self.day}", self.candidates.numbers, values)

    def of_those_placed(self, column: list[int]) -> list[int | None]:
        """Return a column with None for the projects that do not stand."""
        values: list[int | None] = [*column]
        for place in self.candidates.gone:
            values[place] = None
        return values

    @cached_property
    def ranks(self) -> list[int]:
        """The rank of each project, by place; of those that do not stand, one behind all others."""
        found = list(map(self._rank_of.__getitem__, self.votes)) if not self.candidates.gone else []
        unplaced, gone = len(self.placed) + 1, self.candidates.gone
        return found or [unplaced if place in gone else self._rank_of[votes] for place, votes in enumerate(self.votes)]

    @cached_property
    def _rank_of(self) -> dict[int, int]:
        return ranks_by_votes(self.placed)

    @cached_property
    def _district_rank_of(self) -> dict[str, dict[int, int]]:
        votes, members = self.votes, self.candidates.members
        return {code: ranks_by_votes([votes[place] for place in places]) for code, places in members.items()}

    @cached_property
    def _tied(self) -> dict[int, list[int]]:
        """The numbers of projects with so many votes, of those that were asked for."""
        return {}

    @cached_property
    def ranked_numbers(self) -> Sequence[int]:
        """The numbers of all projects by rank, then number."""
        return self.by_votes.sorted(Direction.DESC)

    @cached_property
    def ranked(self) -> tuple[Standing, ...]:
        """All standings, by rank then number."""
        return tuple(map(self.standing, self.ranked_numbers))

    def standing(self, number: int) -> Standing:
        """Return the standing of a project, made when first asked for. Raises KeyError for a number that none has."""
        found = self._made.get(number)
        if found is None:
            self._made[number] = found = self._standing(number, self.candidates.places[number])
        return found

    def _standing(self, number: int, place: int) -> Standing:
        votes, code, stands = self.votes[place], self.candidates.districts[place], place not in self.candidates.gone
        return Standing(
            number=number,
            votes=votes,
            share=votes / self.ballots if self.ballots else 0.0,
            rank=self._rank_of[votes] if stands else len(self.placed) + 1,
            tied=self._tied_at(votes) if stands else [number],
            district_rank=None if code is None or not stands else self._district_rank_of[code][votes],
            days=self.days,
            daily=tuple([column[place] for column in self.columns]),
            gain=sum([column[place] for column in self.columns[-2:]]),
            stands=stands,
        )

    def _tied_at(self, votes: int) -> list[int]:
        found = self._tied.get(votes)
        if found is None:
            first = self._rank_of[votes] - 1
            last = first
            ranked, places = self.ranked_numbers, self.candidates.places
            while last < len(self.placed) and self.votes[places[ranked[last]]] == votes:
                last += 1
            self._tied[votes] = found = list(ranked[first:last])
        return found


class StandingsByNumber(Mapping[int, Standing]):
    """The standings of a table by project number, in the order of their ranks."""

    def __init__(self, table: VoteTable) -> None:
        self._table = table

    def __getitem__(self, number: int) -> Standing:
        return self._table.standing(number)

    def __iter__(self) -> Iterator[int]:
        return iter(self._table.ranked_numbers)

    def __len__(self) -> int:
        return len(self._table.ranked_numbers)


def ranks_by_votes(votes: Sequence[int]) -> dict[int, int]:
    """Return the competition rank that each number of votes gives: 1 + how many have strictly more (1, 2, 2, 4)."""
    sizes, ranks, ahead = Counter(votes), {}, 0
    for value in sorted(sizes, reverse=True):
        ranks[value] = ahead + 1
        ahead += sizes[value]
    return ranks
