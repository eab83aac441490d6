"""Do files tell anybody whom ballots chose before the API itself would?"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from api.domain.exchange.formats import ExportContent, FileFormat
from api.testing.sandbox import SandboxServer, running
from tests.api.test_leaks import DIFFERING, PHASES, cast_all
from tests.conftest import SETTINGS
from tests.leak_campaigns import prepare, seeded
from tests.leak_worlds import LIMITS, LOGS_OFF, STAFF, World

pytestmark = pytest.mark.any_engine

C, F = ExportContent, FileFormat
ROLES = ("lin", "organizer")
FILES = (
    (C.CAMPAIGN, F.TOML),
    (C.PROJECTS, F.JSON_LINES),
    (C.BALLOTS, F.PABULIB),
    (C.BALLOTS, F.JSON_LINES),
    (C.RESULTS, F.CSV),
    (C.RESULTS, F.JSON_LINES),
    (C.RESULTS, F.REPORT),
    (C.TURNOUT, F.JSON_LINES),
)
JOB = "job { id state url problems { code message(language: EN) } }"
START = f"""mutation Start($slug: String!, $content: ExportContent!, $format: FileFormat!) {{
  startExport(campaign: $slug, content: $content, format: $format) {{ {JOB} problems {{ code message(language: EN) }} }} }}"""
ASK = f"query Ask($id: ID!) {{ {JOB.replace('job', 'job(id: $id)', 1)} }}"
OVER = {"DONE", "FAILED", "CANCELLED"}
# When a file was written, and by which snapshot.
MOMENTARY = re.compile(rb'"?(?:exported_?at|exportedAt|as_?of|asOf)"?\s*[:=,]\s*"?[^",\n]*"?')
# From the close on staff decide the stages by these.
STAFF_SEES = ("BALLOTS as PABULIB", "BALLOTS as JSON_LINES", "RESULTS as REPORT")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    limits = {**LIMITS, "JOBS": "1000"}
    settings = SETTINGS | LOGS_OFF | {f"PINGXUAN_LIMIT_{name}": value for name, value in limits.items()}
    with running(at="2017-03-21T12:00:00+08:00", settings=settings) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def world(sandbox: SandboxServer) -> AsyncIterator[World]:
    async with aiohttp.ClientSession() as http:
        tokens: dict[str, str | None] = {name: voter.token for name, voter in sandbox.voters.items()}
        guests = {name: sandbox.sign_in(name).token for name in ("first", "second", "third")}
        yield World(sandbox, http, {**tokens, **guests, "nobody": None})


@pytest.fixture(scope="module")
def files(sandbox: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return asyncio.run(prepare(tmp_path_factory.mktemp("worlds"), seeded(sandbox), sandbox.voters["chen"].id))


@pytest.mark.parametrize("name", ["voting", "closed"])
async def test_no_file_tells_whom_ballots_chose_before_it_may_be_seen(
    world: World, files: dict[str, Path], name: str
) -> None:
    phase, worlds, witnesses = PHASES[name], [], []
    for differing in DIFFERING:
        world.restart(files["without"])
        await cast_all(world, phase, differing)
        world.show(phase.now)
        worlds.append(await exported(world, phase.unseen, ROLES))
        witnesses.append(await exported(world, ("casting",), ("first",)))
    differing = {key for key, told in worlds[0].items() if told != worlds[1][key]}
    assert {key for key in differing if key[0] not in STAFF or key[2] not in STAFF_SEES} == set()
    assert name == "closed" or not differing
    refused = {slug for (_, slug, _), told in worlds[0].items() if told == b"RESULTS_HIDDEN"}
    assert refused >= {"publication", "unpublished"}
    if name == "voting":  # and a file does differ, to whoever may see it
        assert {
            what for (_, _, what), told in witnesses[0].items() if told != witnesses[1]["first", "casting", what]
        } == {
            "RESULTS as CSV",
            "RESULTS as JSON_LINES",
        }


async def exported(world: World, slugs: tuple[str, ...], roles: tuple[str, ...]) -> dict[tuple[str, str, str], bytes]:
    """What each role gets of each campaign: a file, or the reason why not."""
    keys = [(role, slug, content, format) for role in roles for slug in slugs for content, format in FILES]
    told = await asyncio.gather(*(_file(world, *key) for key in keys))
    return {
        (role, slug, f"{content.name} as {format.name}"): each
        for (role, slug, content, format), each in zip(keys, told, strict=True)
    }


async def _file(world: World, role: str, slug: str, content: ExportContent, format: FileFormat) -> bytes:
    variables = {"slug": slug, "content": content.name, "format": format.name}
    answer = await _asked(world, role, START, variables)
    if "errors" in answer:
        return b" ".join(error["extensions"]["code"].encode() for error in answer["errors"])
    payload = answer["data"]["startExport"]
    if payload["problems"]:
        return json.dumps(payload["problems"]).encode()
    job = payload["job"]
    async with asyncio.timeout(120):
        while job["state"] not in OVER:
            await asyncio.sleep(0.1)
            job = (await _asked(world, role, ASK, {"id": job["id"]}))["data"]["job"]
    if job["state"] != "DONE":
        return json.dumps(job["problems"]).encode()
    body = (await world.get(job["url"])).split(b"\n")
    return b"\n".join(sorted(MOMENTARY.sub(b"", line) for line in body[_head(body) :]))  # ballots are shuffled


def _head(lines: list[bytes]) -> int:
    """How many lines of a response come before its body: the status and the headers, which name another file each time."""
    return 1 + next(n for n, line in enumerate(lines[1:]) if not re.match(rb"[A-Za-z-]+: ", line))


async def _asked(world: World, role: str, document: str, variables: dict[str, str]) -> dict[str, dict[str, dict]]:  # type: ignore[type-arg]
    told = await world.send(role, document, variables)
    answer: dict[str, dict[str, dict]] = json.loads(told[told.index(b"\n{") :])  # type: ignore[type-arg]
    return answer
