"""Do those who watch live results in a sandbox see ballots and the clock at once, and are they told of a reset?"""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from api.testing.sandbox import SandboxClock, SandboxServer, running
from tests.servers import CAST, TEN, edited_campaign, project_ids
from tests.sockets import WATCH, talk

HIDDEN = {"results_visibility": 'results_visibility = "AFTER_CLOSE"'}
BALLOT = {"input": {"projectIds": project_ids(TEN)}}


async def test_a_ballot_is_told_although_the_clock_stands(pingxuan_server: SandboxServer) -> None:
    async with talk(pingxuan_server) as socket:
        await socket.greet()
        await socket.begin("live", WATCH)
        assert (await socket.hear())["payload"]["data"]["resultsChanged"]["nodes"][0]["votes"] == 0
        await asyncio.to_thread(pingxuan_server.voters["lin"].ask, CAST, BALLOT)
        assert (await socket.hear())["payload"]["data"]["resultsChanged"]["nodes"][0]["votes"] == 1


async def test_a_named_voter_casts_over_a_socket(pingxuan_server: SandboxServer) -> None:
    async with talk(pingxuan_server) as socket:
        await socket.greet(Authorization=f"Bearer {pingxuan_server.voters['wang'].token}")
        payload = await socket.result("cast", CAST, **BALLOT)
        assert payload["data"]["castBallot"]["ballot"]["castAt"] == "2017-03-22T09:00:00+08:00"


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    """A campaign whose results are seen after it has closed."""
    return edited_campaign(tmp_path, "hidden", HIDDEN)


async def test_results_that_the_clock_opens_are_seen(hidden: Path) -> None:
    with running([hidden]) as server:
        async with talk(server) as socket:
            await socket.greet()
            await socket.begin("live", WATCH)
            assert (await socket.hear())["payload"]["errors"][0]["extensions"]["code"] == "RESULTS_HIDDEN"
            server.clock.set("2017-03-31T12:00:00+08:00")
            assert (await socket.hear())["payload"]["data"]["resultsChanged"]["nodes"][0]["votes"] == 0


async def test_a_session_ends_by_the_clock_while_it_watches(
    pingxuan_server: SandboxServer, pingxuan_clock: SandboxClock
) -> None:
    guest = await asyncio.to_thread(pingxuan_server.sign_in)
    async with talk(pingxuan_server) as socket:
        await socket.greet(Authorization=f"Bearer {guest.token}")
        await socket.begin("live", WATCH)
        await socket.hear()
        pingxuan_clock.move(365 * 86400)
        assert await socket.closed() in (4401, 4403)


async def test_sockets_are_closed_by_a_reset_and_can_be_opened_again(pingxuan_server: SandboxServer) -> None:
    async with talk(pingxuan_server) as watching, talk(pingxuan_server) as silent:
        await watching.greet()
        await watching.begin("live", WATCH)
        await watching.hear()
        await asyncio.to_thread(pingxuan_server.reset)
        assert await watching.closed() == 1012
        assert await silent.closed() == 1012
    async with talk(pingxuan_server) as again:
        await again.greet()
    assert "Traceback" not in pingxuan_server.log


async def test_a_stream_of_events_is_ended_by_a_reset(pingxuan_server: SandboxServer) -> None:
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(20)) as session,
        session.post(pingxuan_server.url, json={"query": WATCH}, headers={"Accept": "text/event-stream"}) as response,
    ):
        await response.content.readuntil(b"resultsChanged")
        await asyncio.to_thread(pingxuan_server.reset)
        await response.content.read()
        assert response.content.at_eof()
    assert "Traceback" not in pingxuan_server.log


async def test_a_sandbox_that_is_watched_can_be_stopped() -> None:
    with running() as server:
        async with (
            talk(server) as socket,
            aiohttp.ClientSession() as session,
            session.post(server.url, json={"query": WATCH}, headers={"Accept": "text/event-stream"}) as response,
        ):
            await socket.greet()
            await response.content.readuntil(b"resultsChanged")
            server.process.terminate()
            assert await asyncio.to_thread(server.process.wait, 30) == 0
        assert "Traceback" not in server.log
