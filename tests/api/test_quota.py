"""Does one ballot a day hold, under any concurrency and to the second?"""

import asyncio
from collections import Counter

import aiohttp
import pytest

from api.testing.sandbox import SandboxClock, SandboxServer
from tests.servers import Client, assert_audit_agrees, refusals, serving_together

pytestmark = pytest.mark.any_engine

PROCESSES = 4
SLUG = {"campaign": "shanghai-2017"}


async def test_of_two_hundred_ballots_at_once_one_is_cast(http: aiohttp.ClientSession, seeded_url: str) -> None:
    with serving_together(seeded_url, PROCESSES) as servers:
        clients = [Client(http, server) for server in servers]
        token = await clients[0].sign_in("the same guest")
        payloads = await asyncio.gather(
            *(clients[turn % PROCESSES].cast(token, range(1 + turn % 40, 11 + turn % 40)) for turn in range(200))
        )
        outcomes = Counter(tuple(refusals(payload)) for payload in payloads)
        assert outcomes == {(): 1, ("QUOTA_EXHAUSTED",): 199}
        [ballot] = [payload["ballot"] for payload in payloads if payload["ballot"]]
        assert (await clients[3].data("{ viewer { ballots { id } } }", token=token))["viewer"]["ballots"] == [
            {"id": ballot["id"]}
        ]
    assert_audit_agrees(seeded_url, 1)


async def test_of_many_voters_at_once_everyone_is_counted(http: aiohttp.ClientSession, seeded_url: str) -> None:
    with serving_together(seeded_url, PROCESSES) as servers:
        clients = [Client(http, server) for server in servers]
        tokens = await asyncio.gather(*(clients[turn % PROCESSES].sign_in() for turn in range(200)))
        chosen = [sorted({(turn * 7 + step * (1 + turn % 3)) % 50 + 1 for step in range(12)}) for turn in range(200)]
        payloads = await asyncio.gather(
            *(clients[turn % PROCESSES].cast(token, chosen[turn]) for turn, token in enumerate(tokens))
        )
        assert len({payload["ballot"]["id"] for payload in payloads}) == 200
        await asyncio.sleep(1.0)  # a snapshot may be that old
        votes = Counter(number for numbers in chosen for number in numbers)
        query = "{ results(first: 50) { nodes { project { number } votes } } campaign { turnout { ballots choices } } }"
        for client in clients:
            data = await client.data(query)
            assert data["campaign"]["turnout"] == {"ballots": 200, "choices": votes.total()}
            assert {n["project"]["number"]: n["votes"] for n in data["results"]["nodes"]} == votes
    assert_audit_agrees(seeded_url, 200)


async def test_the_next_ballot_is_taken_from_midnight_on(
    api: Client, pingxuan_server: SandboxServer, pingxuan_clock: SandboxClock
) -> None:
    midnight = "2017-03-23T00:00:00+08:00"
    token = await api.sign_in("patient")
    assert (await api.cast(token))["ballot"]["day"] == "2017-03-22"
    pingxuan_clock.set("2017-03-22T23:59:59.999999+08:00")
    refused = await api.cast(token)
    assert refusals(refused) == ["QUOTA_EXHAUSTED"]
    assert refused["violations"][0]["nextAllowedAt"] == midnight
    assert refused["viewer"]["allowance"]["nextAllowedAt"] == midnight
    pingxuan_clock.set(midnight)
    payload = await api.cast(token)
    assert payload["ballot"]["day"] == "2017-03-23"
    assert payload["ballot"]["castAt"] == midnight
    assert [ballot["id"] for ballot in payload["viewer"]["ballots"]][1:] == [payload["ballot"]["id"]]
    assert refusals(await api.cast(token)) == ["QUOTA_EXHAUSTED"]
    assert_audit_agrees(pingxuan_server.database_url, 2)


async def test_ballots_are_taken_from_the_first_instant_on(api: Client, pingxuan_clock: SandboxClock) -> None:
    opens_at = "2017-03-22T00:00:00+08:00"
    token = await api.sign_in()
    pingxuan_clock.set("2017-03-21T23:59:59.999999+08:00")
    refused = await api.cast(token, **SLUG)
    assert refusals(refused) == ["VOTING_NOT_OPEN"]
    assert refused["violations"][0]["opensAt"] == opens_at
    pingxuan_clock.set(opens_at)
    assert (await api.cast(token, **SLUG))["ballot"]["castAt"] == opens_at


async def test_ballots_are_taken_until_noon_of_the_last_day(
    api: Client, pingxuan_server: SandboxServer, pingxuan_clock: SandboxClock
) -> None:
    noon = "2017-03-31T12:00:00+08:00"
    pingxuan_clock.set("2017-03-31T11:59:59.999999+08:00")
    last = await api.cast(await api.sign_in(), **SLUG)
    assert last["ballot"]["castAt"] == "2017-03-31T11:59:59.999999+08:00"
    pingxuan_clock.set(noon)
    refused = await api.cast(await api.sign_in(), **SLUG)
    assert refusals(refused) == ["VOTING_CLOSED"]
    assert refused["violations"][0]["closedAt"] == noon
    assert refused["viewer"]["allowance"] == {
        "canCast": False,
        "remaining": 0,
        "limit": 1,
        "period": "DAY",
        "nextAllowedAt": None,
    }
    assert_audit_agrees(pingxuan_server.database_url, 1)


async def test_nothing_is_taken_any_more_after_the_first_refusal(api: Client, pingxuan_clock: SandboxClock) -> None:
    """While the clock runs over the end of the vote and people keep casting."""
    pingxuan_clock.set("2017-03-31T11:59:59.700000+08:00")
    payloads = [await api.cast(await api.sign_in(), **SLUG)]  # however slow the machine is, one is in time
    pingxuan_clock.tick()
    while len([payload for payload in payloads if payload["violations"]]) < 3:
        payloads.append(await api.cast(await api.sign_in(), **SLUG))
        await asyncio.sleep(0.02)
    cast = [payload["ballot"]["castAt"] for payload in payloads if payload["ballot"]]
    assert cast
    assert max(cast) < "2017-03-31T12:00:00+08:00"
    assert [bool(payload["ballot"]) for payload in payloads] == [True] * len(cast) + [False] * 3


async def test_on_the_last_day_there_is_no_next_time(api: Client, pingxuan_clock: SandboxClock) -> None:
    pingxuan_clock.set("2017-03-31T09:00:00+08:00")
    token = await api.sign_in()
    assert (await api.cast(token))["ballot"]["day"] == "2017-03-31"
    refused = await api.cast(token, language="en")
    assert refusals(refused) == ["QUOTA_EXHAUSTED"]
    assert refused["violations"][0]["nextAllowedAt"] is None
    assert refused["violations"][0]["message"].endswith("no further ballot will be accepted.")
