"""Are several runs told as their median and their spread, and does one that fails leave the others alone?"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import pytest

from bench.loading import Plan, alternate, median
from bench.servers import Server
from bench.voters import Voters
from bench.workloads import CAST_SATURATED
from tests.bench.samples import sample

NOBODY = Voters(Path("/dev/null"), 0, 0)


def test_each_figure_has_its_own_median_and_extremes() -> None:
    middle = median([sample(10, 5, 1), sample(30, 9, 2, bad=1, others=0.3, example="no"), sample(20, 6, 9, bad=2)])
    assert (middle.per_second, middle.server_cpu, middle.database_cpu) == (20, 6, 2)
    assert middle.spread["per_second"] == (10, 30)
    assert middle.spread["cpu"] == (6, 15)
    assert (middle.bad, middle.others, middle.example) == (3, 0.3, "no")


def test_a_plan_that_says_how_long_is_followed_everywhere() -> None:
    assert Plan(0, 1, 3, NOBODY).lasting(5).seconds == 5
    assert Plan(2, 1, 3, NOBODY).lasting(5).seconds == 2


def test_a_contestant_that_fails_once_is_told_by_its_other_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes: Iterator[object] = iter(
        [sample(10), RuntimeError(), sample(30), RuntimeError(), sample(20), RuntimeError()]
    )
    failed = []

    def run(*_: object) -> object:
        outcome = next(outcomes)
        if isinstance(outcome, RuntimeError):
            raise outcome
        return outcome

    def guard(name: str) -> AbstractContextManager[None]:
        failed.append(name)
        return suppress(RuntimeError)

    monkeypatch.setattr("bench.loading.run", run)
    servers = [Server("one", 0, 0), Server("two", 0, 0)]
    samples = alternate(servers, CAST_SATURATED, Plan(1, 0, 3, NOBODY), guard)
    assert {name: each.per_second for name, each in samples.items()} == {"one": 20}
    assert failed == ["cast, one", "cast, two"] * 3
