"""Does each door lead into the whole server, and does nothing of a person come in with them?"""

import asyncio
import base64
import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.api.test_roles import A_SECOND
from tests.commands import pingxuan
from tests.servers import Client, Json, Server, codes, refusals, serving
from tests.standins.issuer import CLIENT, IssuerStandIn, issuer_stand_in
from tests.standins.wechat import MINI, OFFICIAL, SESSION_KEY, WeChatStandIn, openid, unionid, wechat_stand_in

pytestmark = pytest.mark.any_engine

SIGN_IN = "mutation In($with: Credential!) { signIn(with: $with) { token viewer { id roles } } }"
PROVIDERS = """
[[provider]]
name = "city"
issuer = "{issuer}"
audiences = ["{client}"]
roles.groups = {{ panel = "EXPERT" }}
"""


BY_CHANNEL = "{ campaign { turnout { byChannel { channel ballots } } } }"
RESIDENTS_ONLY = {
    "code": "ELIGIBILITY",
    "claims": [{"claim": "residence", "values": ["310115"]}],
    "listed": False,
    "described": None,
}


@dataclass(frozen=True)
class Town:
    """A server with every door open, and what is behind the doors."""

    server: Server
    wechat: WeChatStandIn
    issuer: IssuerStandIn

    def credential(self, door: str, person: str, **more: Any) -> Json:
        """What this person signs in with at a door."""
        return {
            "guest": lambda: {"name": person},
            "wechatMiniProgram": lambda: {"code": self.wechat.code(MINI, person, **more)},
            "wechatOfficialAccount": lambda: {"code": self.wechat.code(OFFICIAL, person, **more)},
            "oidc": lambda: {"provider": "city", "idToken": self.issuer.token(sub=person, **more)},
        }[door]()


DOORS = ("guest", "wechatMiniProgram", "wechatOfficialAccount", "oidc")


def wechat_settings(wechat: WeChatStandIn, unionid: str) -> dict[str, str]:
    return {
        "WECHAT_API": wechat.url,
        "WECHAT_MINI_PROGRAM_APPID": MINI.appid,
        "WECHAT_MINI_PROGRAM_SECRET": MINI.secret,
        "WECHAT_OFFICIAL_ACCOUNT_APPID": OFFICIAL.appid,
        "WECHAT_OFFICIAL_ACCOUNT_SECRET": OFFICIAL.secret,
        "WECHAT_UNIONID": unionid,
        "SIGN_IN_TIMEOUT": "10",
    }


@pytest.fixture(scope="module")
def town(new_sqlite: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    file = tmp_path_factory.mktemp("providers") / "providers.toml"
    with wechat_stand_in() as wechat, issuer_stand_in() as issuer:
        file.write_text(PROVIDERS.format(issuer=issuer.url, client=CLIENT))
        opened = wechat_settings(wechat, "on")
        with serving(new_sqlite(), OIDC_PROVIDERS=str(file), **opened) as server:
            yield Town(server, wechat, issuer)


@pytest.fixture
def client(http: aiohttp.ClientSession, town: Town) -> Client:
    return Client(http, town.server)


async def signed_in(client: Client, door: str, credential: Json) -> Json:
    session: Json = (await client.data(SIGN_IN, {"with": {door: credential}}))["signIn"]
    return session


@pytest.mark.parametrize("door", DOORS)
async def test_whoever_comes_in_may_vote_once(client: Client, town: Town, door: str) -> None:
    first = await signed_in(client, door, town.credential(door, f"voter-at-{door}"))
    again = await signed_in(client, door, town.credential(door, f"voter-at-{door}"))
    assert first["viewer"] == again["viewer"]
    assert first["viewer"]["roles"] == ["VOTER"]
    assert (await client.cast(first["token"]))["ballot"]
    assert refusals(await client.cast(again["token"])) == ["QUOTA_EXHAUSTED"]


async def test_one_person_is_one_voter_in_both_wechat_apps(client: Client, town: Town) -> None:
    doors = ("wechatMiniProgram", "wechatOfficialAccount")
    sessions = [await signed_in(client, door, town.credential(door, "fang")) for door in doors]
    assert sessions[0]["viewer"] == sessions[1]["viewer"]
    assert (await client.cast(sessions[0]["token"]))["ballot"]
    assert refusals(await client.cast(sessions[1]["token"])) == ["QUOTA_EXHAUSTED"]


async def by_channel(client: Client) -> Counter[str]:
    """The turnout of each channel, with all ballots that were cast before."""
    await asyncio.sleep(A_SECOND)
    turnout = (await client.data(BY_CHANNEL))["campaign"]["turnout"]["byChannel"]
    return Counter({each["channel"]: each["ballots"] for each in turnout})


async def test_a_ballot_knows_the_channel_of_its_voter_and_the_turnout_tells_them_apart(
    client: Client, town: Town
) -> None:
    before, ballots = await by_channel(client), {}
    for door in DOORS:
        session = await signed_in(client, door, town.credential(door, f"channel-{door}"))
        ballots[door] = (await client.cast(session["token"]))["ballot"]["id"]
    channels = {
        door: (await client.data("query ($id: ID!) { ballot(id: $id) { channel } }", {"id": name}))["ballot"]["channel"]
        for door, name in ballots.items()
    }
    assert channels == {"guest": "WEB", "oidc": "WEB", "wechatMiniProgram": "WECHAT", "wechatOfficialAccount": "WECHAT"}
    assert await by_channel(client) - before == Counter({"WEB": 2, "WECHAT": 2})


async def test_only_holders_of_a_residence_claim_may_vote(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str], tmp_path: Path
) -> None:
    url, file = new_sqlite(), tmp_path / "providers.toml"
    with sqlite3.connect(url.removeprefix("sqlite://")) as connection:
        connection.execute("update campaigns set rules = ?", [json.dumps([RESIDENTS_ONLY])])
    connection.close()
    with issuer_stand_in() as issuer:
        file.write_text(PROVIDERS.format(issuer=issuer.url, client=CLIENT) + 'keep = ["residence"]')
        with serving(url, OIDC_PROVIDERS=str(file)) as server:
            client, answers = Client(http, server), []
            for person, claims in (("a", {"residence": "310115"}), ("b", {"residence": "310101"}), ("c", {})):
                token = {"provider": "city", "idToken": issuer.token(sub=person, **claims)}
                session = await signed_in(client, "oidc", {**token})
                answers.append(refusals(await client.cast(session["token"])))
            answers.append(refusals(await client.cast(await client.sign_in("guest"))))
    assert answers == [[], ["NOT_ELIGIBLE"], ["NOT_ELIGIBLE"], ["NOT_ELIGIBLE"]]


async def test_a_provider_grants_roles(client: Client, town: Town) -> None:
    session = await signed_in(client, "oidc", town.credential("oidc", "expert", groups=["panel"]))
    assert session["viewer"]["roles"] == ["VOTER", "EXPERT"]
    viewer = await client.data("{ viewer { roles } }", token=session["token"])
    assert viewer == {"viewer": {"roles": ["VOTER", "EXPERT"]}}


async def refused(client: Client, door: str, credential: Json, language: str = "en") -> Json:
    answer = await client.ask(SIGN_IN, {"with": {door: credential}}, language=language)
    assert answer["data"] == {"signIn": None}
    error: Json = answer["errors"][0]
    return error


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The code has been used. Fetch a new one"), ("zh", "登录code已被使用")]
)
async def test_why_a_sign_in_failed_is_told_in_words_and_as_data(
    client: Client, town: Town, language: str, words: str
) -> None:
    code = town.credential("wechatMiniProgram", "twice")
    await signed_in(client, "wechatMiniProgram", code)
    error = await refused(client, "wechatMiniProgram", code, language)
    assert words in error["message"]
    assert error["path"] == ["signIn"]
    assert error["extensions"] == {"code": "SIGN_IN_FAILED", "reason": "CODE_USED", "retryable": True}


async def test_a_preview_account_and_a_missing_unionid_get_nobody_in(client: Client, town: Town) -> None:
    preview = town.credential("wechatOfficialAccount", "preview", is_snapshotuser=1)
    nameless = town.credential("wechatOfficialAccount", "nameless", unionid=None)
    for credential, reason in ((preview, "ACCOUNT_IS_SNAPSHOT"), (nameless, "UNIONID_MISSING")):
        extensions = (await refused(client, "wechatOfficialAccount", credential))["extensions"]
        assert extensions == {"code": "SIGN_IN_FAILED", "reason": reason, "retryable": False}


async def test_an_outage_of_a_provider_is_told_with_a_time_to_retry(client: Client, town: Town) -> None:
    town.wechat.faults.append(45011)
    error = await refused(client, "wechatMiniProgram", town.credential("wechatMiniProgram", "hasty"))
    assert error["extensions"] == {
        "code": "SIGN_IN_UNAVAILABLE",
        "reason": "TOO_MANY_ATTEMPTS",
        "retryable": True,
        "retryAfter": 60,
    }


async def test_a_provider_that_hangs_holds_up_nobody_else(client: Client, town: Town) -> None:
    town.wechat.faults.append("hang")
    town.wechat.entered.clear()
    waiting = asyncio.create_task(refused(client, "wechatMiniProgram", town.credential("wechatMiniProgram", "patient")))
    assert await asyncio.to_thread(town.wechat.entered.wait, 60)
    assert await client.data("{ campaign { slug } }")
    assert not waiting.done()
    assert (await waiting)["extensions"]["reason"] == "PROVIDER_UNREACHABLE"


@pytest.mark.parametrize("token", ["x.y.z", "e30.e30.e30", "号码"])
async def test_a_token_that_is_none_is_a_failed_sign_in(client: Client, token: str) -> None:
    error = await refused(client, "oidc", {"provider": "city", "idToken": token})
    assert error["extensions"] == {"code": "SIGN_IN_FAILED", "reason": "TOKEN_INVALID", "retryable": False}


async def test_a_nonce_travels_with_the_token(client: Client, town: Town) -> None:
    given = town.credential("oidc", "careful", nonce="n-1")
    assert (await refused(client, "oidc", given))["extensions"]["reason"] == "NONCE_WRONG"
    assert await signed_in(client, "oidc", given | {"nonce": "n-1"})


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"guest": None},
        {"guest": {"name": "x"}, "oidc": {"provider": "city", "idToken": "x"}},
        {"wechatMiniProgram": {"code": "x"}, "wechatOfficialAccount": {"code": "x"}},
        {"wechatMiniProgram": {}},
        {"wechatMiniProgram": {"code": 5}},
        {"oidc": {"provider": "city"}},
        {"oidc": {"provider": "town", "idToken": "x"}},
        {"wechatMiniProgram": {"code": ""}},
        {"phone": {"number": "5"}},
    ],
)
async def test_what_is_not_one_whole_credential_is_bad_input(client: Client, credential: Json) -> None:
    assert codes(await client.ask(SIGN_IN, {"with": credential})) == ["BAD_INPUT"]


@pytest.mark.parametrize(
    ("door", "setting"),
    [
        ("wechatMiniProgram", "PINGXUAN_WECHAT_MINI_PROGRAM_APPID"),
        ("wechatOfficialAccount", "PINGXUAN_WECHAT_OFFICIAL_ACCOUNT_APPID"),
        ("oidc", "PINGXUAN_OIDC_PROVIDERS"),
    ],
)
async def test_a_door_that_is_closed_says_what_opens_it(api: Client, town: Town, door: str, setting: str) -> None:
    error = await refused(api, door, town.credential(door, "early"))
    assert error["extensions"] == {"code": "FORBIDDEN", "setting": setting}
    assert setting in error["message"]


PERSON = "xiaoming-wang"
PERSONAL = (
    PERSON,
    openid(MINI, PERSON),
    openid(OFFICIAL, PERSON),
    unionid(PERSON),
    f"{PERSON}@example.org",
    "Wang Xiaoming",
    SESSION_KEY,
    "the-access-token",
    "the-refresh-token",
    MINI.secret,
    OFFICIAL.secret,
)


def forms(text: str) -> set[bytes]:
    """How a text might have been written down, so that whoever knows or guesses it finds it again."""
    raw = text.encode()
    inner = base64.b64encode(b"\0\0\0" + raw)[4:-4]  # inside a longer text, whatever follows it
    return {
        raw,
        raw.hex().encode(),
        inner,
        *(hashlib.new(name, raw).hexdigest().encode() for name in ("md5", "sha256")),
    }


async def all_that_is_said(client: Client, town: Town, door: str) -> bytes:
    """What a person hears who signs in, votes, and then meets every kind of trouble; tokens are taken apart."""
    facts = {"email": f"{PERSON}@example.org", "name": "Wang Xiaoming"} if door == "oidc" else {}
    credential = town.credential(door, PERSON, **facts)
    session = await signed_in(client, door, credential)
    said: list[Any] = [session, await client.cast(session["token"])]
    said += [base64.urlsafe_b64decode(part + "==").decode("latin1") for part in session["token"].split(".")]
    town.wechat.faults.extend([40125, "hang", "500", 99999, -1, -1])
    for _ in range(6):
        said.append(await client.ask(SIGN_IN, {"with": {door: credential}}))
    town.wechat.faults.clear()
    said.append(
        await client.ask(
            SIGN_IN, {"with": {"oidc": {"provider": "city", "idToken": town.issuer.token(sub=PERSON, exp=1)}}}
        )
    )
    return json.dumps(said, ensure_ascii=False).encode()


@pytest.mark.parametrize("unionid", ["on", "off"])
async def test_nothing_of_a_person_is_in_the_database_the_tokens_the_log_or_the_errors(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str], tmp_path: Path, town: Town, unionid: str
) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(PROVIDERS.format(issuer=town.issuer.url, client=CLIENT))
    opened = wechat_settings(town.wechat, unionid) | {"OIDC_PROVIDERS": str(file)}
    with serving(new_sqlite(), **opened) as server:
        here = Town(server, town.wechat, town.issuer)
        said = [await all_that_is_said(Client(http, server), here, door) for door in DOORS[1:]]
        database = Path(server.database_url.removeprefix("sqlite://"))
        files = [path.read_bytes() for path in database.parent.glob(f"{database.name}*")]
        log = server.log.encode()
    assert b"refuses app" in log
    assert b"TOKEN_EXPIRED" in said[0]
    assert len(files) > 1
    written = b"\n".join([*said, *files, log])
    assert [text for text in PERSONAL if any(form in written for form in forms(text))] == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"OIDC_PROVIDERS": "nowhere.toml"}, "nowhere.toml cannot be read: No such file or directory."),
        ({"WECHAT_MINI_PROGRAM_APPID": MINI.appid}, "PINGXUAN_WECHAT_MINI_PROGRAM_SECRET is not set"),
        ({"WECHAT_OFFICIAL_ACCOUNT_SECRET": "x"}, "PINGXUAN_WECHAT_OFFICIAL_ACCOUNT_APPID is not set"),
        ({"WECHAT_MINI_PROGRAM_APPID": "gh_123"}, "PINGXUAN_WECHAT_MINI_PROGRAM_APPID is 'gh_123': give the appid"),
        ({"WECHAT_MINI_PROGRAM_SECRET": "not this!"}, "PINGXUAN_WECHAT_MINI_PROGRAM_SECRET: give the app's secret"),
        ({"WECHAT_UNIONID": "perhaps"}, "PINGXUAN_WECHAT_UNIONID is 'perhaps': give on or off"),
        ({"WECHAT_API": "api.weixin.qq.com"}, "PINGXUAN_WECHAT_API is 'api.weixin.qq.com': give an address"),
        ({"WECHAT_API": "http://api.weixin.qq.com"}, "http is for this machine alone"),
        ({"SIGN_IN_TIMEOUT": "11"}, "PINGXUAN_SIGN_IN_TIMEOUT is '11': give seconds"),
        ({"SIGN_IN_TIMEOUT": "0"}, "PINGXUAN_SIGN_IN_TIMEOUT is '0': give seconds"),
        ({"BOTH": ""}, "PINGXUAN_WECHAT_UNIONID is not set, but both WeChat apps are"),
    ],
)
def test_a_server_with_wrong_doors_does_not_start(
    tmp_path: Path, new_sqlite: Callable[[], str], settings: dict[str, str], told: str
) -> None:
    if "BOTH" in settings:
        settings = {
            name: value for name, value in wechat_settings(WeChatStandIn("http://localhost"), "").items() if value
        }
    given = {"DATABASE_URL": new_sqlite(), "SECRET": "x" * 40, "PORT": "0"} | settings
    done = pingxuan(tmp_path, "serve", **given)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "not this!" not in done.stderr
