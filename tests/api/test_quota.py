"""Does one ballot a day hold, under any concurrency and to the second?"""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import aiohttp

from tests.servers import Client, Json, assert_audit_agrees, refusals, serving, serving_together

PROCESSES = 4
SLUG = {"campaign": "shanghai-2017"}


async def server_time(api: Client) -> datetime:
    data = await api.data('{ campaign(slug: "shanghai-2017") { serverTime } }')
    return datetime.fromisoformat(data["campaign"]["serverTime"])


async def until(api: Client, moment: str) -> None:
    """Wait for the server's own clock to show this moment."""
    wanted = datetime.fromisoformat(moment)
    await asyncio.sleep((wanted - await server_time(api)).total_seconds() + 0.01)
    assert await server_time(api) >= wanted


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
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    database_url, midnight = new_sqlite(), "2017-03-23T00:00:00+08:00"
    with serving(database_url, clock="2017-03-22T23:59:50+08:00") as server:
        api = Client(http, server)
        token = await api.sign_in("patient")
        assert (await api.cast(token))["ballot"]["day"] == "2017-03-22"
        refused = await api.cast(token)
        assert await server_time(api) < datetime.fromisoformat(midnight), "too slow to ask before midnight"
        assert refusals(refused) == ["QUOTA_EXHAUSTED"]
        assert refused["violations"][0]["nextAllowedAt"] == midnight
        assert refused["viewer"]["allowance"]["nextAllowedAt"] == midnight
    with serving(database_url, clock="2017-03-22T23:59:57+08:00") as server:
        api = Client(http, server)
        token = await api.sign_in("patient")
        assert refusals(await api.cast(token)) == ["QUOTA_EXHAUSTED"]
        await until(api, midnight)
        payload = await api.cast(token)
        assert payload["ballot"]["day"] == "2017-03-23"
        assert payload["ballot"]["castAt"] < "2017-03-23T00:00:05"
        assert [ballot["id"] for ballot in payload["viewer"]["ballots"]][1:] == [payload["ballot"]["id"]]
        assert refusals(await api.cast(token)) == ["QUOTA_EXHAUSTED"]
    assert_audit_agrees(database_url, 2)


async def test_ballots_are_taken_from_the_first_second_on(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    with serving(new_sqlite(), clock="2017-03-21T23:59:57+08:00") as server:
        api = Client(http, server)
        token = await api.sign_in()
        refused = await api.cast(token, **SLUG)
        assert refusals(refused) == ["VOTING_NOT_OPEN"]
        assert refused["violations"][0]["opensAt"] == "2017-03-22T00:00:00+08:00"
        await until(api, "2017-03-22T00:00:00+08:00")
        ballot = (await api.cast(token, **SLUG))["ballot"]
        assert ballot["castAt"].startswith("2017-03-22T00:00:00")


async def test_ballots_are_taken_until_noon_of_the_last_day(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    database_url, noon = new_sqlite(), datetime.fromisoformat("2017-03-31T12:00:00+08:00")
    with serving(database_url, clock="2017-03-31T11:59:56+08:00") as server:
        api = Client(http, server)
        cast: list[datetime] = []
        refused: list[Json] = []
        await until(api, "2017-03-31T11:59:58.500000+08:00")
        while len(refused) < 3:
            asked_at = await server_time(api)
            payload = await api.cast(await api.sign_in(), **SLUG)
            if payload["ballot"]:
                cast.append(datetime.fromisoformat(payload["ballot"]["castAt"]))
                assert asked_at <= cast[-1]
                assert not refused, "nothing is accepted after the first refusal"
            else:
                refused.append(payload)
                assert await server_time(api) >= noon
            await asyncio.sleep(0.02)
        assert noon - timedelta(seconds=1) <= max(cast) < noon
        assert {tuple(refusals(payload)) for payload in refused} == {("VOTING_CLOSED",)}
        assert refused[0]["violations"][0]["closedAt"] == "2017-03-31T12:00:00+08:00"
        assert refused[0]["viewer"]["allowance"] == {
            "canCast": False,
            "remaining": 0,
            "limit": 1,
            "period": "DAY",
            "nextAllowedAt": None,
        }
    assert_audit_agrees(database_url, len(cast))


async def test_on_the_last_day_there_is_no_next_time(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    with serving(new_sqlite(), clock="2017-03-31T09:00:00+08:00") as server:
        api = Client(http, server)
        token = await api.sign_in()
        assert (await api.cast(token))["ballot"]["day"] == "2017-03-31"
        refused = await api.cast(token, language="en")
        assert refusals(refused) == ["QUOTA_EXHAUSTED"]
        assert refused["violations"][0]["nextAllowedAt"] is None
        assert refused["violations"][0]["message"].endswith("no further ballot will be accepted.")
