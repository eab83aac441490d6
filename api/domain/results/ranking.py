"""Standings: competition ranks with ties, ranks within districts, the cut line, and recent gains.

Ranks follow the votes alone: projects with equal votes share a rank, and the next rank counts all who are ahead
(1, 2, 2, 4). Where a list needs an order inside a tie it is the project's number, which decides nothing. A project that no
longer stands has no votes and no place: it comes after all others, and takes part in no tie.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from itertools import repeat
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import District, Replacement
from api.domain.results.cut_line import CutLine, cut_line
from api.domain.results.kept_order import KeptOrder
from api.domain.results.tallies import Counts
from api.domain.selection.versions import final_scores
from api.domain.voting.channels import Channel


class ResultOrderField(Enum):
    """By what results are listed. Equal values are listed by number, which decides nothing."""

    RANK = "The competition rank; rank 1 leads when ascending."
    VOTES = "The number of votes; ask for DESC to see the most first."
    NUMBER = "The number printed on the notice."
    DISTRICT = "The code of the district; projects without one come last, whatever the direction."
    GAIN = "Votes of the present voting day and the one before; ask for DESC to see the fastest first."
    FINAL_SCORE = "The final score of the stage; projects without one come last, whatever the direction."


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


@dataclass(frozen=True)
class Standings:
    """All standings of a campaign at one moment, by rank then number; of one voting day when `day` is set.

    counts: those of the voting days that have begun. What is stored of other days is in no number here. vacated: the votes
    that were cast for each project that has left its seat vacant.
    """

    campaign: Campaign
    counts: Counts
    as_of: datetime
    day: date | None
    ranked: tuple[Standing, ...]
    vacated: tuple[int, ...] = ()
    _orders: dict[ResultOrderField, KeptOrder] = field(default_factory=dict, repr=False, compare=False)

    def order(self, by: ResultOrderField) -> KeptOrder:
        """Return the order of all projects by a field, made when first asked for."""
        if by not in self._orders:
            basis, key = f"{self.campaign.slug} {by.name} {self.day}", standing_sort_key(self.campaign, by)
            self._orders[by] = KeptOrder.of(basis, ((standing.number, key(standing)) for standing in self.ranked))
        return self._orders[by]

    @cached_property
    def by_number(self) -> Mapping[int, Standing]:
        """The standings by project number."""
        return {standing.number: standing for standing in self.ranked}

    @cached_property
    def cut_line(self) -> CutLine | None:
        """The cut line of the first undecided stage; None for a single day, with no stage left, or when all would pass."""
        stage = self.campaign.next_stage
        if stage is None or self.day is not None:
            return None
        return cut_line(stage.seats, [each.votes for each in self.ranked if each.stands], self.vacated)

    @cached_property
    def by_district(self) -> tuple[tuple[District, int], ...]:
        """The votes of each district's projects together, the most first, then by code."""
        votes = dict.fromkeys(self.campaign.districts, 0)
        for project in self.campaign.projects:
            if project.district:
                votes[project.district] += self.by_number[project.number].votes
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


def standings(campaign: Campaign, counts: Counts, now: datetime, day: date | None = None) -> Standings:
    """Rank every project of a campaign by its votes, on all voting days that have begun by now or on one of them."""
    days = campaign.calendar.days_begun(now)
    counts = counts.of(days)
    gone = {project.position for project in campaign.projects if not project.stands}
    daily = _daily_votes(campaign, counts.without(gone), days)
    chosen = slice(None) if day is None else slice(days.index(day), days.index(day) + 1) if day in days else slice(0)
    votes = {number: sum(series[chosen]) for number, series in daily.items()}
    ballots = sum(b for d, b in counts.ballots.items() if day in (None, d))
    placed = {number: count for number, count in votes.items() if campaign.by_number[number].stands}
    ranks = competition_ranks(placed)
    district_ranks = _district_ranks(campaign, placed)
    tied = _ties(placed)
    unplaced = len(placed) + 1
    ranked = [
        Standing(
            number=number,
            votes=votes[number],
            share=votes[number] / ballots if ballots else 0.0,
            rank=ranks.get(number, unplaced),
            tied=tied[votes[number]] if number in placed else [number],
            district_rank=district_ranks.get(number),
            days=days,
            daily=daily[number],
            gain=sum(daily[number][-2:]),
            stands=number in placed,
        )
        for number in sorted(votes, key=lambda n: (ranks.get(n, unplaced), n))
    ]
    return Standings(campaign, counts, now, day, tuple(ranked), _vacated(campaign, counts))


def _vacated(campaign: Campaign, cast: Counts) -> tuple[int, ...]:
    """The votes that were cast for each project whose seat stays vacant."""
    vacant = [each.position for each in campaign.projects if each.replacement is Replacement.LEAVE_VACANT]
    return tuple(sum(votes.get(position, 0) for votes in cast.votes.values()) for position in vacant)


def _daily_votes(campaign: Campaign, counts: Counts, days: Sequence[date]) -> dict[int, tuple[int, ...]]:
    """Return every project's votes on each of these days, by number."""
    positions = [project.position for project in campaign.projects]
    columns = [map(counts.votes.get(day, {}).get, positions, repeat(0)) for day in days]
    numbers = [project.number for project in campaign.projects]
    return dict(zip(numbers, zip(*columns, strict=True) if days else repeat(()), strict=False))


def competition_ranks(votes: Mapping[int, int]) -> dict[int, int]:
    """Return the rank of each number: 1 + how many have strictly more votes (1, 2, 2, 4)."""
    ranks: dict[int, int] = {}
    ordered = sorted(votes, key=lambda number: -votes[number])
    for place, number in enumerate(ordered, 1):
        previous = ordered[place - 2] if place > 1 else None
        ranks[number] = ranks[previous] if previous is not None and votes[previous] == votes[number] else place
    return ranks


def _district_ranks(campaign: Campaign, votes: Mapping[int, int]) -> dict[int, int]:
    by_district: dict[str, dict[int, int]] = {}
    for project in campaign.projects:
        if project.district and project.number in votes:
            by_district.setdefault(project.district.code, {})[project.number] = votes[project.number]
    ranks: dict[int, int] = {}
    for members in by_district.values():
        ranks |= competition_ranks(members)
    return ranks


def _ties(votes: Mapping[int, int]) -> dict[int, list[int]]:
    tied: dict[int, list[int]] = {}
    for number in sorted(votes):
        tied.setdefault(votes[number], []).append(number)
    return tied


def standing_sort_key(campaign: Campaign, field: ResultOrderField) -> Callable[[Standing], Any]:
    """Return the key function for this field; it gives None for a standing without such a value."""
    match field:
        case ResultOrderField.RANK:
            return lambda standing: standing.rank if standing.stands else None
        case ResultOrderField.VOTES:
            return lambda standing: standing.votes if standing.stands else None
        case ResultOrderField.NUMBER:
            return lambda standing: standing.number
        case ResultOrderField.DISTRICT:
            districts = {p.number: p.district.code for p in campaign.projects if p.district}
            return lambda standing: districts.get(standing.number)
        case ResultOrderField.GAIN:
            return lambda standing: standing.gain if standing.stands else None
        case ResultOrderField.FINAL_SCORE:
            scores = final_scores(campaign.selections)
            return lambda standing: scores.get(standing.number)
