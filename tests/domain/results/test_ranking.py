"""Does every project stand where its votes put it, whatever the votes are?"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Replacement
from api.domain.campaigns.projects import Standing as ProjectStanding
from api.domain.paging import Direction
from api.domain.results.cut_line import CutLine
from api.domain.results.ranking import (
    ResultOrderField,
    Standings,
    column,
    standings,
)
from api.domain.results.tallies import NOTHING, Counts
from tests.campaigns import CLOSES, DAYS, DURING, OPENS, a_campaign, a_project, at

CAMPAIGN = a_campaign()
BEGUN = DAYS[:4]
votes = st.dictionaries(st.integers(1, 50), st.integers(0, 6), max_size=50)
counts = st.builds(
    Counts,
    st.dictionaries(st.sampled_from(BEGUN), st.integers(6, 20)),
    st.dictionaries(st.sampled_from(BEGUN), votes.map(lambda v: {n: k for n, k in v.items() if k})),
)


def on_one_day(per_project: Mapping[int, int], ballots: int = 10) -> Counts:
    return Counts({DAYS[0]: ballots}, {DAYS[0]: dict(per_project)})


def total(counted: Counts, number: int, days: tuple[date, ...] = DAYS) -> int:
    return sum(counted.votes.get(day, {}).get(number, 0) for day in days)


def competition_ranks(votes: Mapping[int, int]) -> dict[int, int]:
    return {number: 1 + sum(other > mine for other in votes.values()) for number, mine in votes.items()}


def test_equal_votes_share_a_rank_and_the_next_counts_all_ahead() -> None:
    table = standings(CAMPAIGN, on_one_day({1: 5, 2: 9, 3: 5, 4: 1}), DURING)
    assert [(n, table.by_number[n].rank) for n in (2, 1, 3, 4)] == [(2, 1), (1, 2), (3, 2), (4, 4)]


@given(counted=counts)
def test_standings_are_listed_by_rank_then_number_and_hold_every_project_once(counted: Counts) -> None:
    ranked = standings(CAMPAIGN, counted, DURING).ranked
    assert [(s.rank, s.number) for s in ranked] == sorted((s.rank, s.number) for s in ranked)
    assert sorted(s.number for s in ranked) == list(range(1, 51))
    assert {s.number: s.rank for s in ranked} == competition_ranks({n: total(counted, n) for n in range(1, 51)})


@given(counted=counts)
def test_ties_are_mutual_and_exactly_those_of_equal_votes(counted: Counts) -> None:
    table = standings(CAMPAIGN, counted, DURING)
    for mine in table.ranked:
        equal = [s.number for s in table.ranked if s.votes == mine.votes and s.number != mine.number]
        assert list(mine.tied_with) == sorted(equal)
        assert all(mine.number in table.by_number[other].tied_with for other in mine.tied_with)


@given(counted=counts)
def test_a_district_rank_counts_only_the_districts_own_projects(counted: Counts) -> None:
    table = standings(CAMPAIGN, counted, DURING)
    for project in CAMPAIGN.projects:
        rivals = [p.number for p in CAMPAIGN.projects if p.district == project.district]
        mine = table.by_number[project.number]
        ahead = sum(table.by_number[rival].votes > mine.votes for rival in rivals)
        assert mine.district_rank == (1 + ahead if project.district else None)


@given(counted=counts)
def test_a_districts_votes_are_those_of_its_projects(counted: Counts) -> None:
    table = standings(CAMPAIGN, counted, DURING)
    found = dict(table.by_district)
    for district in CAMPAIGN.districts:
        own = [p.number for p in CAMPAIGN.projects if p.district == district]
        assert found[district] == sum(table.by_number[number].votes for number in own)
    assert [votes for _, votes in table.by_district] == sorted(found.values(), reverse=True)


@given(counted=counts)
def test_days_sum_to_votes_and_votes_to_choices(counted: Counts) -> None:
    table = standings(CAMPAIGN, counted, DURING)
    for mine in table.ranked:
        assert [day for day, _ in mine.by_day] == list(BEGUN)
        assert sum(v for _, v in mine.by_day) == mine.votes == total(counted, mine.number)
        assert mine.share == (mine.votes / table.ballots if table.ballots else 0.0)
    assert table.choices == sum(s.votes for s in table.ranked)
    assert table.ballots == sum(counted.ballots.values()) == sum(b for _, b in table.turnout)
    assert [day for day, _ in table.turnout] == list(BEGUN)


@given(counted=counts, day=st.sampled_from(BEGUN))
def test_the_standings_of_a_day_rank_by_that_days_votes(counted: Counts, day: date) -> None:
    table = standings(CAMPAIGN, counted, DURING, day)
    naive = {n: total(counted, n, (day,)) for n in range(1, 51)}
    assert {s.number: s.votes for s in table.ranked} == naive
    assert {s.number: s.rank for s in table.ranked} == competition_ranks(naive)
    ballots = counted.ballots.get(day, 0)
    assert all(s.share == (s.votes / ballots if ballots else 0.0) for s in table.ranked)
    assert table.cut_line is None


GAINS = [
    ("2017-03-22 00:00", DAYS[:1]),
    ("2017-03-22 23:59", DAYS[:1]),
    ("2017-03-23 00:00", DAYS[:2]),
    ("2017-03-25 12:00", DAYS[2:4]),
    ("2017-03-31 11:59", DAYS[8:]),
    ("2017-04-20 00:00", DAYS[8:]),
]


@pytest.mark.parametrize(("moment", "lately"), GAINS)
def test_the_gain_is_what_this_voting_day_and_the_one_before_brought(moment: str, lately: tuple[date, ...]) -> None:
    begun = CAMPAIGN.calendar.days_begun(at(moment))
    counted = Counts(dict.fromkeys(begun, 50), {day: {7: 1 + DAYS.index(day) ** 2} for day in begun})
    table = standings(CAMPAIGN, counted, at(moment))
    assert table.by_number[7].gain == total(counted, 7, lately)
    assert table.by_number[8].gain == 0


def test_on_the_first_day_all_votes_are_gained() -> None:
    table = standings(CAMPAIGN, on_one_day({7: 3}), OPENS)
    assert table.by_number[7].gain == table.by_number[7].votes == 3


def test_before_the_opening_nothing_has_happened() -> None:
    table = standings(CAMPAIGN, NOTHING, OPENS - timedelta(seconds=1))
    assert (table.ballots, table.choices, table.turnout) == (0, 0, ())
    assert {(s.rank, s.votes, s.share, s.gain, s.by_day) for s in table.ranked} == {(1, 0, 0.0, 0, ())}
    assert all(len(s.tied_with) == 49 for s in table.ranked)


STORED_DAYS = (OPENS.date() - timedelta(days=1), *DAYS, CLOSES.date() + timedelta(days=1))
stored = st.lists(st.tuples(st.sampled_from(STORED_DAYS), st.sets(st.integers(1, 50), min_size=1, max_size=4)))
moments = st.integers(-50, 300).map(lambda hours: OPENS + timedelta(hours=hours))


def counts_of(ballots: Iterable[tuple[date, set[int]]]) -> Counts:
    """Counted one by one."""
    days: Counter[date] = Counter()
    votes: defaultdict[date, Counter[int]] = defaultdict(Counter)
    for day, chosen in ballots:
        days[day] += 1
        votes[day].update(chosen)
    return Counts(days, votes, held=Counter(days), voided=Counter(days))


@given(ballots=stored, now=moments)
def test_standings_end_with_the_present_voting_day_whatever_is_stored(
    ballots: list[tuple[date, set[int]]], now: datetime
) -> None:
    table = standings(CAMPAIGN, counts_of(ballots), now)
    begun = [day for day in DAYS if day <= now.date()]
    counting = [(day, chosen) for day, chosen in ballots if day in begun]
    latest = [chosen for day, chosen in counting if day in begun[-2:]]
    for mine in table.ranked:
        number = mine.number
        assert mine.votes == sum(number in chosen for _, chosen in counting)
        assert mine.gain == sum(number in chosen for chosen in latest)
        assert mine.by_day == tuple((day, sum(number in c for d, c in counting if d == day)) for day in begun)
    assert table.turnout == tuple((day, sum(d == day for d, _ in counting)) for day in begun)
    assert table.ballots == table.held == table.voided == len(counting)
    assert table.choices == sum(len(chosen) for _, chosen in counting)
    assert {s.number: s.rank for s in table.ranked} == competition_ranks({s.number: s.votes for s in table.ranked})


def cut(per_project: Mapping[int, int], now: datetime = DURING, **changes: object) -> CutLine | None:
    return standings(a_campaign(**changes), on_one_day(per_project, 100), now).cut_line


def test_the_cut_line_lies_below_the_last_project_in() -> None:
    assert cut({n: 60 - n for n in range(1, 51)}) == CutLine(30, 30, crosses_tie=False)
    assert cut({n: 60 - min(n, 30) for n in range(1, 51)}) == CutLine(30, 30, crosses_tie=True)
    assert cut({n: 60 - n if n <= 30 else 29 for n in range(1, 51)}) == CutLine(30, 30, crosses_tie=False)


@given(counted=counts)
def test_a_tie_crosses_the_line_exactly_when_the_votes_alone_do_not_decide(counted: Counts) -> None:
    line = standings(CAMPAIGN, counted, DURING).cut_line
    tallied = [total(counted, n) for n in range(1, 51)]
    assert line is not None
    assert sum(v > line.votes for v in tallied) < line.seats <= sum(v >= line.votes for v in tallied)
    assert line.crosses_tie == (sum(v >= line.votes for v in tallied) != line.seats)


def test_there_is_no_line_where_all_would_pass_or_no_stage_is_left() -> None:
    assert cut({}, projects=CAMPAIGN.projects[:30]) is None
    assert cut({}, projects=CAMPAIGN.projects[:31]) is not None
    assert cut({}, stages=CAMPAIGN.stages[:2]) is None
    assert cut({}, stages=(), now=CLOSES) is None


def keys_of(table: Standings, field: ResultOrderField) -> dict[int, object]:
    return dict(zip(table.table.candidates.numbers, column(table.table, field), strict=True))


def test_results_are_listed_by_the_value_asked_for_and_by_none_where_there_is_none() -> None:
    table = standings(CAMPAIGN, on_one_day({7: 3, 36: 4}), DURING)
    assert keys_of(table, ResultOrderField.RANK)[7] == 2
    assert keys_of(table, ResultOrderField.VOTES)[36] == 4
    assert keys_of(table, ResultOrderField.NUMBER) == {n: n for n in range(1, 51)}
    assert keys_of(table, ResultOrderField.GAIN)[7] == 0
    districts = keys_of(table, ResultOrderField.DISTRICT)
    assert (districts[1], districts[21], districts[36], districts[50]) == (None, "310101", "310115", None)
    assert set(keys_of(table, ResultOrderField.FINAL_SCORE).values()) == {None}


def lines_executed(work: Callable[[], object]) -> int:
    """How many lines of Python are executed, each round of a loop counted."""
    executed = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal executed
        executed += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return executed


@pytest.mark.parametrize("counted", [NOTHING, on_one_day({n: n % 7 for n in range(1, 2001)})], ids=["none", "some"])
def test_eight_times_as_many_candidates_are_eight_times_the_work(counted: Counts) -> None:
    small, large = (
        a_campaign(projects=tuple(a_project(n, district=a_project(21 + n % 29).district) for n in range(1, count + 1)))
        for count in (250, 2000)
    )

    def work(campaign: Campaign) -> Callable[[], object]:
        return lambda: [standings(campaign, counted, CLOSES).order(field) for field in ResultOrderField]

    assert lines_executed(work(large)) < 9 * lines_executed(work(small))


def test_of_those_who_are_tied_so_many_are_named() -> None:
    table = standings(CAMPAIGN, NOTHING, DURING)
    assert table.by_number[2].first_tied(3) == [1, 3, 4]
    assert table.by_number[50].first_tied(3) == [1, 2, 3]
    assert table.by_number[50].first_tied(100) == list(range(1, 50))
    assert table.by_number[50].tie_count == 49


def without(gone: Mapping[int, Replacement]) -> Campaign:
    """The campaign in which these projects no longer stand."""
    projects = tuple(
        a_project(number, standing=ProjectStanding.WITHDRAWN, replacement=gone[number])
        if number in gone
        else a_project(number)
        for number in range(1, 51)
    )
    return a_campaign(projects=projects)


@given(votes, st.sets(st.integers(1, 50), max_size=30))
def test_projects_that_do_not_stand_have_no_votes_and_no_place(cast: Mapping[int, int], gone: set[int]) -> None:
    standing = standings(without(dict.fromkeys(gone, Replacement.REFILL)), on_one_day(cast), DURING)
    placed = {number: cast.get(number, 0) for number in range(1, 51) if number not in gone}
    assert {each.number: each.rank for each in standing.ranked if each.stands} == competition_ranks(placed)
    last = [(each.number, each.votes, each.rank, each.tie_count) for each in standing.ranked if not each.stands]
    assert last == [(number, 0, len(placed) + 1, 0) for number in sorted(gone)]
    assert [each.number for each in standing.ranked][len(placed) :] == sorted(gone)
    assert standing.choices == sum(cast.values()), "how many choices there are does not tell whose votes were cast"
    for by in (ResultOrderField.VOTES, ResultOrderField.GAIN):
        assert standing.order(by).sorted(Direction.DESC)[len(placed) :] == sorted(gone)


def test_a_seat_is_refilled_or_stays_vacant_where_the_project_would_have_had_it() -> None:
    cast = on_one_day(
        {number: 100 - number for number in range(1, 51)}, ballots=100
    )  # number 1 leads; there are 30 seats
    lines = {
        "all stand": {},
        "refilled": {5: Replacement.REFILL},
        "vacant": {5: Replacement.LEAVE_VACANT},
        "vacant, and would have had no seat": {45: Replacement.LEAVE_VACANT},
    }
    found = {name: standings(without(gone), cast, DURING).cut_line for name, gone in lines.items()}
    assert found == {
        "all stand": CutLine(30, 70, crosses_tie=False),
        "refilled": CutLine(30, 69, crosses_tie=False),
        "vacant": CutLine(29, 70, crosses_tie=False),
        "vacant, and would have had no seat": CutLine(30, 70, crosses_tie=False),
    }
    even = on_one_day(dict.fromkeys(range(1, 51), 4))
    tied = standings(without({1: Replacement.LEAVE_VACANT}), even, DURING).cut_line
    assert tied == CutLine(30, 4, crosses_tie=True), "among equal projects it would have had the last seat"
