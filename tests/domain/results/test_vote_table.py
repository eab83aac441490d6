"""Does a table that takes over what has not changed give exactly what ranking everything anew gives, the plain way?"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Replacement
from api.domain.campaigns.projects import Standing as ProjectStanding
from api.domain.paging import Direction, sort
from api.domain.results.ranking import ResultOrderField, Standings, standings
from api.domain.results.tallies import Counts
from api.domain.results.vote_table import Standing, ranks_by_votes
from tests.campaigns import DAYS, OPENS, a_campaign, a_project

POSITIONS = (7, 3, 12, 5, 9, 1, 2, 8)  # of the projects 1..8, of which the last may be gone


def plain_ranks(votes: Mapping[int, int]) -> dict[int, int]:
    return {number: 1 + sum(other > mine for other in votes.values()) for number, mine in votes.items()}


def plain_standings(campaign: Campaign, counts: Counts, now: datetime, day: date | None) -> list[Standing]:
    """Every project gone through for every number."""
    days = campaign.calendar.days_begun(now)
    daily = {
        p.number: tuple(counts.votes.get(each, {}).get(p.position, 0) if p.stands else 0 for each in days)
        for p in campaign.projects
    }
    chosen = [index for index, each in enumerate(days) if day in (None, each)]
    votes = {number: sum(series[index] for index in chosen) for number, series in daily.items()}
    ballots = sum(counts.ballots.get(days[index], 0) for index in chosen)
    placed = {p.number: votes[p.number] for p in campaign.projects if p.stands}
    by_district: dict[str, dict[int, int]] = defaultdict(dict)
    for project in campaign.projects:
        if project.district and project.stands:
            by_district[project.district.code][project.number] = votes[project.number]
    ranks = plain_ranks(placed)
    district_ranks = {n: rank for members in by_district.values() for n, rank in plain_ranks(members).items()}
    unplaced = len(placed) + 1
    return [
        Standing(
            number,
            votes[number],
            votes[number] / ballots if ballots else 0.0,
            ranks.get(number, unplaced),
            sorted(n for n, v in placed.items() if v == votes[number]) if number in placed else [number],
            district_ranks.get(number),
            days,
            daily[number],
            sum(daily[number][-2:]),
            number in placed,
        )
        for number in sorted(votes, key=lambda n: (ranks.get(n, unplaced), n))
    ]


def plain_value(by: ResultOrderField, campaign: Campaign, standing: Standing) -> Any:
    match by:
        case ResultOrderField.NUMBER:
            return standing.number
        case ResultOrderField.DISTRICT:
            district = campaign.by_number[standing.number].district
            return None if district is None else district.code
        case ResultOrderField.FINAL_SCORE:
            return None
    values = {"RANK": standing.rank, "VOTES": standing.votes, "GAIN": standing.gain}
    return values[by.name] if standing.stands else None


def campaign_without(gone: set[int]) -> Campaign:
    def project(number: int, position: int) -> Any:
        known = a_project(number, position=position, district=a_project(20 + number % 3 * 15).district)
        if number not in gone:
            return known
        reason = {"standing": ProjectStanding.WITHDRAWN, "replacement": Replacement.LEAVE_VACANT}
        return a_project(number, position=position, district=known.district, **reason)

    return a_campaign(projects=tuple(project(number, place) for number, place in enumerate(POSITIONS, 1)))


def check(found: Standings, campaign: Campaign, counts: Counts, now: datetime, day: date | None) -> None:
    wanted = plain_standings(campaign, counts, now, day)
    by_number = {each.number: each for each in wanted}
    assert [astuple(each) for each in found.ranked] == [astuple(each) for each in wanted]
    assert list(found.by_number) == list(by_number)
    assert dict(found.by_number) == by_number
    for by in ResultOrderField:
        for direction in Direction:
            listed = sort(by_number, [(lambda n: plain_value(by, campaign, by_number[n]), direction)], lambda n: n)  # noqa: B023
            assert list(found.order(by).sorted(direction)) == listed
            keys = ((ResultOrderField.DISTRICT, direction), (by, direction.opposite))
            values = [(lambda n, b=b: plain_value(b, campaign, by_number[n]), d) for b, d in keys]
            assert list(found.order_by_each(keys).sorted(Direction.ASC)) == sort(by_number, values, lambda n: n)
    assert [found.neighbour(number, 1) for number in by_number] == [*list(by_number)[1:], None]
    assert [found.neighbour(number, -1) for number in by_number] == [None, *list(by_number)[:-1]]


votes_of_day = st.dictionaries(st.sampled_from([*POSITIONS, 99, -3]), st.integers(0, 3), max_size=8)
changes = st.lists(st.tuples(st.sampled_from(DAYS[:5]), votes_of_day, st.integers(0, 9)), min_size=1, max_size=6)


@given(
    gone=st.sets(st.integers(1, 8), max_size=8),
    changes=changes,
    hours=st.lists(st.integers(-12, 100), min_size=6, max_size=6),
    day=st.none() | st.sampled_from(DAYS[:4]),
)
def test_what_is_taken_over_from_the_table_before_changes_no_number(
    gone: set[int], changes: list[tuple[date, dict[int, int], int]], hours: list[int], day: date | None
) -> None:
    campaign, ballots, votes = campaign_without(gone), dict[date, int](), dict[date, dict[int, int]]()
    before = None
    for (changed, of_day, cast), hour in zip(changes, sorted(hours), strict=False):
        ballots, votes = {**ballots, changed: cast}, {**votes, changed: of_day}
        now, counts = OPENS + timedelta(hours=hour), Counts(ballots, votes)
        table = standings(campaign, counts, now, day, before)
        check(table, campaign, counts, now, day)
        assert table.vacated == tuple(
            sum(votes.get(each, {}).get(p.position, 0) for each in campaign.calendar.days_begun(now))
            for p in campaign.projects
            if not p.stands
        )
        before = table


def test_the_columns_of_days_in_which_nothing_has_changed_are_the_same_lists() -> None:
    campaign = a_campaign()
    settled = {day: {n: n % 5 for n in range(1, 51)} for day in DAYS[:3]}
    before = standings(campaign, Counts({}, settled), OPENS + timedelta(days=2))
    after = standings(campaign, Counts({}, {**settled, DAYS[2]: {7: 9}}), OPENS + timedelta(days=2), None, before)
    same = [new is old for new, old in zip(after.table.columns, before.table.columns, strict=True)]
    assert same == [True, True, False]
    assert after.table.candidates is before.table.candidates
    assert after.by_number[7].votes == before.by_number[7].votes - 2 + 9
    other = standings(a_campaign(), Counts({}, settled), OPENS + timedelta(days=2), None, before)
    assert other.table.candidates is not before.table.candidates, "its projects may be others"


@pytest.mark.parametrize("number", [0, 51])
def test_a_number_that_no_project_has_is_in_no_standings(number: int) -> None:
    table = standings(a_campaign(), Counts({}, {}), OPENS)
    assert number not in table.by_number
    assert table.by_number.get(number) is None


@given(st.lists(st.integers(0, 9)))
def test_a_rank_is_one_more_than_those_with_more_votes(votes: list[int]) -> None:
    assert ranks_by_votes(votes) == {mine: 1 + sum(other > mine for other in votes) for mine in votes}
