"""Is a field that needs a role open to those who have it, closed to everybody else, and is a refusal put on record?"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from api.graph import sdl
from tests.conftest import TRIAL
from tests.servers import SLUG, Client, Json, codes, pingxuan, refusals, serving
from tests.waiting import until

TRAIL = """query Trail($campaign: String, $kinds: [TrailKind!], $since: DateTime, $first: Int, $after: String) {
  trail(campaign: $campaign, kinds: $kinds, since: $since, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    nodes { id at kind campaign actor details { name value } } } }"""
VIEWER = "{ viewer { id roles } }"
REFUSED = ["SIGN_IN_FAILED", "BALLOT_REFUSED", "ACCESS_DENIED"]
A_SECOND = 1.1  # what is granted, or revoked is known by then


@pytest.fixture
async def own(http: aiohttp.ClientSession, new_sqlite: Callable[[], str]) -> AsyncIterator[Client]:
    """A client of a server with a database of its own."""
    with serving(new_sqlite()) as server:
        yield Client(http, server)


async def viewer(api: Client, token: str) -> Json:
    found: Json = (await api.data(VIEWER, token=token))["viewer"]
    return found


async def staff(api: Client, *words: str) -> str:
    """Run a command as staff do, and wait until every server must know."""
    done = await asyncio.to_thread(pingxuan, api.server.database_url, *words)
    assert done.returncode == 0, done.stderr
    await asyncio.sleep(A_SECOND)
    return done.stdout


async def on_record(api: Client, token: str, entries: int) -> None:
    """Wait until so many refusals are on the trail, which a server writes in its own time."""

    async def are_there() -> bool:
        return len(await trail(api, token, kinds=REFUSED)) >= entries

    await until(are_there)


async def trail(api: Client, token: str, **variables: Any) -> list[Json]:
    nodes: list[Json] = (await api.data(TRAIL, variables, token))["trail"]["nodes"]
    return nodes


def test_the_schema_says_which_roles_a_field_needs() -> None:
    assert "): TrailEntryConnection @requiresRole(roles: [ORGANIZER, AUDITOR])" in sdl()
    assert "directive @requiresRole(roles: [Role!]!) on FIELD_DEFINITION" in sdl()


async def test_without_a_session_one_is_told_to_sign_in(api: Client) -> None:
    answer = await api.ask(TRAIL)
    assert (codes(answer), answer["data"]) == (["UNAUTHENTICATED"], {"trail": None})


async def test_without_the_role_access_is_denied_in_either_language(api: Client) -> None:
    token = await api.sign_in()
    for language, words in {"en": "trail needs the role ORGANIZER or AUDITOR.", "zh": "trail需要以下角色之一"}.items():
        answer = await api.ask(TRAIL, token=token, language=language)
        assert (codes(answer), answer["data"]) == (["FORBIDDEN"], {"trail": None})
        assert words in answer["errors"][0]["message"]
        assert answer["errors"][0]["extensions"]["roles"] == ["ORGANIZER", "AUDITOR"]
        assert answer["errors"][0]["path"] == ["trail"]


@pytest.mark.parametrize("role", ["ORGANIZER", "AUDITOR"])
async def test_a_role_opens_the_field_while_it_is_held(own: Client, role: str) -> None:
    token = await own.sign_in("staff")
    name = (await viewer(own, token))["id"]
    await staff(own, "grant", role, name)
    assert (await viewer(own, token))["roles"] == ["VOTER", role]
    assert "CAMPAIGN_LOADED" in [entry["kind"] for entry in await trail(own, token)]
    await staff(own, "withdraw", role, name)
    assert (await viewer(own, token))["roles"] == ["VOTER"]
    assert codes(await own.ask(TRAIL, token=token)) == ["FORBIDDEN"]


async def test_another_role_does_not(own: Client) -> None:
    token = await own.sign_in("expert")
    await staff(own, "grant", "expert", (await viewer(own, token))["id"])
    assert codes(await own.ask(TRAIL, token=token)) == ["FORBIDDEN"]


async def test_a_role_of_one_campaign_opens_what_is_of_that_campaign(own: Client) -> None:
    token = await own.sign_in("local")
    await staff(own, "grant", "ORGANIZER", (await viewer(own, token))["id"], "--campaign", TRIAL)
    assert (await viewer(own, token))["roles"] == ["VOTER", "ORGANIZER"]
    assert {entry["campaign"] for entry in await trail(own, token, campaign=TRIAL)} == {TRIAL}
    for elsewhere in (SLUG, None, "nowhere"):
        assert codes(await own.ask(TRAIL, {"campaign": elsewhere}, token)) == ["FORBIDDEN"]


async def test_what_is_refused_goes_on_record_without_a_name(own: Client) -> None:
    organizer, voter = await own.sign_in("organizer"), await own.sign_in("Wang Xiaoming")
    names = [(await viewer(own, token))["id"] for token in (organizer, voter)]
    await own.ask('mutation { signIn(with: {guest: {name: ""}}) { token } }')
    assert refusals(await own.cast(voter, [1, 2])) == ["TOO_FEW_CHOICES"]
    assert refusals(await own.cast(voter)) == []
    assert refusals(await own.cast(voter, campaign=TRIAL, projectIds=[])) == ["TOO_FEW_CHOICES", "VOTING_CLOSED"]
    assert codes(await own.ask(TRAIL, token=voter)) == ["FORBIDDEN"]
    await staff(own, "grant", "ORGANIZER", names[0])
    await on_record(own, organizer, 4)
    entries = (await trail(own, organizer))[::-1]
    told = [
        (entry["kind"], entry["campaign"], {detail["name"]: detail["value"] for detail in entry["details"]})
        for entry in entries
        if entry["kind"] not in ("CAMPAIGN_LOADED", "ROLE_GRANTED")
    ]
    assert told == [
        ("SIGN_IN_FAILED", None, {"provider": "guest", "code": "BAD_INPUT"}),
        ("BALLOT_REFUSED", SLUG, {"codes": "TOO_FEW_CHOICES"}),
        ("BALLOT_REFUSED", TRIAL, {"codes": "TOO_FEW_CHOICES, VOTING_CLOSED"}),
        ("ACCESS_DENIED", None, {"field": "trail", "roles": "ORGANIZER, AUDITOR"}),
    ]
    actors = [entry["actor"] for entry in entries if entry["kind"] in ("BALLOT_REFUSED", "ACCESS_DENIED")]
    assert len(set(actors)) == 3, "another name in every campaign, and for what is of none"
    written = str(entries)
    for secret in ("Wang", *(name.removeprefix("viewer/") for name in names), voter, voter.split(".")[1]):
        assert secret not in written


async def test_the_trail_is_read_page_by_page(own: Client) -> None:
    token = await own.sign_in("auditor")
    await staff(own, "grant", "AUDITOR", (await viewer(own, token))["id"])
    for _ in range(3):
        await own.cast(token, [1])
    await on_record(own, token, 3)
    whole = await trail(own, token, first=100)
    assert [int(entry["id"]) for entry in whole] == sorted((int(entry["id"]) for entry in whole), reverse=True)
    found, after = [], None
    for place in range(len(whole)):
        page = (await own.data(TRAIL, {"first": 1, "after": after}, token))["trail"]
        assert page["totalCount"] == len(whole)
        assert page["pageInfo"]["hasNextPage"] == (place < len(whole) - 1)
        assert page["pageInfo"]["hasPreviousPage"] == (place > 0)
        found, after = found + page["nodes"], page["pageInfo"]["endCursor"]
    assert found == whole
    assert {entry["kind"] for entry in await trail(own, token, kinds=["BALLOT_REFUSED"])} == {"BALLOT_REFUSED"}
    assert await trail(own, token, since="2036-01-01T00:00:00Z") == []
    wrong: list[Json] = [{"first": 101}, {"first": -1}, {"after": "x"}, {"after": "dHJhaWwveA=="}]
    for variables in wrong:
        assert codes(await own.ask(TRAIL, variables, token)) == ["BAD_INPUT"]


async def test_whatever_instant_or_campaign_is_asked_for_nothing_fails(
    http: aiohttp.ClientSession, seeded_url: str
) -> None:
    with serving(seeded_url) as server:
        api = Client(http, server)
        token = await api.sign_in("auditor")
        await staff(api, "grant", "AUDITOR", (await viewer(api, token))["id"])
        for beyond in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
            answer = await api.ask(TRAIL, {"since": beyond}, token, "en")
            assert codes(answer) == ["BAD_INPUT"]
            assert "from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z" in answer["errors"][0]["message"]
        assert await trail(api, token, since="0001-01-01T00:00:00Z") != []
        assert await trail(api, token, since="9999-12-31T23:59:59.999999Z") == []
        for strange in ("\x00", "shanghai-2017\x00", "nowhere"):
            assert codes(await api.ask(TRAIL, {"campaign": strange}, token)) == ["NOT_FOUND"]


async def test_no_cache_may_keep_it(own: Client) -> None:
    token = await own.sign_in("auditor")
    await staff(own, "grant", "AUDITOR", (await viewer(own, token))["id"])
    response = await own.get("/graphql?query={trail{totalCount}}", headers={"Authorization": f"Bearer {token}"})
    assert response.json["data"]["trail"]["totalCount"] > 0
    assert response.headers["Cache-Control"] == "private, no-store"


async def test_staff_are_told_what_would_be_right(new_sqlite: Callable[[], str]) -> None:
    url, someone = new_sqlite(), "viewer/" + "a" * 26
    for words, told in {
        ("grant", "KING", someone): "EXPERT, ORGANIZER, AUDITOR",
        ("grant", "VOTER", someone): "everybody is a VOTER",
        ("grant", "EXPERT", "Lin"): "viewer/ and 26 characters",
        ("grant", "EXPERT", someone, "--campaign", "nowhere"): SLUG,
        ("revoke",): "--everybody",
        ("revoke", someone, "--everybody"): "--everybody",
        ("trail", "--kind", "GOSSIP"): "SIGN_IN_FAILED",
    }.items():
        done = await asyncio.to_thread(pingxuan, url, *words)
        assert done.returncode == 2, words
        assert told in done.stderr
        assert "Traceback" not in done.stderr
