"""Ballots and votes that a campaign's rules do not allow, as stored: what an audit finds besides wrong sums."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.results.tallies import Counts


@dataclass(frozen=True, slots=True)
class DailyBallots:
    """All stored ballots of one voting day, whatever their status.

    votes: how many of them name a project, by its position. sizes: how many name so many projects, by that number.
    """

    ballots: int
    votes: Mapping[int, int]
    sizes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Irregularity:
    """What is not allowed on a day, in words for staff."""

    day: date
    what: str


def voting_days(campaign: Campaign) -> Mapping[date, tuple[datetime, datetime]]:
    """The first instant of each voting day on which a ballot may be cast, and the first after it, in UTC."""
    calendar, window = campaign.calendar, campaign.window
    opens_at, closes_at = window.opens_at.astimezone(UTC), window.closes_at.astimezone(UTC)
    starts = [calendar.start_of(day).astimezone(UTC) for day in calendar.days]
    ends = [*starts[1:], closes_at]
    return {
        day: (max(start, opens_at), min(end, closes_at))
        for day, start, end in zip(calendar.days, starts, ends, strict=True)
    }


def irregularities(
    campaign: Campaign, stored: Mapping[date, DailyBallots], strays: Mapping[date, int], tallied: Counts
) -> tuple[Irregularity, ...]:
    """Everything that is stored and not allowed, by day. strays: how many ballots of a day were cast at no time of it."""
    days = voting_days(campaign)
    found = [
        Irregularity(day, what)
        for day in sorted({*stored, *strays, *tallied.votes})
        for what in (
            *_missing_projects(campaign, stored.get(day), tallied.votes.get(day, {})),
            *_wrong_sizes(campaign, stored.get(day)),
            *_wrong_times(days.get(day), strays.get(day, 0)),
        )
    ]
    return tuple(found)


def _missing_projects(campaign: Campaign, stored: DailyBallots | None, tallied: Mapping[int, int]) -> Iterator[str]:
    named = {} if stored is None else stored.votes
    for position in sorted(
        {*named, *(position for position, votes in tallied.items() if votes and position > 0)}
        - campaign.by_position.keys()
    ):
        yield (
            f"no project has position {position}, but {named.get(position, 0)} ballots name it and the tallies give it "
            f"{tallied.get(position, 0)} votes"
        )


def _wrong_sizes(campaign: Campaign, stored: DailyBallots | None) -> Iterator[str]:
    minimum, maximum = campaign.choices.minimum, campaign.choices.maximum
    for size, ballots in sorted(() if stored is None else stored.sizes.items()):
        if not minimum <= size <= maximum:
            yield f"ballots that name {size} projects, where {minimum} to {maximum} are allowed: {ballots}"


def _wrong_times(day: tuple[datetime, datetime] | None, strays: int) -> Iterator[str]:
    if strays and day is None:
        yield f"no voting day, but the ballots of this day are {strays}"
    elif strays and day is not None:
        yield f"ballots cast before {day[0].isoformat()} or not before {day[1].isoformat()}: {strays}"
