"""Do logs and receipts tell no more than how many ballots there are, before the results may be seen?"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer, running
from tests.conftest import SETTINGS
from tests.leak_campaigns import CAMPAIGNS, prepare, seeded
from tests.leak_worlds import LIMITS, World
from tests.proof_checks import split_entries
from tests.servers import Client, Json, codes

pytestmark = pytest.mark.any_engine

COMMON = {"lin": (3,), "first": (2, 3)}  # the same in both worlds
DIFFERING: Sequence[Mapping[str, tuple[int, ...]]] = (
    {"second": (1, 2), "third": (1,)},
    {"second": (5, 6), "third": (4,)},
)
BALLOTS = 4
STEPWISE = ("daily", "live-minute", "live-hour", "casting-minute")  # their turnout is as of an earlier moment
EARLY, LATE, NOW, AFTER = "2017-03-25 08:00:00", "2017-03-25 10:30:20", "2017-03-25 10:30:40", "2017-04-10 10:00"
LOG = """query Log($slug: String!, $ballot: ID!) {
  campaign(slug: $slug) { turnout { ballots } log { origin url verifierKey receiptKey waiting countable
    checkpoint { size sealedAt rootHash note } witnesses { name } } }
  ballot(id: $ballot) { receipt { ballotId keyId batchIndex batchSize leafHash batchHashes signature note sealBy
    inclusion { checkpoint { size } } } } }"""
DIGESTS = re.compile(r"[0-9a-f]{64}|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86,92}=*")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    settings = SETTINGS | {f"PINGXUAN_LIMIT_{name}": value for name, value in LIMITS.items()}
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


async def lines_of(world: World, slug: str) -> list[str]:
    """The entries that are published of a log."""
    client = Client(world.http, world.sandbox)
    checkpoint = await client.get(f"/log/{slug}/checkpoint")
    if checkpoint.status == 404:
        return []
    size = int(checkpoint.body.split(b"\n")[1])
    bundle = await client.get(f"/log/{slug}/tile/entries/000.p/{size}")
    return [entry.decode() for entry in split_entries(bundle.body)]


async def settled(world: World, slug: str, kinds: Mapping[str, int]) -> list[str]:
    """The entries once there are so many of these kinds."""
    lines: list[str] = []
    for _ in range(600):
        lines = await lines_of(world, slug)
        if all(sum(line.startswith(f"{kind} ") for line in lines) >= count for kind, count in kinds.items()):
            return lines
        await asyncio.sleep(0.05)
    raise AssertionError(f"{slug} still has {lines}")


async def told(world: World, slug: str, ballot: str, role: str) -> Json:
    """What a role is told of a log, without digests: those are of what nobody may know."""
    client = Client(world.http, world.sandbox)
    found: Any = await client.data(LOG, {"slug": slug, "ballot": ballot}, world.tokens[role])
    for path in ("keys", "policy", "checkpoint"):
        found[path] = (await client.get(f"/log/{slug}/{path}")).body.decode()
    lines = await lines_of(world, slug)
    found["entries"] = sorted(line if not line.startswith("ballot ") else DIGESTS.sub("…", line) for line in lines)
    found["openings"] = (await client.get(f"/log/{slug}/openings/000.p/{len(lines)}")).status
    return masked(found)


def masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: masked(each) for key, each in value.items()}
    if isinstance(value, list):
        return [masked(each) for each in value]
    return DIGESTS.sub("…", value) if isinstance(value, str) else value


async def test_two_worlds_whose_ballots_differ_have_logs_that_look_alike(world: World, files: dict[str, Path]) -> None:
    surveys = []
    for differing in DIFFERING:
        world.restart(files["without"])
        ballots = await world.cast(EARLY, {voter: dict.fromkeys(CAMPAIGNS, named) for voter, named in COMMON.items()})
        for slug in CAMPAIGNS:
            await settled(world, slug, {"ballot": len(COMMON)})
        await world.cast(LATE, {voter: dict.fromkeys(CAMPAIGNS, named) for voter, named in differing.items()})
        for slug in CAMPAIGNS:
            await settled(world, slug, {"ballot": BALLOTS, "day": 3})
        world.show(NOW)
        surveys.append(
            {
                (slug, role): await told(world, slug, ballots[slug], role)
                for slug in CAMPAIGNS
                for role in ("nobody", "lin", "organizer")
            }
        )
    assert surveys[0] == surveys[1]
    for (slug, _), found in surveys[0].items():
        log = found["campaign"]["log"]
        assert (found["openings"], log["countable"]) == (404, False)
        assert log["waiting"] == (None if slug in STEPWISE else 0)
        assert not [line for line in found["entries"] if line.startswith(("closed", "result", "selection"))]


async def test_what_is_hidden_after_the_close_stays_committed_and_no_more(world: World, files: dict[str, Path]) -> None:
    world.restart(files["without"])
    ballots = await world.cast(EARLY, {voter: dict.fromkeys(CAMPAIGNS, named) for voter, named in COMMON.items()})
    world.show(AFTER)
    await settled(world, "close", {"closed": 1, "result": 1})
    await settled(world, "unpublished", {"closed": 1, "day": 10})
    shown, hidden = [await told(world, slug, ballots[slug], "organizer") for slug in ("close", "unpublished")]
    assert (shown["openings"], shown["campaign"]["log"]["countable"]) == (200, True)
    assert (hidden["openings"], hidden["campaign"]["log"]["countable"]) == (404, False)
    assert not [line for line in hidden["entries"] if line.startswith("result")]
    answer = await Client(world.http, world.sandbox).ask('{ results(campaign: "unpublished") { totalCount } }')
    assert codes(answer) == ["RESULTS_HIDDEN"]


async def test_a_draft_has_no_log_for_whoever_asks(world: World, files: dict[str, Path]) -> None:
    world.restart(files["with"])
    client = Client(world.http, world.sandbox)
    for path in ("checkpoint", "keys", "policy"):
        draft, nowhere = [await client.get(f"/log/{slug}/{path}") for slug in ("draft", "nowhere")]
        assert (draft.status, draft.body) == (nowhere.status, nowhere.body) == (404, nowhere.body)
