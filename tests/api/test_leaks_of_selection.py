"""Is nobody told of scores, comments, expert ballots, plans and objectors before their time, by any way there is?"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer, running
from tests.api.test_leaks import Survey, differences, survey
from tests.conftest import SETTINGS
from tests.leak_campaigns import seeded
from tests.leak_panels import HIGH_TO_LOW, JUROR, RIVAL, SLUG, Panel, Secrets, prepare
from tests.leak_worlds import LIMITS, LOGS_OFF, STAFF, World

OUTSIDE = ("nobody", "chen", "wang", "expert", JUROR)  # expert is one of another panel, and chen an organizer elsewhere


PLAN = """mutation Plan($slug: String!, $stage: String!) { planSelection(campaign: $slug, stage: $stage) {
  plan { digest trace record rows { score rank } } problems { code path message(language: EN) } } }"""


@dataclass(frozen=True)
class Moment:
    """What differs between two worlds, and who may see that it does."""

    secrets: Secrets
    seen_by: tuple[str, ...] = STAFF


SCORES, WORDS, VOTES = Secrets(HIGH_TO_LOW), Secrets(words="Other"), Secrets(votes=4)
MOMENTS = {
    "scoring": Moment(Secrets(HIGH_TO_LOW, "Other"), ()),
    "scored": Moment(Secrets(HIGH_TO_LOW, "Other")),
    "committed": Moment(SCORES),
    "announced": Moment(Secrets(words="Other", objector="Mr Li")),
    "balloting": Moment(VOTES, ()),
    "balloted": Moment(VOTES, ()),
    "won": Moment(VOTES),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    settings = SETTINGS | LOGS_OFF | {f"PINGXUAN_LIMIT_{name}": value for name, value in LIMITS.items()}
    with running(at="2017-03-21T12:00:00+08:00", settings=settings) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture(scope="module")
def file(sandbox: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(prepare(tmp_path_factory.mktemp("panels"), seeded(sandbox), sandbox.voters["chen"].id))


@pytest.fixture
async def world(sandbox: SandboxServer) -> AsyncIterator[World]:
    async with aiohttp.ClientSession() as http:
        tokens: dict[str, str | None] = {name: voter.token for name, voter in sandbox.voters.items()}
        guests = {name: sandbox.sign_in(name).token for name in (JUROR, RIVAL)}
        yield World(sandbox, http, {**tokens, **guests, "nobody": None})


@pytest.mark.parametrize("name", MOMENTS)
async def test_what_experts_do_is_seen_by_whom_it_may_be(world: World, file: Path, name: str) -> None:
    moment, surveys = MOMENTS[name], []
    for secrets in (Secrets(), moment.secrets):
        world.restart(file)
        await getattr(Panel(world, secrets), name)()
        surveys.append(await everything(world))
    assert {role for role, _, _ in differences(*surveys)} == {*moment.seen_by, RIVAL}, differences(*surveys)


async def everything(world: World) -> Survey:
    """All that everybody is told, and then, what those are who try to change something."""
    told = await survey(world, {}, (SLUG,), (*OUTSIDE, *STAFF, RIVAL))
    for role in OUTSIDE:
        changed = await world.change(role, SLUG, {})
        told |= {(role, SLUG, what): answer for what, answer in changed.items()}
    return told


@pytest.mark.parametrize("moment", ["scoring", "balloting"])
async def test_no_plan_tells_staff_what_experts_do_before_their_deadline(world: World, file: Path, moment: str) -> None:
    told = []
    for secrets in (Secrets(), Secrets(HIGH_TO_LOW) if moment == "scoring" else VOTES):
        world.restart(file)
        await getattr(Panel(world, secrets), moment)()
        if moment == "scoring":
            world.show("2017-04-01 12:00")  # voting is over, and the experts' deadline is not
        stage = "FINALIST" if moment == "scoring" else "WINNER"
        told.append(await world.send("organizer", PLAN, {"slug": SLUG, "stage": stage}))
    assert told[0] == told[1]
    assert b"TOO_EARLY" in told[0]
