"""Does every way of signing in that is registered keep the promises of ports.Provider?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from api.domain.faults import Fault, FaultCode
from api.domain.people import IdToken, Role
from api.domain.turned_away import Reason
from api.graph import schema
from api.identity import providers
from api.identity.issuers import Issuer
from api.identity.oidc import OpenId
from api.identity.outside import Outside
from api.identity.wechat import MINI_PROGRAM, OFFICIAL_ACCOUNT, App, WeChat, WeChatDoor
from api.ports import Provider
from tests.standins.issuer import CLIENT, MORNING, IssuerStandIn
from tests.standins.wechat import MINI, OFFICIAL, WeChatStandIn

REGISTERED = tuple(providers())
LATER = MORNING + timedelta(minutes=1)


@dataclass(frozen=True)
class Case:
    """A provider that is open, what a person signs in with, and what nobody gets in with."""

    provider: Provider[Any]
    credential: Callable[[str], Any]
    wrong: tuple[Any, ...]


@pytest.fixture
def cases(wechat_server: WeChatStandIn, issuer: IssuerStandIn, outside: Outside) -> dict[str, Case]:
    wechat = WeChat(outside, wechat_server.url, by_unionid=False)
    declared = Issuer(name="city", issuer=issuer.url, audiences=[CLIENT])
    opened = providers(
        guests=True,
        mini_program=WeChatDoor(MINI_PROGRAM, App(MINI.appid, MINI.secret), wechat),
        official_account=WeChatDoor(OFFICIAL_ACCOUNT, App(OFFICIAL.appid, OFFICIAL.secret), wechat),
        oidc=OpenId([declared], outside),
    )
    codes = ("", "an unknown code", "x" * 513, "0" * 32, "号码", "\ud800", "a\r\nb", "&secret=1", "\0")
    tokens = ("", "x", "..", "\ud800.\ud800.\ud800", "x" * 100_000, issuer.unsigned())
    return {
        "guest": Case(opened["guest"], lambda person: person, ("", " ", "x" * 65, "\ud800", "a\nb")),
        "wechatMiniProgram": Case(opened["wechatMiniProgram"], lambda p: wechat_server.code(MINI, p), codes),
        "wechatOfficialAccount": Case(
            opened["wechatOfficialAccount"], lambda p: wechat_server.code(OFFICIAL, p), codes
        ),
        "oidc": Case(
            opened["oidc"],
            lambda person: IdToken("city", issuer.token(sub=person)),
            (*(IdToken("city", token) for token in tokens), IdToken("another", issuer.token()), IdToken("", "")),
        ),
    }


def test_every_provider_is_a_field_of_the_credential() -> None:
    assert set(REGISTERED) == set(schema()._schema.type_map["Credential"].fields)


@pytest.mark.parametrize("name", REGISTERED)
async def test_a_provider_that_is_off_says_what_turns_it_on(name: str) -> None:
    with pytest.raises(Fault) as refused:
        await providers()[name].vouch("anything", MORNING)
    assert refused.value.code is FaultCode.FORBIDDEN
    assert str(refused.value.details["setting"]).startswith("PINGXUAN_")
    assert str(refused.value.details["setting"]) in refused.value.message.en
    assert str(refused.value.details["setting"]) in refused.value.message.zh


@pytest.mark.parametrize("name", REGISTERED)
async def test_the_same_person_is_vouched_for_alike_every_time_and_another_is_not(
    name: str, cases: dict[str, Case]
) -> None:
    case = cases[name]
    first = await case.provider.vouch(case.credential("lin"), MORNING)
    again = await case.provider.vouch(case.credential("lin"), LATER)
    other = await case.provider.vouch(case.credential("fang"), LATER)
    assert first == again
    assert first.realm == other.realm
    assert first.subject != other.subject
    assert first.realm
    assert first.subject
    assert Role.VOTER not in first.roles


@pytest.mark.parametrize("name", REGISTERED)
async def test_nobody_is_vouched_for_by_two_providers(name: str, cases: dict[str, Case]) -> None:
    ours = await cases[name].provider.vouch(cases[name].credential("lin"), MORNING)
    for other in cases.keys() - {name}:
        theirs = await cases[other].provider.vouch(cases[other].credential("lin"), MORNING)
        assert (ours.realm, ours.subject) != (theirs.realm, theirs.subject)


@pytest.mark.parametrize("name", REGISTERED)
async def test_a_wrong_credential_is_the_callers_fault_and_told_as_such(name: str, cases: dict[str, Case]) -> None:
    for wrong in cases[name].wrong:
        with pytest.raises(Fault) as refused:
            await cases[name].provider.vouch(wrong, MORNING)
        fault = refused.value
        assert fault.code in (FaultCode.BAD_INPUT, FaultCode.SIGN_IN_FAILED), wrong
        if fault.code is FaultCode.BAD_INPUT:
            assert str(fault.details["argument"]).startswith(f"with.{name}.")
        else:
            assert fault.details["reason"] in Reason.__members__
            assert isinstance(fault.details["retryable"], bool)


@pytest.mark.parametrize("name", REGISTERED)
async def test_nothing_about_the_person_is_logged(
    name: str, cases: dict[str, Case], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    case = cases[name]
    vouched = await case.provider.vouch(case.credential("lin-who-wants-no-log"), MORNING)
    for wrong in case.wrong:
        with pytest.raises(Fault):
            await case.provider.vouch(wrong, MORNING)
    assert "lin-who-wants-no-log" not in caplog.text + repr(vouched)
    assert vouched.subject not in caplog.text + repr(vouched)
