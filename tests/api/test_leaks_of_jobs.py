"""Is nobody told of a job, of its file or of the campaign that it makes but whoever may know of it, by any way there is?"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer, running
from tests.api.test_leaks import Survey, differences, survey
from tests.conftest import SETTINGS
from tests.leak_campaigns import prepare, seeded
from tests.leak_jobs import ASKED, SECRET, SEEN_BY, TITLE
from tests.leak_jobs import prepare as prepare_jobs
from tests.leak_worlds import JOBS, LIMITS, LOGS_OFF, STAFF, VOTERS, World

NOW = "2017-03-25 10:30:40"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    settings = SETTINGS | LOGS_OFF | {f"PINGXUAN_LIMIT_{name}": value for name, value in LIMITS.items()}
    with running(at="2017-03-21T12:00:00+08:00", settings=settings) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def world(sandbox: SandboxServer) -> AsyncIterator[World]:
    async with aiohttp.ClientSession() as http:
        yield World(sandbox, http, {name: voter.token for name, voter in sandbox.voters.items()} | {"nobody": None})


@pytest.fixture(scope="module")
def files(sandbox: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    async def prepared() -> dict[str, Path]:
        folder = tmp_path_factory.mktemp("worlds")
        with_draft = (await prepare(folder, seeded(sandbox), sandbox.voters["chen"].id))["with"]
        return await prepare_jobs(folder, with_draft, sandbox.voters["organizer"].id)

    return asyncio.run(prepared())


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every question about a campaign be about its job as well."""
    for slug, key in ASKED.items():
        monkeypatch.setitem(JOBS, slug, key)


@pytest.mark.parametrize("slug", SEEN_BY)
async def test_a_job_is_seen_by_whom_it_may_be(world: World, files: dict[str, Path], slug: str) -> None:
    surveys: list[Survey] = []
    for name in ("no jobs", "jobs"):
        world.restart(files[name])
        world.show(NOW)
        told = await survey(world, {}, (slug,), (*STAFF, *VOTERS))
        for role in (role for role in (*VOTERS, "auditor") if role not in SEEN_BY[slug][1] or role == "auditor"):
            changed = await world.change(role, slug, {})
            told |= {(role, slug, what): answer for what, answer in changed.items()}
        surveys.append(told)
    found = differences(*surveys)
    assert {role for role, _, _ in found} == SEEN_BY[slug][1], found
    blind = [answer for (role, _, _), answer in surveys[1].items() if role not in SEEN_BY[slug][1]]
    assert not [answer for answer in blind if SECRET.encode() in answer]
    assert not [answer for answer in surveys[1].values() if TITLE.encode() in answer]  # which is not there yet
