"""Is a burst found exactly where a plain search finds one, and what do addresses and settings come to?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.addresses import network_prefixes
from api.domain.integrity.suspicions import SuspicionKind, Threshold, burst, parse_detection_config
from tests.campaigns import DURING

moments = st.lists(st.integers(0, 900), max_size=40).map(
    lambda seconds: [DURING + timedelta(seconds=each) for each in sorted(seconds)]
)
limits = st.builds(Threshold, st.integers(2, 8), st.integers(1, 5))


@given(at=moments, threshold=limits)
def test_a_burst_runs_from_the_first_to_the_last_moment_that_has_company_enough(at, threshold) -> None:
    def in_company(moment) -> bool:
        """Whether some span that begins at one of the moments holds this one and enough others."""
        spans = ((start, start + threshold.span) for start in at)
        return any(
            start <= moment <= end and sum(start <= other <= end for other in at) >= threshold.ballots
            for start, end in spans
        )

    crowded = [moment for moment in at if in_company(moment)]
    assert burst(at, threshold) == ((crowded[0], crowded[-1]) if crowded else None)


@given(at=moments, threshold=limits, later=moments)
def test_more_ballots_never_make_a_burst_smaller(at, threshold, later) -> None:
    before, after = burst(at, threshold), burst(sorted([*at, *later]), threshold)
    if before is not None:
        assert after is not None
        assert after[0] <= before[0]
        assert after[1] >= before[1]


@given(threshold=limits)
def test_exactly_as_many_as_allowed_less_one_are_no_burst(threshold) -> None:
    together = [DURING] * threshold.ballots
    assert burst(together, threshold) == (DURING, DURING)
    assert burst(together[1:], threshold) is None
    apart = [DURING + n * (threshold.span + timedelta(seconds=1)) for n in range(20)]
    assert burst(apart, threshold) is None


@pytest.mark.parametrize(
    ("address", "one", "network"),
    [
        ("203.0.113.77", "cb00714d", "cb0071"),
        ("::ffff:203.0.113.77", "cb00714d", "cb0071"),
        ("2001:db8:1:2:3:4:5:6", "20010db800010002", "20010db80001"),
    ],
)
def test_an_address_is_one_house_in_one_network(address: str, one: str, network: str) -> None:
    assert network_prefixes(address) == (one, network)


def test_what_is_no_address_is_nowhere() -> None:
    assert network_prefixes("testclient") is None


def test_an_empty_setting_is_as_usual_and_a_word_changes_one_thing() -> None:
    usual, changed = parse_detection_config(""), parse_detection_config("ONE_ADDRESS=7/2  HASTE=off DAYS=3")
    assert usual.thresholds.keys() == set(SuspicionKind)
    assert (usual.min_seconds, usual.retention) == (3, timedelta(days=7))
    assert changed.thresholds.keys() == set(SuspicionKind) - {SuspicionKind.HASTE}
    assert changed.thresholds[SuspicionKind.ONE_ADDRESS] == Threshold(7, 2)
    assert changed.thresholds[SuspicionKind.ONE_NETWORK] == usual.thresholds[SuspicionKind.ONE_NETWORK]
    assert changed.retention == timedelta(days=3)


def test_zero_days_look_for_nothing() -> None:
    assert parse_detection_config("DAYS=0").thresholds == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ADDRESS=5/5", "give words like"),
        ("HASTE", "HASTE=BALLOTS/MINUTES"),
        ("HASTE=1/5", "2 to 10000 ballots"),
        ("HASTE=5/61", "1 to 60 minutes"),
        ("ONE_NETWORK=5/0", "1 to 60 minutes"),
        ("SECONDS=soon", "SECONDS as a number from 0 to 600"),
        ("DAYS=91", "DAYS as a number from 0 to 90"),
    ],
)
def test_a_wrong_setting_is_told_what_would_be_right(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_detection_config(text)
