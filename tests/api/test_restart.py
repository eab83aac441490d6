"""Is a ballot that was acknowledged still there, whatever becomes of the server that took it?"""

import asyncio
from collections.abc import AsyncIterator, Iterable

import aiohttp
import pytest

from tests.servers import Client, assert_audit_agrees, pingxuan, project_ids, refusals, serving

pytestmark = pytest.mark.any_engine

CAST = "mutation Cast($input: CastBallotInput!) { castBallot(input: $input) { ballot { id } violations { code } } }"
NODES = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id } }"
VOTERS, AT_ONCE = 3000, 16
ENOUGH = 150  # acknowledged ballots after which the server is killed


def key(voter: int) -> str:
    return f"ballot of {voter}"


def chosen_by(voter: int) -> range:
    return range(1 + voter % 30, 11 + voter % 30 + voter % 11)


async def acknowledged(api: Client, tokens: Iterable[tuple[int, str]]) -> AsyncIterator[tuple[int, str]]:
    """Cast one ballot after the other for as long as the server answers; every voter with the ballot's id."""
    for voter, token in tokens:
        given = {"projectIds": project_ids(chosen_by(voter)), "idempotencyKey": key(voter)}
        try:
            data = await api.data(CAST, {"input": given}, token)
        except (aiohttp.ClientError, ConnectionError):
            return
        assert refusals(data["castBallot"]) == []
        yield voter, data["castBallot"]["ballot"]["id"]


async def test_killing_the_server_loses_no_acknowledged_ballot(http: aiohttp.ClientSession, seeded_url: str) -> None:
    tokens = pingxuan(seeded_url, "token", "--count", str(VOTERS)).stdout.split()
    queue, ballots = iter(enumerate(tokens)), dict[int, str]()
    with serving(seeded_url) as server:
        api = Client(http, server)

        async def work() -> None:
            async for voter, ballot in acknowledged(api, queue):
                ballots[voter] = ballot
                if len(ballots) == ENOUGH:
                    server.kill()

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    asked = VOTERS - sum(1 for _ in queue)
    assert ENOUGH <= len(ballots) < VOTERS, "it was killed while ballots were being cast"
    assert len(ballots) <= asked <= len(ballots) + AT_ONCE
    assert_audit_agrees(seeded_url)
    with serving(seeded_url) as server:
        api = Client(http, server)
        ids = list(ballots.values())
        for start in range(0, len(ids), 100):
            nodes = (await api.data(NODES, {"ids": ids[start : start + 100]}))["nodes"]
            assert [node and node["id"] for node in nodes] == ids[start : start + 100]
        await assert_retries_settle_the_rest(api, tokens[:asked], ballots)
        turnout = await api.data("{ campaign { turnout { ballots } } }")
        assert len(ballots) <= turnout["campaign"]["turnout"]["ballots"] <= asked
    assert_audit_agrees(seeded_url, asked)


async def assert_retries_settle_the_rest(api: Client, tokens: list[str], ballots: dict[int, str]) -> None:
    """Whoever got no answer asks again, and has one ballot then, whether or not the first request had cast it."""
    for voter, token in enumerate(tokens):
        if voter not in ballots or voter % 50 == 0:
            payload = await api.cast(token, chosen_by(voter), idempotencyKey=key(voter))
            assert payload["violations"] == []
            assert ballots.get(voter, payload["ballot"]["id"]) == payload["ballot"]["id"]
            assert len(payload["viewer"]["ballots"]) == 1


async def test_stopping_the_server_answers_what_is_under_way(http: aiohttp.ClientSession, seeded_url: str) -> None:
    tokens = pingxuan(seeded_url, "token", "--count", "300").stdout.split()
    queue, ballots = iter(enumerate(tokens)), dict[int, str]()
    with serving(seeded_url) as server:
        api = Client(http, server)

        async def work() -> None:
            async for voter, ballot in acknowledged(api, queue):
                ballots[voter] = ballot
                if len(ballots) == 50:
                    server.ask_to_stop()

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    assert 50 <= len(ballots) < 300
    assert_audit_agrees(seeded_url, len(ballots))
