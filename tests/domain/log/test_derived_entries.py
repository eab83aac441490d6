"""Is stated what has changed, when it is due, and once?"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.digest import rules_digest
from api.domain.campaigns.states import ResultsVisibility
from api.domain.log.derived_entries import (
    Derived,
    Moment,
    days_to_count,
    derive_close,
    derive_comparison,
    derive_days,
    derive_result,
    derive_selection,
    derive_terms,
    is_due,
    is_over,
)
from api.domain.log.results_document import DayCounts, LogCounts
from api.domain.selection.versions import SelectionTexts
from tests.campaigns import CLOSES, OPENS, a_campaign, at

GRACE = timedelta(minutes=1)
FIRST, SECOND = date(2017, 3, 22), date(2017, 3, 23)


def moment(now: datetime) -> Moment:
    return Moment(now, GRACE)


def test_rules_and_window_are_stated_first_and_when_they_change() -> None:
    campaign, derived = a_campaign(), Derived({})
    derive_terms(campaign, derived)
    assert derived.entries == [
        f"rules {rules_digest(campaign)}",
        "window 2017-03-21T16:00:00Z 2017-03-31T04:00:00Z",
    ]
    assert [document.sha256 for document in derived.documents] == [rules_digest(campaign)]
    again = Derived(derived.state)
    derive_terms(campaign, again)
    assert (again.entries, again.documents) == ([], [])
    derive_terms(replace(campaign, window=Window(OPENS, CLOSES + timedelta(hours=1))), again)
    assert again.entries == ["window 2017-03-21T16:00:00Z 2017-03-31T05:00:00Z"]


def test_a_day_is_stated_once_it_is_over_and_again_when_its_numbers_change() -> None:
    campaign, derived = a_campaign(), Derived({})
    counts = LogCounts({FIRST: DayCounts(5, 1)})
    assert days_to_count(campaign, {}, counts, moment(at("2017-03-23 00:00"))) == ()
    later = moment(at("2017-03-23 00:01"))
    assert days_to_count(campaign, {}, counts, later) == (FIRST,)
    derive_days(counts, {FIRST: 7}, derived)
    assert derived.entries == ["day 2017-03-22 5 1 0 7"]
    derive_days(counts, {FIRST: 7}, derived)
    derive_days(LogCounts({FIRST: DayCounts(5, 0, 1)}), {FIRST: 8}, derived)
    assert derived.entries[1:] == ["day 2017-03-22 5 0 1 8"]


def test_days_long_past_are_looked_at_only_where_their_counts_have_changed() -> None:
    campaign, derived = a_campaign(), Derived({})
    counts = LogCounts({FIRST: DayCounts(5), SECOND: DayCounts(2)})
    now = moment(at("2017-03-27 12:00"))
    days = days_to_count(campaign, {}, counts, now)
    assert [day.day for day in days] == [22, 23, 24, 25, 26]
    derive_days(counts, dict.fromkeys(days, 0), derived)
    assert [day.day for day in days_to_count(campaign, derived.state, counts, now)] == [25, 26]
    counts = LogCounts({FIRST: DayCounts(5), SECOND: DayCounts(2, 0, 1)})
    assert [day.day for day in days_to_count(campaign, derived.state, counts, now)] == [23, 25, 26]


def test_the_close_says_its_own_index() -> None:
    campaign, derived = a_campaign(), Derived({"days": {}})
    derive_days(LogCounts(), {FIRST: 0}, derived)
    derive_close(campaign, 12, 100, moment(CLOSES + GRACE), derived)
    assert derived.entries == ["day 2017-03-22 0 0 0 0", "closed 12"]
    assert derived.state["closed"] == {"count": 12, "index": 101}
    derive_close(campaign, 12, 200, moment(CLOSES + GRACE), derived)
    derive_close(campaign, 13, 300, moment(CLOSES + GRACE), derived)
    assert derived.state["closed"] == {"count": 13, "index": 101}  # what was open by then stays open


def test_the_close_waits_for_ballots_under_way() -> None:
    campaign, derived = a_campaign(), Derived({})
    assert not is_over(campaign, moment(CLOSES + GRACE - timedelta(seconds=1)))
    derive_close(campaign, 12, 0, moment(CLOSES), derived)
    assert derived.entries == []


def test_the_result_waits_until_everybody_may_see_it() -> None:
    over = moment(CLOSES + timedelta(days=1))
    hidden, derived = a_campaign(visibility=ResultsVisibility.AFTER_PUBLICATION), Derived({})
    derive_result(hidden, LogCounts(), over, derived)
    derive_result(a_campaign(), LogCounts(), moment(CLOSES), derived)
    assert derived.entries == []
    derive_result(replace(hidden, published_at=CLOSES), LogCounts(), over, derived)
    assert [line.split()[0] for line in derived.entries] == ["result"]
    derive_result(replace(hidden, published_at=CLOSES), LogCounts(), over, derived)
    assert (len(derived.entries), len(derived.documents)) == (1, 1)


def test_a_selection_is_stated_with_what_it_follows_from() -> None:
    derived = Derived({})
    derive_selection("WINNER", 2, SelectionTexts("{}", "trace\n"), derived)
    trace, record = (document.sha256 for document in derived.documents)
    assert derived.entries == [f"selection WINNER 2 {trace} {record}"]
    assert derived.state["selections"] == {"WINNER": 2}


def test_a_comparison_is_due_when_the_campaign_or_the_time_has_changed_in_either_direction() -> None:
    campaign, derived = a_campaign(revision=3), Derived({})
    now = at("2017-03-23 12:00")
    assert is_due(campaign, {}, moment(now))
    derive_comparison(campaign, moment(now), derived)
    assert not is_due(campaign, derived.state, moment(now + timedelta(hours=11)))
    assert is_due(campaign, derived.state, moment(now + timedelta(days=1)))
    assert is_due(campaign, derived.state, moment(now - timedelta(days=1)))
    assert is_due(replace(campaign, revision=4), derived.state, moment(now))
