"""An organizer's whole story: a burst is seen, held, released, voided; results, turnout, audit and trail agree."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import aiohttp
import pytest

from api.storage.database.connection import open_database
from tests.conftest import TRIAL
from tests.servers import (
    CAST,
    SLUG,
    TEN,
    Client,
    Json,
    assert_audit_agrees,
    codes,
    pingxuan,
    project_ids,
    refusals,
    serving,
)
from tests.waiting import until

pytestmark = pytest.mark.any_engine

SUSPICIONS = """query Suspicions($campaign: String, $kinds: [SuspicionKind!], $first: Int = 10, $after: String) {
  suspicions(campaign: $campaign, kinds: $kinds, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id kind firstAt lastAt keptUntil ballotCount held voided ballots(first: 40) { id projects { number } } }
  }
}"""
RULE = """mutation Rule($input: RulingInput!, $campaign: String) { %s(input: $input, campaign: $campaign) {
  ballots { id status statusReason } problems { ballotId code message zh: message(language: ZH) } more } }"""
BALLOT = "query Ballot($id: ID!) { ballot(id: $id) { status statusReason projects { number } } }"
COUNTED = """{ campaign { turnout { ballots held voided choices byDay { ballots } } }
  results(first: 100) { nodes { project { number } votes share } } }"""
TRAIL = """{ trail(kinds: [BALLOTS_HELD, BALLOTS_RELEASED, BALLOTS_VOIDED]) {
  nodes { kind campaign actor details { name value } } } }"""
REASON = "三十五张完全相同的选票在一分钟内投出。Thirty-five equal ballots within a minute."
A_SECOND = 1.2  # what is granted, noted or counted is known by then
EQUAL, OTHERS = 35, 25


@pytest.fixture
async def voted(http: aiohttp.ClientSession, seeded_url: str) -> AsyncIterator[Client]:
    """A client of a server on which sixty voters from one address have voted at once, thirty-five of them alike."""
    with serving(seeded_url, SUSPICIONS="SECONDS=60") as server:  # what is haste to a busy machine
        api = Client(http, server)
        tokens = await asyncio.gather(*(api.sign_in() for _ in range(EQUAL + OTHERS)))
        choices = [TEN] * EQUAL + [range(n + 2, n + 14) for n in range(OTHERS)]
        cast = await asyncio.gather(*(api.cast(t, chosen) for t, chosen in zip(tokens, choices, strict=True)))
        assert all(refusals(payload) == [] for payload in cast)
        await noted(seeded_url, 2 * (EQUAL + OTHERS) + EQUAL, 3)
        yield api


async def noted(url: str, signals: int, found: int) -> None:
    """Wait until so many signals are noted, and so many suspicions of them, which a server does in its own time."""
    async with open_database(url) as database:

        async def are_there() -> bool:
            counts = "select (select count(*) from signals) as signals, (select count(*) from suspicions) as found"
            [row] = await database.rows(counts)
            return bool(row["signals"] >= signals and row["found"] >= found)

        await until(are_there)


async def signed_in(api: Client, role: str, *more: str) -> str:
    """The token of somebody with a role, which counts from now on."""
    token = await api.sign_in(role)
    viewer = (await api.data("{ viewer { id } }", token=token))["viewer"]["id"]
    done = await asyncio.to_thread(pingxuan, api.server.database_url, "grant", role, viewer, *more)
    assert done.returncode == 0, done.stderr
    await asyncio.sleep(A_SECOND)
    return token


async def suspicions(api: Client, token: str, **variables: Any) -> Json:
    found: Json = (await api.data(SUSPICIONS, variables, token))["suspicions"]
    return found


async def rule(api: Client, token: str, kind: str, reason: str = REASON, **which: Any) -> Json:
    payload: Json = (await api.data(RULE % kind, {"input": {"ballots": which, "reason": reason}}, token, "en"))[kind]
    await asyncio.sleep(A_SECOND)
    return payload


async def counted(api: Client) -> tuple[list[int], dict[int, int]]:
    """Ballots that count, are held and are voided; and the votes by number."""
    data = await api.data(COUNTED)
    turnout, nodes = data["campaign"]["turnout"], data["results"]["nodes"]
    votes = {node["project"]["number"]: node["votes"] for node in nodes}
    assert turnout["choices"] == sum(votes.values())
    assert turnout["ballots"] == sum(day["ballots"] for day in turnout["byDay"])
    for node in nodes:
        assert node["share"] == pytest.approx(node["votes"] / turnout["ballots"])
    return [turnout["ballots"], turnout["held"], turnout["voided"]], votes


def less(votes: dict[int, int], ballots: int, numbers: Iterable[int] = TEN) -> dict[int, int]:
    return {number: count - ballots * (number in numbers) for number, count in votes.items()}


def ids(nodes: Sequence[Json]) -> set[str]:
    return {node["id"] for node in nodes}


async def test_a_burst_is_seen_held_released_and_voided_and_everything_agrees(voted: Client) -> None:
    organizer = await signed_in(voted, "ORGANIZER")
    found = await suspicions(voted, organizer)
    kinds = {node["kind"]: node["ballotCount"] for node in found["nodes"]}
    assert kinds == {"EQUAL_BALLOTS": 35, "ONE_ADDRESS": 60, "HASTE": 60}
    [equal] = (await suspicions(voted, organizer, kinds=["EQUAL_BALLOTS"]))["nodes"]
    assert len(equal["ballots"]) == EQUAL
    assert all([p["number"] for p in ballot["projects"]] == list(TEN) for ballot in equal["ballots"])
    ballots, votes = await counted(voted)
    assert ballots == [60, 0, 0]

    held = await rule(voted, organizer, "holdBallots", suspicion=equal["id"])
    assert (ids(held["ballots"]), held["problems"], held["more"]) == (ids(equal["ballots"]), [], False)
    assert {(ballot["status"], ballot["statusReason"]) for ballot in held["ballots"]} == {("HELD", REASON)}
    assert await counted(voted) == ([25, 35, 0], less(votes, EQUAL))
    assert [(s["held"], s["voided"]) for s in (await suspicions(voted, organizer))["nodes"]] == [(35, 0)] * 3
    await asyncio.to_thread(assert_audit_agrees, voted.server.database_url, 60)

    honest = sorted(ids(equal["ballots"]))[:5]
    released = await rule(voted, organizer, "releaseBallots", "They turned out to be one school class.", ids=honest)
    assert {(ballot["status"], ballot["statusReason"]) for ballot in released["ballots"]} == {("COUNTED", None)}
    assert await counted(voted) == ([30, 30, 0], less(votes, 30))

    guilty = sorted(ids(equal["ballots"]) - set(honest))
    voided = await rule(voted, organizer, "voidBallots", ids=guilty)
    assert ids(voided["ballots"]) == set(guilty)
    assert await counted(voted) == ([30, 0, 30], less(votes, 30))
    await asyncio.to_thread(assert_audit_agrees, voted.server.database_url, 60)

    entries = (await voted.data(TRAIL, token=organizer))["trail"]["nodes"]
    told = [(e["kind"], {d["name"]: d["value"] for d in e["details"]}["ballots"]) for e in entries]
    assert told == [("BALLOTS_VOIDED", "30"), ("BALLOTS_RELEASED", "5"), ("BALLOTS_HELD", "35")]
    assert {e["campaign"] for e in entries} == {SLUG}
    [actor] = {e["actor"] for e in entries}
    assert actor is not None
    assert actor not in str(await voted.data("{ viewer { id } }", token=organizer)), "a name for the trail alone"
    assert REASON in str(entries)
    assert voted.server.url, "and the server has not failed on the way, which its end checks"


async def test_a_voter_sees_what_became_of_the_ballot_and_cannot_cast_another(voted: Client) -> None:
    organizer, voter = await signed_in(voted, "ORGANIZER"), await voted.sign_in("a voter")
    mine = (await voted.cast(voter, range(20, 35)))["ballot"]["id"]
    assert await voted.data(BALLOT, {"id": mine}) == {
        "ballot": {"status": "COUNTED", "statusReason": None, "projects": [{"number": n} for n in range(20, 35)]}
    }
    await rule(voted, organizer, "voidBallots", ids=[mine])
    seen = (await voted.data(BALLOT, {"id": mine}, voter))["ballot"]
    assert (seen["status"], seen["statusReason"], len(seen["projects"])) == ("VOIDED", REASON, 15)
    [same] = (await voted.data("{ viewer { ballots { id status } } }", token=voter))["viewer"]["ballots"]
    assert same == {"id": mine, "status": "VOIDED"}
    assert refusals(await voted.cast(voter)) == ["QUOTA_EXHAUSTED"]
    strangers = ["ballot/" + "z" * 26, "project/shanghai-2017/1", ""]
    again = await rule(voted, organizer, "holdBallots", ids=[mine, *strangers, mine])
    assert again["ballots"] == []
    assert {p["ballotId"]: p["code"] for p in again["problems"]} == {
        mine: "ALREADY_VOIDED",
        **dict.fromkeys(strangers, "NO_SUCH_BALLOT"),
    }
    ours = next(p for p in again["problems"] if p["ballotId"] == mine)
    assert "final" in ours["message"]
    assert ours["zh"] == "该选票已作废，不可再作决定。"


async def test_two_organizers_at_once_rule_on_each_ballot_once(voted: Client) -> None:
    organizer = await signed_in(voted, "ORGANIZER")
    [equal] = (await suspicions(voted, organizer, kinds=["EQUAL_BALLOTS"]))["nodes"]
    payloads = await asyncio.gather(
        *(rule(voted, organizer, "holdBallots", suspicion=equal["id"]) for _ in range(4)),
        *(rule(voted, organizer, "holdBallots", ids=sorted(ids(equal["ballots"]))) for _ in range(4)),
    )
    ruled = [ballot["id"] for payload in payloads for ballot in payload["ballots"]]
    assert sorted(ruled) == sorted(ids(equal["ballots"]))
    assert (await counted(voted))[0] == [25, 35, 0]
    await asyncio.to_thread(assert_audit_agrees, voted.server.database_url, 60)


async def test_pages_of_suspicions_go_on_where_they_were(voted: Client) -> None:
    auditor = await signed_in(voted, "AUDITOR")
    first = await suspicions(voted, auditor, first=2)
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], len(first["nodes"])) == (3, True, 2)
    rest = await suspicions(voted, auditor, first=2, after=first["pageInfo"]["endCursor"])
    assert (rest["pageInfo"]["hasNextPage"], len(rest["nodes"])) == (False, 1)
    assert len(ids([*first["nodes"], *rest["nodes"]])) == 3
    assert codes(await voted.ask(SUSPICIONS, {"after": "nonsense"}, auditor)) == ["BAD_INPUT"]
    assert codes(await voted.ask("{ suspicions(first: 101) { totalCount } }", token=auditor)) == ["BAD_INPUT"]


async def test_an_auditor_reads_and_changes_nothing_and_a_voter_is_refused_both(voted: Client) -> None:
    auditor, voter = await signed_in(voted, "AUDITOR"), await voted.sign_in()
    [equal] = (await suspicions(voted, auditor, kinds=["EQUAL_BALLOTS"]))["nodes"]
    given = {"input": {"ballots": {"suspicion": equal["id"]}, "reason": REASON}}
    for kind in ("holdBallots", "releaseBallots", "voidBallots"):
        assert codes(await voted.ask(RULE % kind, given)) == ["UNAUTHENTICATED"]
        for token in (auditor, voter):
            assert codes(await voted.ask(RULE % kind, given, token)) == ["FORBIDDEN"]
    assert codes(await voted.ask(SUSPICIONS, token=voter)) == ["FORBIDDEN"]
    assert codes(await voted.ask(SUSPICIONS)) == ["UNAUTHENTICATED"]
    assert (await counted(voted))[0] == [60, 0, 0]


async def test_the_role_of_another_campaign_opens_nothing_here(voted: Client) -> None:
    elsewhere = await signed_in(voted, "ORGANIZER", "--campaign", TRIAL)
    assert codes(await voted.ask(SUSPICIONS, {"campaign": SLUG}, elsewhere)) == ["FORBIDDEN"]
    assert (await suspicions(voted, elsewhere, campaign=TRIAL))["nodes"] == []
    mine = (await voted.cast(elsewhere, TEN))["ballot"]["id"]
    given = {"input": {"ballots": {"ids": [mine]}, "reason": REASON}, "campaign": TRIAL}
    payload = (await voted.data(RULE % "voidBallots", given, elsewhere))["voidBallots"]
    assert [problem["code"] for problem in payload["problems"]] == ["NO_SUCH_BALLOT"]


@pytest.mark.parametrize(
    ("which", "reason", "told"),
    [
        ({"ids": ["ballot/" + "a" * 26] * 2}, "short", "10 to 500 characters"),
        ({"ids": [f"ballot/{'a' * 23}{n}" for n in range(222, 323)]}, REASON, "takes at most 100 ids; it had 101"),
        ({"suspicion": "ballot/" + "a" * 26}, REASON, "is no suspicion's id"),
        ({"suspicion": ""}, REASON, "is no suspicion's id"),
        ({"suspicion": "suspicion/" + "a" * 26}, REASON, "has no such suspicion"),
    ],
)
async def test_what_cannot_be_ruled_on_is_told(
    api: Client, organizer: str, which: Json, reason: str, told: str
) -> None:
    answer = await api.ask(RULE % "holdBallots", {"input": {"ballots": which, "reason": reason}}, organizer, "en")
    assert codes(answer) == ["NOT_FOUND" if "no such" in told else "BAD_INPUT"]
    assert told in answer["errors"][0]["message"]


@pytest.fixture
async def organizer(api: Client) -> str:
    """An organizer on the shared server."""
    return await signed_in(api, "ORGANIZER")


async def test_a_retry_is_no_second_signal(http: aiohttp.ClientSession, new_sqlite) -> None:
    with serving(new_sqlite(), SUSPICIONS="ONE_ADDRESS=3/10 HASTE=off EQUAL_BALLOTS=off") as server:
        api = Client(http, server)
        tokens = [await api.sign_in() for _ in range(2)]
        for token in tokens * 3:
            assert refusals(await api.cast(token, idempotencyKey="the same request")) == []
        auditor = await signed_in(api, "AUDITOR")
        assert (await suspicions(api, auditor))["nodes"] == []
        assert refusals(await api.cast(auditor)) == []
        await noted(server.database_url, 3, 1)
        [found] = (await suspicions(api, auditor))["nodes"]
        assert (found["kind"], found["ballotCount"]) == ("ONE_ADDRESS", 3)


async def test_whoever_casts_over_a_socket_or_a_stream_comes_from_somewhere_too(
    http: aiohttp.ClientSession, new_sqlite
) -> None:
    with serving(new_sqlite(), SUSPICIONS="ONE_ADDRESS=2/10 HASTE=off EQUAL_BALLOTS=off") as server:
        api = Client(http, server)
        asked = {"query": CAST, "variables": {"input": {"projectIds": project_ids(TEN)}}}
        async with http.ws_connect(server.url, protocols=["graphql-transport-ws"]) as socket:
            await socket.send_json({"type": "connection_init", "payload": {"token": await api.sign_in()}})
            assert (await socket.receive_json())["type"] == "connection_ack"
            await socket.send_json({"id": "1", "type": "subscribe", "payload": asked})
            assert (await socket.receive_json())["payload"]["data"]["castBallot"]["violations"] == []
        streamed = {"Authorization": f"Bearer {await api.sign_in()}", "Accept": "text/event-stream"}
        async with http.post(server.url, json=asked, headers=streamed) as answer:
            assert '"violations":[]' in (await answer.text()).replace(" ", "")
        await noted(server.database_url, 2, 1)
        [found] = (await suspicions(api, await signed_in(api, "AUDITOR")))["nodes"]
        assert (found["kind"], found["ballotCount"]) == ("ONE_ADDRESS", 2)


async def test_nothing_is_noted_when_signals_are_kept_for_no_days(http: aiohttp.ClientSession, new_sqlite) -> None:
    with serving(new_sqlite(), SUSPICIONS="ONE_ADDRESS=2/10 DAYS=0") as server:
        api = Client(http, server)
        for token in [await api.sign_in() for _ in range(4)]:
            assert refusals(await api.cast(token)) == []
        assert (await suspicions(api, await signed_in(api, "AUDITOR")))["totalCount"] == 0
