"""Are goals judged as they were promised?"""

from typing import Any

from bench.goals import GOALS, judged
from tests.bench.samples import medians


def judgement(found: dict[str, Any], start: str) -> dict[str, Any]:
    return next(each for each in judged(found) if each["goal"].startswith(start))


def test_a_figure_at_the_bound_is_met_on_either_side() -> None:
    found = {"workloads": {"cast": medians(postgres=1_000, sqlite=1_000)}}
    assert judgement(found, "castBallot: ballots/s on SQLite")["met"] is True
    found["workloads"]["cast"] = medians(postgres=1_001, sqlite=1_000)
    assert judgement(found, "castBallot: ballots/s on SQLite")["met"] is False
    assert judgement({"candidates": [{"milliseconds": 20.0}]}, "ranking 5,000")["met"] is True
    assert judgement({"candidates": [{"milliseconds": 20.1}]}, "ranking 5,000")["met"] is False


def test_what_was_not_run_is_not_judged() -> None:
    for nothing in ({"workloads": {}}, {"workloads": {}, "scaling": {}, "growth": [], "live": {}, "candidates": {}}):
        assert [each["met"] for each in judged(nothing)] == [None] * len(GOALS)


def test_a_missing_second_peer_costs_the_remark_alone() -> None:
    found = {"workloads": {"cast": medians(postgres=4_000, mercurius=2_000)}}
    judged_speed = judgement(found, "castBallot, PostgreSQL")
    assert (judged_speed["measured"], judged_speed["met"], judged_speed["remark"]) == (2.0, True, "")


def test_one_late_update_spoils_all_subscribers() -> None:
    live = {"subscribers": 20_000, "kib_each": 11.5, "updates": {"missed": 0, "slowest_seconds": 0.9}}
    assert judgement({"live": live}, "live subscribers")["met"] is True
    live["updates_beside_stuck"] = {"missed": 0, "slowest_seconds": 1.01}
    assert judgement({"live": live}, "live subscribers")["met"] is False
