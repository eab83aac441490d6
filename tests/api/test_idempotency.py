"""Does a retry with the same key get the ballot that was cast, whenever and wherever it arrives?"""

import asyncio
from collections.abc import Iterable
from uuid import uuid4

import aiohttp
import pytest

from api.testing.sandbox import SandboxClock, SandboxServer
from tests.servers import (
    CAST,
    TEN,
    Client,
    Json,
    assert_audit_agrees,
    codes,
    project_ids,
    refusals,
    serving,
    serving_together,
)


def a_key() -> str:
    return f"key {uuid4()}"


def cast_in(payload: Json) -> Json:
    """The ballot of a payload, which has one."""
    assert payload["violations"] == []
    ballot: Json = payload["ballot"]
    return ballot


async def test_the_same_request_again_gets_the_same_ballot(api: Client) -> None:
    token, key = await api.sign_in(), a_key()
    first = await api.cast(token, idempotencyKey=key)
    second = await api.cast(token, idempotencyKey=key)
    assert cast_in(first) == cast_in(second)
    assert second["viewer"]["ballots"] == [{"id": first["ballot"]["id"]}]


async def test_the_same_projects_in_another_order_are_the_same_request(api: Client) -> None:
    token, key = await api.sign_in(), a_key()
    first = cast_in(await api.cast(token, idempotencyKey=key))
    for order in (TEN[::-1], TEN[5:] + TEN[:5]):
        assert cast_in(await api.cast(token, order, idempotencyKey=key)) == first


CHECK = """query Check($input: CastBallotInput!) {
  checkBallot(input: $input) { __typename code ... on IdempotencyKeyReused { ballotId } } }"""
REUSED = "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize(
    ("chosen", "more"),
    [
        (range(21, 41), []),
        (range(1, 12), []),
        (range(2, 11), ["TOO_FEW_CHOICES"]),
        ([*TEN, 1], ["REPEATED_CHOICES"]),
        ([*TEN, 99], ["UNKNOWN_PROJECTS"]),
        ([], ["TOO_FEW_CHOICES"]),
    ],
)
async def test_a_key_reused_for_another_ballot_is_refused_with_the_first_ones_id(
    api: Client, chosen: Iterable[int], more: list[str]
) -> None:
    token, key = await api.sign_in(), a_key()
    first = cast_in(await api.cast(token, idempotencyKey=key))
    payload = await api.cast(token, chosen, idempotencyKey=key, language="en")
    assert refusals(payload) == [REUSED, *more, "QUOTA_EXHAUSTED"]
    assert payload["violations"][0] == {
        "__typename": "IdempotencyKeyReused",
        "code": REUSED,
        "rule": "IDEMPOTENCY_KEY",
        "message": f"This ballot was not cast: its idempotencyKey belongs to another one, {first['id']}. "
        "Send it with a new key.",
        "path": ["input", "idempotencyKey"],
        "ballotId": first["id"],
    }
    chinese = await api.cast(token, chosen, idempotencyKey=key, language="zh")
    assert chinese["violations"][0]["message"].startswith("这张选票未投出")
    assert first["id"] in chinese["violations"][0]["message"]
    assert payload["viewer"]["ballots"] == [{"id": first["id"]}]
    given = {"input": {"projectIds": project_ids(chosen), "idempotencyKey": key}}
    checked = (await api.data(CHECK, given, token))["checkBallot"]
    assert [violation["code"] for violation in checked] == refusals(payload)
    assert checked[0]["ballotId"] == first["id"]
    assert cast_in(await api.cast(token, idempotencyKey=key)) == first


async def test_a_check_finds_nothing_wrong_with_a_retry(api: Client) -> None:
    token, key = await api.sign_in(), a_key()
    given = {"input": {"projectIds": project_ids(TEN), "idempotencyKey": key}}
    assert (await api.data(CHECK, given, token))["checkBallot"] == []
    cast_in(await api.cast(token, idempotencyKey=key))
    assert (await api.data(CHECK, given, token))["checkBallot"] == []
    assert (await api.data(CHECK, given, await api.sign_in()))["checkBallot"] == [], "it is another voter's key"
    assert (await api.data(CHECK, given))["checkBallot"] == []


async def test_another_key_is_another_ballot(api: Client) -> None:
    token, key = await api.sign_in(), a_key()
    cast_in(await api.cast(token, idempotencyKey=key))
    for other in (key + "!", key.upper(), None):
        assert refusals(await api.cast(token, idempotencyKey=other)) == ["QUOTA_EXHAUSTED"]


async def test_a_key_belongs_to_its_voter(api: Client) -> None:
    key = a_key()
    ballots = [cast_in(await api.cast(await api.sign_in(), idempotencyKey=key)) for _ in range(3)]
    assert len({ballot["id"] for ballot in ballots}) == 3


async def test_a_key_of_a_refused_ballot_is_still_free(api: Client) -> None:
    token, key = await api.sign_in(), a_key()
    assert refusals(await api.cast(token, range(1, 6), idempotencyKey=key)) == ["TOO_FEW_CHOICES"]
    ballot = cast_in(await api.cast(token, range(11, 21), idempotencyKey=key))
    assert [project["number"] for project in ballot["projects"]] == list(range(11, 21))


@pytest.mark.parametrize("key", ["x" * 8, "x" * 128, "选" * 8, "💥" * 128, "with spaces, “quotes” and \\"])
async def test_a_key_of_8_to_128_printable_characters_is_taken(api: Client, key: str) -> None:
    token = await api.sign_in()
    first = cast_in(await api.cast(token, idempotencyKey=key))
    assert cast_in(await api.cast(token, idempotencyKey=key)) == first


@pytest.mark.parametrize(
    "key",
    ["", "x" * 7, "x" * 129, "x" * 100_000, "1234567\0", "1234567\n", "1234567\x7f", "1234567\u2028", "1234567\u200f"],
)
@pytest.mark.parametrize("field", ["castBallot", "checkBallot"])
async def test_any_other_key_is_refused(api: Client, key: str, field: str) -> None:
    token = await api.sign_in()
    check = "query Check($input: CastBallotInput!) { checkBallot(input: $input) { code } }"
    given = {"input": {"projectIds": project_ids(TEN), "idempotencyKey": key}}
    answer = await api.ask(CAST if field == "castBallot" else check, given, token, "en")
    assert codes(answer) == ["BAD_INPUT"]
    invisible = next((f"U+{ord(char):04X}, which shows nothing" for char in key if not char.isprintable()), None)
    assert answer["errors"][0]["message"] == (
        f"idempotencyKey has 8 to 128 printable characters; this one has {invisible or len(key)}."
    )
    assert (await api.cast(token))["ballot"], "nothing was cast"


async def test_twenty_retries_at_once_get_one_ballot_from_two_processes(
    http: aiohttp.ClientSession, seeded_url: str
) -> None:
    with serving_together(seeded_url, 2) as servers:
        clients = [Client(http, server) for server in servers]
        token, key = await clients[0].sign_in(), a_key()
        payloads = await asyncio.gather(
            *(
                clients[turn % 2].cast(token, TEN[turn % 5 :] + TEN[: turn % 5], idempotencyKey=key)
                for turn in range(20)
            )
        )
        ballot = cast_in(payloads[0])
        assert all(cast_in(payload) == ballot for payload in payloads)
        for client in clients:
            assert cast_in(await client.cast(token, idempotencyKey=key)) == ballot
    assert_audit_agrees(seeded_url, 1)


async def test_of_twenty_ballots_at_once_with_one_key_one_is_cast_and_the_others_are_told_which(
    http: aiohttp.ClientSession, seeded_url: str
) -> None:
    with serving_together(seeded_url, 2) as servers:
        clients = [Client(http, server) for server in servers]
        token, key = await clients[0].sign_in(), a_key()
        payloads = await asyncio.gather(
            *(clients[turn % 2].cast(token, range(turn + 1, turn + 21), idempotencyKey=key) for turn in range(20))
        )
        [ballot] = [payload["ballot"] for payload in payloads if payload["ballot"] is not None]
        reused = [payload["violations"][0] for payload in payloads if payload["ballot"] is None]
        assert [(violation["code"], violation["ballotId"]) for violation in reused] == [(REUSED, ballot["id"])] * 19
    with serving(seeded_url) as restarted:
        client = Client(http, restarted)
        chosen = [project["number"] for project in ballot["projects"]]
        assert cast_in(await client.cast(token, chosen[::-1], idempotencyKey=key)) == ballot
        assert refusals(await client.cast(token, idempotencyKey=key))[0] == REUSED
    assert_audit_agrees(seeded_url, 1)


KEY = "a key of the first day"


async def test_a_retry_on_a_later_day_or_after_the_vote_gets_the_ballot(
    api: Client, pingxuan_server: SandboxServer, pingxuan_clock: SandboxClock
) -> None:
    token = await api.sign_in()
    ballot = cast_in(await api.cast(token, idempotencyKey=KEY))
    pingxuan_clock.set("2017-03-23T00:00:00+08:00")
    payload = await api.cast(token, idempotencyKey=KEY)
    assert cast_in(payload) == ballot
    assert refusals(await api.cast(token, range(31, 41), idempotencyKey=KEY)) == [REUSED]
    assert payload["viewer"]["allowance"]["remaining"] == 1
    assert payload["viewer"]["ballots"] == [{"id": ballot["id"]}]
    pingxuan_clock.set("2017-03-31T12:00:00+08:00")
    assert cast_in(await api.cast(token, idempotencyKey=KEY)) == ballot
    assert refusals(await api.cast(token, range(31, 41), idempotencyKey=KEY)) == [REUSED, "VOTING_CLOSED"]
    assert refusals(await api.cast(token, idempotencyKey=KEY + " or not")) == ["VOTING_CLOSED"]
    assert refusals(await api.cast(await api.sign_in(), idempotencyKey=KEY)) == ["VOTING_CLOSED"]
    assert_audit_agrees(pingxuan_server.database_url, 1)
