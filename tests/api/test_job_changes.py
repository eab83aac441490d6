"""Is whoever watches a job told of each change, wherever it happens, until it is over or they may not see it any more?"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp
import pytest

from api.domain.exchange.formats import ExportContent, FileFormat
from api.domain.exchange.jobs import ExportTerms, JobState
from api.subscriptions.manager import MIN_UPDATE_INTERVAL
from tests.servers import SLUG, Client, Json, Server, pingxuan, serving_together, without_cost
from tests.sockets import WATCH, Talk, talk
from tests.stored_jobs import a_job, change, job_id, store
from tests.waiting import until

pytestmark = pytest.mark.any_engine

WATCHED = (
    "subscription Watch($id: ID!) { jobChanged(id: $id) { state done total problemCount received campaign { slug } } }"
)
EVENTS = {"Accept": "text/event-stream"}
QUIET = 1.6  # seconds in which an update would have come


@dataclass
class World:
    """Two server processes on one database, and a guest who has requested jobs."""

    here: Client
    there: Client
    token: str
    viewer: str

    @property
    def url(self) -> str:
        server = self.here.server
        assert isinstance(server, Server)
        return server.database_url


@pytest.fixture
async def world(http: aiohttp.ClientSession, seeded_url: str) -> AsyncIterator[World]:
    with serving_together(seeded_url, 2) as [here, there]:
        client = Client(http, here)
        token = await client.sign_in("requester")
        viewer = (await client.data("{ viewer { id } }", token=token))["viewer"]["id"]
        yield World(client, client.at(there), token, viewer)


@asynccontextmanager
async def watching(client: Client, token: str | None, number: int = 1) -> AsyncIterator[Talk]:
    """A socket that watches a job."""
    async with talk(client.server) as talking:  # type: ignore[arg-type]
        await talking.greet(**({"Authorization": f"Bearer {token}"} if token else {}))
        await talking.begin("a", WATCHED, id=job_id(number))
        yield talking


async def heard(talking: Talk) -> Json:
    told = await talking.hear()
    assert (told["type"], told["id"]) == ("next", "a"), told
    job: Json = told["payload"]["data"]["jobChanged"]
    return job


def state(name: str = "RUNNING", done: int = 0, **more: Any) -> Json:
    of = {"total": None, "problemCount": 0, "received": 0, "campaign": {"slug": SLUG}}
    return {"state": name, "done": done, **of, **more}


async def test_each_change_is_told_at_either_server_until_the_job_is_over(world: World) -> None:
    await store(world.url, a_job(1, world.viewer), a_job(2, world.viewer))
    async with watching(world.here, world.token) as here, watching(world.there, world.token) as there:
        for talking in (here, there):
            assert await heard(talking) == state()
        await change(world.url, 2, done=9)
        for columns, expected in (
            ({"done": 5, "total": 20}, state(done=5, total=20)),
            ({"problem_count": 3}, state(done=5, total=20, problemCount=3)),
            ({"received": 2**40}, state(done=5, total=20, problemCount=3, received=2**40)),
        ):
            await change(world.url, 1, **columns)
            for talking in (here, there):
                assert await heard(talking) == expected
        await change(world.url, 1, state="DONE", done=20)
        for talking in (here, there):
            assert await heard(talking) == state("DONE", 20, total=20, problemCount=3, received=2**40)
            assert await talking.hear() == {"type": "complete", "id": "a"}
        assert await here.result("b", "{ __typename }") == {
            "data": {"__typename": "Query"}
        }  # the socket is still there


async def test_many_changes_are_one_update_a_second(world: World) -> None:
    await store(world.url, a_job(1, world.viewer))
    async with watching(world.here, world.token) as talking:
        await heard(talking)
        loop, told = asyncio.get_running_loop(), 0
        began = loop.time()

        async def go_on() -> None:
            for row in count(1):
                await change(world.url, 1, done=row)
                if row >= 40 and told:  # some of it was told on the way
                    break
                await asyncio.sleep(0.05)
            await change(world.url, 1, total=row)

        going_on = asyncio.create_task(go_on())
        while (await heard(talking))["total"] is None:
            told += 1
        await going_on
        assert told <= (loop.time() - began) / MIN_UPDATE_INTERVAL + 1


async def test_what_has_not_changed_is_not_told_again(world: World) -> None:
    await store(world.url, a_job(1, world.viewer))
    async with watching(world.here, world.token) as talking:
        await heard(talking)
        await world.here.cast(await world.here.sign_in())  # results change, and nothing of the job
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(QUIET):
                await talking.connection.recv()


async def test_a_job_that_is_over_is_told_once(world: World) -> None:
    await store(world.url, a_job(1, world.viewer, state=JobState.FAILED))
    async with watching(world.here, world.token) as talking:
        assert await heard(talking) == state("FAILED")
        assert await talking.hear() == {"type": "complete", "id": "a"}


async def test_a_stream_tells_of_a_job_and_ends_with_it(world: World, http: aiohttp.ClientSession) -> None:
    await store(world.url, a_job(1, world.viewer))
    body = {"query": WATCHED, "variables": {"id": job_id(1)}}
    headers = {**EVENTS, "Authorization": f"Bearer {world.token}"}
    async with http.post(world.there.server.url, json=body, headers=headers) as response:
        events = told_by(response)
        assert await anext(events) == ("next", state())
        await change(world.url, 1, done=1)
        assert await anext(events) == ("next", state(done=1))
        await change(world.url, 1, state="CANCELLED")
        assert await anext(events) == ("next", state("CANCELLED", 1))
        assert [event async for event in events] == [("complete", None)]


async def told_by(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Json | None]]:
    """The events of a stream, each with the job that it shows."""
    async for block in _blocks(response):
        kind, _, data = block.partition("\n")
        text = data.removeprefix("data:").strip()
        payload = without_cost(json.loads(text)) if text else None
        yield kind.removeprefix("event: "), payload and payload["data"]["jobChanged"]


async def _blocks(response: aiohttp.ClientResponse) -> AsyncIterator[str]:
    whole = ""
    async for chunk in response.content.iter_any():
        whole += chunk.decode()
        while "\n\n" in whole:
            block, _, whole = whole.partition("\n\n")
            if not block.startswith(":"):
                yield block


@pytest.mark.parametrize("guest", ["a stranger", None])
async def test_whoever_may_not_see_a_job_is_told_the_same_as_if_there_were_none(
    world: World, guest: str | None
) -> None:
    await store(world.url, a_job(1, world.viewer))
    token = None if guest is None else await world.here.sign_in(guest)
    told = []
    for number in (1, 2):
        async with watching(world.here, token, number) as talking:
            told.append(await talking.hear())
    errors = [[error["extensions"]["code"] for error in each["payload"]] for each in told]
    assert errors == [["UNAUTHENTICATED" if token is None else "NOT_FOUND"]] * 2
    assert told[0] == json.loads(json.dumps(told[1]).replace(job_id(2), job_id(1)))


async def test_a_job_that_is_deleted_ends_with_an_error(world: World) -> None:
    await store(world.url, a_job(1, world.viewer))
    async with watching(world.here, world.token) as talking:
        await heard(talking)
        await change(world.url, 1, key="z" * 26)
        told = await talking.hear()
        assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "NOT_FOUND")


async def test_an_auditor_who_is_none_any_more_is_told_no_more(world: World) -> None:
    await store(world.url, a_job(1, world.viewer, terms=ExportTerms(ExportContent.TRAIL, FileFormat.CSV)))
    token = await world.here.sign_in("auditor")
    viewer = (await world.here.data("{ viewer { id } }", token=token))["viewer"]["id"]
    await _roles(world.here, token, viewer, "grant", ["VOTER", "AUDITOR"])
    async with watching(world.here, token) as talking:
        assert await heard(talking) == state()
        await _roles(world.here, token, viewer, "withdraw", ["VOTER"])
        await change(world.url, 1, done=1)
        told = await talking.hear()
        assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "NOT_FOUND")


async def _roles(client: Client, token: str, viewer: str, act: str, roles: list[str]) -> None:
    """Grant or withdraw the role, and wait until the client's server knows."""
    assert isinstance(client.server, Server)
    done = await asyncio.to_thread(pingxuan, client.server.database_url, act, "AUDITOR", viewer)
    assert done.returncode == 0, done.stdout + done.stderr

    async def is_known() -> bool:
        found: list[str] = (await client.data("{ viewer { roles } }", token=token))["viewer"]["roles"]
        return found == roles

    await until(is_known)


async def test_results_are_told_beside_a_job(world: World) -> None:
    await store(world.url, a_job(1, world.viewer))
    async with watching(world.here, world.token) as talking:
        await heard(talking)
        await talking.begin("r", WATCH)
        assert (await talking.hear())["id"] == "r"
        await world.there.cast(await world.there.sign_in())
        assert (await talking.hear())["id"] == "r"
        await change(world.url, 1, done=1)
        assert await heard(talking) == state(done=1)
