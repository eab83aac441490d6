"""Is every acknowledged ballot there once, counted once, and does voting go on by itself, whatever fails while people vote?

A part of what `python -m tests.faults` runs: faults with one voter at a time, whom nobody else's trouble helps, and with
many; each kind of deployment serves several faults, and is judged by all that was told in its life.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.disks import DiskUnavailable
from tests.faults.deployments import Deployment
from tests.faults.places import PLACES, Ground
from tests.faults.runs import judged
from tests.faults.table import FAULTS, Fault
from tests.faults.voters import History

pytestmark = [pytest.mark.check, pytest.mark.any_engine]

SEED = 18
MANY = 16
BUSY = ("sqlite", "postgres")
# The others take minutes, or want programs that few machines have: `python -m tests.faults` runs them.
QUICK = {
    "kill_server",
    "kill_worker",
    "kill_postgres",
    "kill_backend",
    "stop_postgres",
    "cut_connections",
    "fill_disk",
    "fill_log_disk",
    "fail_to_sync",
    "fail_to_sync_postgres",
    "jump_clock",
    "sleep_over_midnight",
    "limit_memory",
}


@dataclass
class Life:
    """A deployment and all that was told in its life."""

    deployment: Deployment
    history: History


class Lives:
    """The one that is under way, which goes on as long as the same kind of deployment is asked for."""

    def __init__(self, here: Ground, stack: ExitStack) -> None:
        self._here, self._stack = here, stack
        self._present: tuple[tuple[str, int], Life] | None = None

    def of(self, kind: tuple[str, int]) -> Life:
        if self._present is None or self._present[0] != kind:
            self._stack.close()
            place, processes = kind
            deployment = self._stack.enter_context(PLACES[place](self._here, processes))
            self._present = kind, Life(deployment, History(SEED, self._here.tokens))
        return self._present[1]


@pytest.fixture(scope="module")
def lives(here: Ground) -> Iterator[Lives]:
    with ExitStack() as stack:
        yield Lives(here, stack)


@pytest.fixture
def life(lives: Lives, request: pytest.FixtureRequest) -> Life:
    try:
        return lives.of(request.param)
    except DiskUnavailable as error:
        pytest.skip(str(error))


def cells() -> Iterator[tuple[tuple[str, int], Fault, int]]:
    """Of all there are: with one process one voter at a time everywhere, with four processes many where most happens."""
    for place in PLACES:
        for processes, at_once in ((1, 1), (4, MANY)) if place in BUSY else ((1, 1),):
            for fault in FAULTS:
                if place in fault.places and processes >= fault.least and fault.name in QUICK:
                    yield (place, processes), fault, at_once


@pytest.mark.parametrize(
    ("life", "fault", "at_once"),
    [
        pytest.param(life, fault, at_once, id=f"{life[0]} x{life[1]} {fault.name} by {at_once}")
        for life, fault, at_once in cells()
    ],
    indirect=["life"],
)
async def test_what_fails_loses_nothing_doubles_nothing_and_is_told_as_documented(
    life: Life, fault: Fault, at_once: int
) -> None:
    told, wrong = await judged(fault, life.deployment, life.history, at_once)
    assert wrong == [], f"{dict(told)}\n{life.deployment.log()}"
