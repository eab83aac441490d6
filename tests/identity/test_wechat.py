"""Is everything that WeChat may answer understood: who it is, that a retry helps, or that our staff has to act?"""

import asyncio

import pytest

from api.domain.errors import ApiError, ErrorCode
from api.domain.people.identity import ExternalIdentity
from api.domain.voting.channels import Channel
from api.identity.http_client import ProviderClient
from api.identity.sign_in_errors import OUTAGES, REJECTIONS, SignInError
from api.identity.wechat import MINI_PROGRAM, OFFICIAL_ACCOUNT, WeChatAppKey, WeChatConfig, WeChatFlow, WeChatProvider
from tests.standins import FAULTS
from tests.standins.issuer import MORNING
from tests.standins.wechat import MINI, OFFICIAL, SESSION_KEY, WeChatStandIn, openid, unionid

APPS = {MINI_PROGRAM: MINI, OFFICIAL_ACCOUNT: OFFICIAL}
FLOWS = pytest.mark.parametrize("flow", APPS, ids=lambda flow: flow.name)


class Way:
    """One of the two ways to sign in, at the stand-in."""

    def __init__(
        self, flow: WeChatFlow, server: WeChatStandIn, provider_client: ProviderClient, *, by_unionid: bool = False
    ) -> None:
        self.server, self.app = server, APPS[flow]
        self.provider = WeChatProvider(
            flow,
            WeChatAppKey(self.app.appid, self.app.secret),
            WeChatConfig(provider_client, server.url, by_unionid=by_unionid),
        )

    async def enter(self, person: str = "lin", **answered: object) -> ExternalIdentity:
        return await self.provider.authenticate(self.server.code(self.app, person, **answered), MORNING)

    async def refused(self, code: str | None = None) -> ApiError:
        with pytest.raises(ApiError) as refused:
            await self.provider.authenticate(code or self.server.code(self.app, "lin"), MORNING)
        return refused.value


@pytest.fixture(params=APPS, ids=lambda flow: flow.name)
def way(request: pytest.FixtureRequest, wechat_server: WeChatStandIn, provider_client: ProviderClient) -> Way:
    return Way(request.param, wechat_server, provider_client)


def extensions(error: ApiError) -> tuple[ErrorCode, object, object, object]:
    return error.code, error.details["reason"], error.details["retryable"], error.details.get("retryAfter")


async def test_a_person_is_known_by_their_name_within_the_app(way: Way) -> None:
    assert await way.enter("lin") == ExternalIdentity(
        f"wechat/{way.app.appid}", openid(way.app, "lin"), channel=Channel.WECHAT
    )


async def test_what_is_asked_is_what_wechat_documents(way: Way) -> None:
    code = way.server.code(way.app, "lin")
    await way.provider.authenticate(code, MORNING)
    parameter = "js_code" if way.app == MINI else "code"
    assert way.server.asked == [
        {"appid": way.app.appid, "secret": way.app.secret, parameter: code, "grant_type": "authorization_code"}
    ]


async def test_an_errcode_of_zero_is_none(way: Way) -> None:
    assert await way.enter("lin", errcode=0, errmsg="ok")


@pytest.mark.parametrize(
    ("errcode", "reason", "retryable", "pause"),
    [
        (40029, "CODE_INVALID", True, None),
        (41008, "CODE_INVALID", True, None),
        (42003, "CODE_INVALID", True, None),
        (40163, "CODE_USED", True, None),
        (40226, "ACCOUNT_AT_RISK", False, None),
        (45011, "TOO_MANY_ATTEMPTS", True, 60),
        (40001, "NEEDS_STAFF", False, None),
        (40002, "NEEDS_STAFF", False, None),
        (40013, "NEEDS_STAFF", False, None),
        (40125, "NEEDS_STAFF", False, None),
        (40164, "NEEDS_STAFF", False, None),
        (41002, "NEEDS_STAFF", False, None),
        (41004, "NEEDS_STAFF", False, None),
        (45009, "NEEDS_STAFF", False, None),
        (48001, "NEEDS_STAFF", False, None),
        (48004, "NEEDS_STAFF", False, None),
        (50002, "NEEDS_STAFF", False, None),
        (99999, "PROVIDER_FAILED", True, 15),
    ],
)
async def test_each_errcode_has_its_meaning_and_is_asked_once(
    way: Way, errcode: int, reason: str, retryable: bool, pause: int | None
) -> None:
    way.server.faults.append(errcode)
    error = await way.refused()
    code = ErrorCode.SIGN_IN_FAILED if SignInError[reason] in REJECTIONS else ErrorCode.SIGN_IN_UNAVAILABLE
    assert extensions(error) == (code, reason, retryable, pause)
    assert len(way.server.asked) == 1


async def test_a_code_works_once(way: Way) -> None:
    code = way.server.code(way.app, "lin")
    await way.provider.authenticate(code, MORNING)
    assert (await way.refused(code)).details["reason"] == "CODE_USED"


async def test_another_apps_code_does_not_work(way: Way) -> None:
    other = OFFICIAL if way.app == MINI else MINI
    assert (await way.refused(way.server.code(other, "lin"))).details["reason"] == "CODE_INVALID"


async def test_a_wrong_secret_is_our_staffs_to_mend_and_logged_without_the_secret(
    way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    way.provider._app = WeChatAppKey(way.app.appid, "wrong" * 6)
    assert extensions(await way.refused())[1:3] == ("NEEDS_STAFF", False)
    assert f"refuses app {way.app.appid} with errcode 40125" in caplog.text
    assert "wrong" not in caplog.text


async def test_busy_is_asked_once_more(way: Way) -> None:
    way.server.faults.append(-1)
    assert await way.enter()
    assert len(way.server.asked) == 2


async def test_busy_twice_is_told_as_such(way: Way) -> None:
    way.server.constantly = -1
    assert extensions(await way.refused()) == (ErrorCode.SIGN_IN_UNAVAILABLE, "PROVIDER_BUSY", True, 5)
    assert len(way.server.asked) == 2


async def test_busy_and_then_wrong_is_wrong(way: Way) -> None:
    way.server.faults.extend([-1, 40029])
    assert (await way.refused()).details["reason"] == "CODE_INVALID"


async def test_a_slow_answer_is_an_answer(way: Way) -> None:
    way.server.faults.append("slow")
    assert await way.enter()


@pytest.mark.parametrize("time_limit", [3.0])
@pytest.mark.parametrize("faults", [["hang"], [-1, "hang"]], ids=["at once", "after busy"])
async def test_silence_ends_in_time_and_is_not_asked_again(
    way: Way, faults: list[int | str], caplog: pytest.LogCaptureFixture
) -> None:
    way.server.faults.extend(faults)
    async with asyncio.timeout(60):
        error = await way.refused()
    assert extensions(error) == (ErrorCode.SIGN_IN_UNAVAILABLE, "PROVIDER_UNREACHABLE", True, 5)
    assert len(way.server.asked) == len(faults)
    assert "did not answer within" in caplog.text


@pytest.mark.parametrize("time_limit", [3.0])
async def test_two_answers_together_take_no_longer_than_one_may(way: Way) -> None:
    way.server.constantly = "slow and busy"
    assert (await way.refused()).details["reason"] == "PROVIDER_UNREACHABLE"


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_is_no_answer_is_a_failure_of_wechats(
    way: Way, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    way.server.faults.append(fault)
    assert extensions(await way.refused()) == (ErrorCode.SIGN_IN_UNAVAILABLE, "PROVIDER_FAILED", True, 15)
    assert len(way.server.asked) == 1
    assert "gave no answer that can be used" in caplog.text
    assert way.app.secret not in caplog.text
    assert "secret details" not in caplog.text


async def test_a_host_that_is_not_there_is_out_of_reach(
    way: Way, provider_client: ProviderClient, caplog: pytest.LogCaptureFixture
) -> None:
    way.provider._config = WeChatConfig(provider_client, "http://127.0.0.1:1", by_unionid=False)
    assert (await way.refused()).details["reason"] == "PROVIDER_UNREACHABLE"
    assert way.app.secret not in caplog.text


@pytest.mark.parametrize("name", [None, "", 5, ["o"], "o" * 129, "o openid", "方", "\ud800"])
async def test_an_answer_without_a_proper_openid_is_a_failure_of_wechats(way: Way, name: object) -> None:
    with pytest.raises(ApiError) as refused:
        await way.enter("lin", openid=name)
    assert refused.value.details["reason"] == "PROVIDER_FAILED"


async def test_the_passing_account_of_a_preview_is_turned_away(way: Way) -> None:
    with pytest.raises(ApiError) as refused:
        await way.enter("lin", is_snapshotuser=1)
    assert extensions(refused.value) == (ErrorCode.SIGN_IN_FAILED, "ACCOUNT_IS_SNAPSHOT", False, None)
    assert await way.enter("lin", is_snapshotuser=0)


async def test_by_unionid_both_apps_know_a_person_as_one(
    wechat_server: WeChatStandIn, provider_client: ProviderClient
) -> None:
    ways = [Way(flow, wechat_server, provider_client, by_unionid=True) for flow in APPS]
    assert [await way.enter("lin") for way in ways] == [
        ExternalIdentity("wechat-union", unionid("lin"), channel=Channel.WECHAT)
    ] * 2


@FLOWS
async def test_by_unionid_nobody_gets_in_without_one(
    flow: WeChatFlow, wechat_server: WeChatStandIn, provider_client: ProviderClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Falling back to the openid would make the person another voter."""
    way = Way(flow, wechat_server, provider_client, by_unionid=True)
    wechat_server.bound = False
    assert extensions(await way.refused()) == (ErrorCode.SIGN_IN_FAILED, "UNIONID_MISSING", False, None)
    assert way.app.appid in caplog.text
    assert openid(way.app, "lin") not in caplog.text


async def test_what_wechat_hands_out_beside_the_name_is_kept_nowhere(way: Way) -> None:
    identity = await way.enter("lin")
    kept = repr([vars(way.provider), identity.realm, identity.subject])
    assert SESSION_KEY not in kept
    assert "the-access-token" not in kept
    assert way.app.secret not in kept


async def test_fifty_people_sign_in_at_once(way: Way) -> None:
    entered = await asyncio.gather(*(way.enter(f"person-{number}") for number in range(50)))
    assert len({identity.subject for identity in entered}) == 50


def test_every_reason_is_either_a_failure_or_an_outage() -> None:
    assert REJECTIONS.keys() | OUTAGES.keys() == set(SignInError)
    assert not REJECTIONS.keys() & OUTAGES.keys()
