"""Is a guest the same voter every time, and does only a token of this server stand for anyone?"""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import jwt
import pytest

from api.testing.sandbox import SandboxClock
from tests.servers import CAST, SECRET, SIGN_IN, TEN, Client, Server, codes, project_ids, serving

SESSION = """mutation In($name: String!) { signIn(with: {guest: {name: $name}}) {
  token expiresAt viewer { id roles allowance { remaining } ballots { id } } } }"""
VIEWER = "{ viewer { id } }"
PUBLIC = '{ district(code: "310115") { code } campaign { slug turnout { ballots } } results(first: 1) { totalCount } }'
# Tokens are signed with a key made from the server's secret, so that it serves nothing else.
KEY = hmac.digest(SECRET.encode(), b"session-token", hashlib.sha256)
KID = base64.b32encode(hmac.digest(SECRET.encode(), b"session-key-id", hashlib.sha256)).decode().lower()[:8]


async def viewer_id(api: Client, token: str | None) -> str | None:
    viewer = (await api.data(VIEWER, token=token))["viewer"]
    return viewer and viewer["id"]


async def session(api: Client, name: str) -> dict[str, Any]:
    found: dict[str, Any] = (await api.data(SESSION, {"name": name}))["signIn"]
    return found


async def test_nobody_is_signed_in_without_a_token(api: Client) -> None:
    assert await viewer_id(api, None) is None


async def test_a_session_tells_who_signed_in_and_for_how_long(api: Client) -> None:
    found = await session(api, "Fang 方")
    assert found["viewer"]["roles"] == ["VOTER"]
    assert found["viewer"]["allowance"] == {"remaining": 1}
    assert found["viewer"]["ballots"] == []
    assert await viewer_id(api, found["token"]) == found["viewer"]["id"]
    lasts = datetime.fromisoformat(found["expiresAt"]) - datetime.fromisoformat("2017-03-22T09:00:00+08:00")
    assert timedelta(days=29) < lasts < timedelta(days=31)


async def test_the_same_name_is_the_same_voter_and_another_is_another(api: Client) -> None:
    names = ["Li", "Li", " Li ", "li", "李", "Lì"]
    ids = [(await session(api, name))["viewer"]["id"] for name in names]
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids)) == 4


@pytest.mark.parametrize(
    "name",
    [
        "x",
        "x" * 64,
        "方",
        "💥" * 64,
        "👨\u200d👩\u200d👧",
        "👨\u200d👩\u200d👧" * 64,
        "a'; drop table ballots; --",
        "<script>",
        "a b",
    ],
)
async def test_a_name_of_1_to_64_printable_characters_is_taken(api: Client, name: str) -> None:
    assert (await session(api, name))["token"]


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 65, "x" * 100_000, "a\0b", "a\nb", "a\tb", "\x7f", "a\u2028b", "\u202ea"]
)
async def test_any_other_name_is_refused(api: Client, name: str) -> None:
    answer = await api.ask(SIGN_IN, {"name": name}, language="en")
    assert codes(answer) == ["BAD_INPUT"]
    assert answer["data"] == {"signIn": None}
    assert "1 to 64 printable characters" in answer["errors"][0]["message"]
    assert answer["errors"][0]["extensions"]["argument"] == "with.guest.name"


async def test_the_token_holds_no_name(api: Client) -> None:
    token = (await session(api, "Wang Xiaoming"))["token"]
    padded = [part + "=" * (-len(part) % 4) for part in token.split(".")[:2]]
    header, claims = (json.loads(base64.urlsafe_b64decode(part)) for part in padded)
    assert header == {"alg": "HS256", "kid": KID, "typ": "JWT"}
    assert claims.keys() <= {"sub", "aud", "iss", "idp", "roles", "ver", "iat", "exp"}
    written = json.dumps([header, claims]).lower()
    assert "wang" not in written
    assert "xiaoming" not in written
    assert hashlib.sha256(b"Wang Xiaoming").hexdigest()[:20] not in written


@pytest.fixture(scope="module")
def closed_to_guests(new_sqlite: Callable[[], str]) -> Iterator[Server]:
    with serving(new_sqlite(), guests="off") as server:
        yield server


async def test_guests_are_turned_away_where_they_are_not_admitted(
    http: aiohttp.ClientSession, closed_to_guests: Server
) -> None:
    api = Client(http, closed_to_guests)
    answer = await api.ask(SIGN_IN, {"name": "guest"}, language="en")
    assert (codes(answer), answer["data"]) == (["FORBIDDEN"], {"signIn": None})
    assert "PINGXUAN_GUESTS" in answer["errors"][0]["message"]
    assert (await api.data(PUBLIC))["district"] == {"code": "310115"}


async def test_a_session_holds_on_every_server_with_the_secret(api: Client, closed_to_guests: Server) -> None:
    token = await api.sign_in("everywhere")
    assert await viewer_id(api.at(closed_to_guests), token) == await viewer_id(api, token)


def signed(claims: dict[str, Any], key: bytes = KEY, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm, headers={"kid": KID})


def unsigned(claims: dict[str, Any]) -> str:
    parts = [json.dumps({"alg": "none", "kid": KID, "typ": "JWT"}).encode(), json.dumps(claims).encode()]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def claims(**changes: Any) -> dict[str, Any]:
    """What a token of this server claims, with some of it changed; None leaves a claim out."""
    at = int(datetime.fromisoformat("2017-03-22T09:00:00+08:00").timestamp())
    ours = {
        "sub": "a" * 26,
        "aud": "pingxuan",
        "idp": "guest",
        "roles": ["VOTER"],
        "ver": 0,
        "iat": at,
        "exp": at + 86400,
    }
    return {name: value for name, value in {**ours, **changes}.items() if value is not None}


EXPIRED = int(datetime.fromisoformat("2017-03-22T08:59:59+08:00").timestamp())
FORGED = {
    "another key": signed(claims(), b"another key of thirty-two bytes and more"),
    "the server's secret itself": signed(claims(), SECRET.encode().ljust(32, b"\0")),
    "no signature": unsigned(claims()),
    "another algorithm": signed(claims(), KEY.ljust(64, b"\0"), "HS512"),
    "another audience": signed(claims(aud="another service"), KEY),
    "no key id": jwt.encode(claims(), KEY),
    "another key's id": jwt.encode(claims(), KEY, headers={"kid": "aaaaaaaa"}),
    "the right header and no signature": signed(claims()).rpartition(".")[0] + ".",
    "without a version": signed(claims(ver=None)),
    "several audiences": signed(claims(aud=["another", "services"]), KEY),
    "no audience": signed(claims(aud=None), KEY),
    "expired": signed(claims(exp=EXPIRED), KEY),
    "expiring never": signed(claims(exp=None), KEY),
    "nobody": signed(claims(sub=None), KEY),
    "a changed signature": signed(claims(), KEY)[:-3] + "AAA",
    "a role that does not exist": signed(claims(roles=["EMPEROR"]), KEY),
    "garbage": "garbage",
    "dots": "..",
    "three parts": "a.b.c",
    "a token in a token": "Bearer x",
    "very long": "x" * 5000,
}


async def test_a_token_made_as_above_without_changes_is_taken(api: Client) -> None:
    assert await viewer_id(api, signed(claims(), KEY)) == "viewer/" + "a" * 26


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
async def test_a_token_that_is_not_ours_stands_for_nobody(api: Client, token: str) -> None:
    answer = await api.ask(VIEWER, token=token, language="en")
    assert codes(answer) == ["UNAUTHENTICATED"]
    assert answer["data"] == {"viewer": None}
    assert "Sign in again" in answer["errors"][0]["message"]
    answer = await api.ask(CAST, {"input": {"projectIds": project_ids(TEN)}}, token)
    assert codes(answer) == ["UNAUTHENTICATED"]
    assert answer["data"] == {"castBallot": None}


@pytest.mark.parametrize(
    "token", [FORGED["another key"], FORGED["expired"], "garbage"], ids=["forged", "expired", "garbage"]
)
async def test_with_a_bad_token_the_public_is_still_public_and_one_can_sign_in(api: Client, token: str) -> None:
    assert (await api.data(PUBLIC, token=token))["district"] == {"code": "310115"}
    again = await api.data(SIGN_IN, {"name": "again"}, token=token)
    assert await viewer_id(api, again["signIn"]["token"])


@pytest.mark.parametrize("header", ["Basic {}", "Token {}", "{}", "Bearer", "Bearer:{}", "Bearer {} x", "Negotiate {}"])
async def test_another_scheme_stands_for_nobody(api: Client, header: str) -> None:
    token = await api.sign_in("schemes")
    response = await api.post({"query": VIEWER}, Authorization=header.format(token))
    assert codes(response.json) == ["UNAUTHENTICATED"]
    assert response.json["data"] == {"viewer": None}


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER   {}", " Bearer {} "])
async def test_the_scheme_is_bearer_however_it_is_spelled(api: Client, header: str) -> None:
    token = await api.sign_in("schemes")
    response = await api.post({"query": VIEWER}, Authorization=header.format(token))
    assert response.json["data"]["viewer"]["id"]


async def test_a_session_ends_by_the_servers_clock(api: Client, pingxuan_clock: SandboxClock) -> None:
    token = await api.sign_in("gone for long")
    pingxuan_clock.set("2017-04-21T08:59:59.999999+08:00")
    assert await viewer_id(api, token)
    pingxuan_clock.set("2017-04-21T09:00:00+08:00")
    answer = await api.ask(VIEWER, token=token, language="en")
    assert codes(answer) == ["UNAUTHENTICATED"]
    assert "expired" in answer["errors"][0]["message"]


async def test_a_hundred_people_sign_in_at_once(api: Client) -> None:
    sessions = await asyncio.gather(*(session(api, f"crowd {number}") for number in range(100)))
    assert len({found["viewer"]["id"] for found in sessions}) == 100
