"""Is nothing lost and nothing stored twice while the database is away, and is everybody told the same again afterwards?"""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
import asyncpg
import pytest

from tests.databases import PostgresServer
from tests.servers import (
    SIGN_IN,
    TEN,
    Client,
    Json,
    assert_audit_agrees,
    codes,
    pingxuan,
    project_ids,
    serving,
    serving_together,
)
from tests.waiting import until

pytestmark = pytest.mark.any_engine

AWAY = 5.0  # seconds
VOTERS = 4_000  # more than can cast meanwhile
CASTING = "mutation Cast($input: CastBallotInput!) { castBallot(input: $input) { ballot { id } } }"
BALLOT = f'query {{ node(id: "ballot/{"a" * 26}") {{ id }} }}'
TURNOUT = "{ campaign { turnout { ballots } } }"


class Crowd:
    """Voters who cast one after another, and again with the same key until they have a ballot. heard: what they were told."""

    def __init__(self, clients: list[Client], tokens: list[str]) -> None:
        self._clients = clients
        self._waiting = list(enumerate(tokens))
        self.enough = asyncio.Event()
        self.heard: Counter[str] = Counter()
        self.acknowledged: dict[str, str] = {}

    async def cast(self) -> None:
        """One of many at once: takes the next voter, until it is enough."""
        while not self.enough.is_set():
            number, token = self._waiting.pop()
            await asyncio.sleep(0.01)
            while token not in self.acknowledged:
                answer = await self._answer(self._clients[number % len(self._clients)], token)
                self.heard.update(codes(answer) or ["cast"])
                if codes(answer):
                    await asyncio.sleep(answer["errors"][0]["extensions"]["retryAfter"])
                else:
                    self.acknowledged[token] = answer["data"]["castBallot"]["ballot"]["id"]

    async def has_cast(self, ballots: int) -> bool:
        return len(self.acknowledged) >= ballots

    async def _answer(self, client: Client, token: str) -> Json:
        given = {"input": {"projectIds": project_ids(TEN), "idempotencyKey": "the only one"}}
        answer: Json = (await client.post({"query": CASTING, "variables": given}, Authorization=f"Bearer {token}")).json
        return answer


async def test_a_database_that_is_away_for_five_seconds_under_load_costs_nobody_a_ballot(
    http: aiohttp.ClientSession, own_postgres: PostgresServer
) -> None:
    with serving_together(own_postgres.url("postgres"), 2, noisy=True) as servers:
        clients = [Client(http, server) for server in servers]
        tokens = pingxuan(own_postgres.url("postgres"), "token", "--count", str(VOTERS)).stdout.split()
        crowd = Crowd(clients, tokens)
        casting = asyncio.gather(*(crowd.cast() for _ in range(20)))
        await until(partial(crowd.has_cast, 20))
        await asyncio.to_thread(own_postgres.stop)
        await asyncio.sleep(AWAY)
        before = len(crowd.acknowledged)
        await asyncio.to_thread(own_postgres.start)
        await until(partial(crowd.has_cast, before + 20))
        crowd.enough.set()
        await casting
    assert len(crowd.acknowledged) > before
    assert set(crowd.heard) <= {"cast", "OVERLOADED"}, crowd.heard
    ballots = set(crowd.acknowledged.values())
    assert len(ballots) == len(crowd.acknowledged) == crowd.heard["cast"]
    assert_audit_agrees(own_postgres.url("postgres"), len(ballots))


async def is_recognised(client: Client, token: str) -> bool:
    """Whether it is known which sessions were revoked, as of a moment before."""
    return not codes(await client.ask("{ viewer { id } }", token=token))


async def has_ballots(client: Client, ballots: int) -> bool:
    shown: int = (await client.data(TURNOUT))["campaign"]["turnout"]["ballots"]
    return shown == ballots


async def test_while_the_database_hangs_the_last_results_are_shown(
    http: aiohttp.ClientSession, own_postgres: PostgresServer
) -> None:
    with serving_together(own_postgres.url("postgres"), 1, noisy=True) as [server]:
        client = Client(http, server)
        await client.cast(await client.sign_in("early"))
        await asyncio.sleep(1)
        assert (await client.data(TURNOUT))["campaign"]["turnout"]["ballots"] == 1
        processes = backends(own_postgres)
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            for _ in range(3):
                await asyncio.sleep(1)
                assert (await client.data(TURNOUT))["campaign"]["turnout"]["ballots"] == 1
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)
        late = await client.sign_in("late")
        await until(partial(is_recognised, client, late))
        await client.cast(late)
        await until(partial(has_ballots, client, 2))


def backends(server: PostgresServer) -> list[int]:
    """The processes that serve the connections."""
    return [int(line) for line in server.run("SELECT pid FROM pg_stat_activity WHERE application_name = 'pingxuan'")]


async def test_what_is_cast_at_one_process_shows_at_another_within_a_second(
    http: aiohttp.ClientSession, seeded_url: str
) -> None:
    with serving_together(seeded_url, 2) as servers:
        here, there = (Client(http, server) for server in servers)
        for ballots in (1, 2, 3):
            await here.cast(await here.sign_in())
            await asyncio.sleep(1)
            shown = [(await client.data(TURNOUT))["campaign"]["turnout"]["ballots"] for client in (here, there)]
            assert shown == [ballots, ballots]


async def test_a_lock_that_stays_is_overloaded_for_whoever_needs_the_database(
    http: aiohttp.ClientSession, own_postgres: PostgresServer
) -> None:
    url = own_postgres.url("postgres")
    with serving(url, noisy=True, DATABASE_TIMEOUT="1") as server:
        client = Client(http, server)
        async with locked(url, "campaigns, grants, revocations, ballots"):
            refused = await client.post({"query": SIGN_IN, "variables": {"name": "early"}})
            assert (refused.status, codes(refused.json)) == (503, ["OVERLOADED"])
            assert refused.headers["Retry-After"] == "1"
            assert (await client.get("/readyz")).status == 503
        token = await client.sign_in("lin")
        async with locked(url, "ballots"):
            given = {"input": {"projectIds": project_ids(TEN)}}
            for operation in (CASTING, BALLOT, "query { viewer { ballots { id } } }"):
                variables = given if operation is CASTING else {}
                assert codes(await client.ask(operation, variables, token)) == ["OVERLOADED"], operation
        assert (await client.cast(token))["ballot"] is not None


@asynccontextmanager
async def locked(url: str, tables: str) -> AsyncIterator[None]:
    """Somebody keeps these tables locked, and does no more."""
    other = await asyncpg.connect(url)
    try:
        await other.execute(f"begin; lock table {tables}")
        yield
    finally:
        await other.close()
