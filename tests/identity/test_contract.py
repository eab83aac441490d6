"""Does every way of signing in that is registered keep the promises of ports.IdentityProvider?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from api.domain.errors import ApiError, ErrorCode
from api.domain.people.identity import IdToken, Role
from api.graph import schema
from api.identity import providers
from api.identity.http_client import ProviderClient
from api.identity.oidc import OidcProvider
from api.identity.oidc_config import Issuer
from api.identity.sign_in_errors import SignInError
from api.identity.wechat import MINI_PROGRAM, OFFICIAL_ACCOUNT, WeChatAppKey, WeChatConfig, WeChatProvider
from api.ports import IdentityProvider
from tests.standins.issuer import CLIENT, MORNING, IssuerStandIn
from tests.standins.wechat import MINI, OFFICIAL, WeChatStandIn

REGISTERED = tuple(providers())
LATER = MORNING + timedelta(minutes=1)


@dataclass(frozen=True)
class Case:
    """A provider that is open, what a person signs in with, and what nobody gets in with."""

    provider: IdentityProvider[Any]
    credential: Callable[[str], Any]
    wrong: tuple[Any, ...]


@pytest.fixture
def cases(wechat_server: WeChatStandIn, issuer: IssuerStandIn, provider_client: ProviderClient) -> dict[str, Case]:
    wechat = WeChatConfig(provider_client, wechat_server.url, by_unionid=False)
    declared = Issuer(name="city", issuer=issuer.url, audiences=[CLIENT])
    opened = providers(
        guests=True,
        mini_program=WeChatProvider(MINI_PROGRAM, WeChatAppKey(MINI.appid, MINI.secret), wechat),
        official_account=WeChatProvider(OFFICIAL_ACCOUNT, WeChatAppKey(OFFICIAL.appid, OFFICIAL.secret), wechat),
        oidc=OidcProvider([declared], provider_client),
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
    with pytest.raises(ApiError) as refused:
        await providers()[name].authenticate("anything", MORNING)
    assert refused.value.code is ErrorCode.FORBIDDEN
    assert str(refused.value.details["setting"]).startswith("PINGXUAN_")
    assert str(refused.value.details["setting"]) in refused.value.message.en
    assert str(refused.value.details["setting"]) in refused.value.message.zh


@pytest.mark.parametrize("name", REGISTERED)
async def test_the_same_person_has_the_same_identity_every_time_and_another_has_not(
    name: str, cases: dict[str, Case]
) -> None:
    case = cases[name]
    first = await case.provider.authenticate(case.credential("lin"), MORNING)
    again = await case.provider.authenticate(case.credential("lin"), LATER)
    other = await case.provider.authenticate(case.credential("fang"), LATER)
    assert first == again
    assert first.realm == other.realm
    assert first.subject != other.subject
    assert first.realm
    assert first.subject
    assert Role.VOTER not in first.roles


@pytest.mark.parametrize("name", REGISTERED)
async def test_nobody_is_vouched_for_by_two_providers(name: str, cases: dict[str, Case]) -> None:
    ours = await cases[name].provider.authenticate(cases[name].credential("lin"), MORNING)
    for other in cases.keys() - {name}:
        theirs = await cases[other].provider.authenticate(cases[other].credential("lin"), MORNING)
        assert (ours.realm, ours.subject) != (theirs.realm, theirs.subject)


@pytest.mark.parametrize("name", REGISTERED)
async def test_a_wrong_credential_is_the_callers_fault_and_told_as_such(name: str, cases: dict[str, Case]) -> None:
    for wrong in cases[name].wrong:
        with pytest.raises(ApiError) as refused:
            await cases[name].provider.authenticate(wrong, MORNING)
        error = refused.value
        assert error.code in (ErrorCode.BAD_INPUT, ErrorCode.SIGN_IN_FAILED), wrong
        if error.code is ErrorCode.BAD_INPUT:
            assert str(error.details["argument"]).startswith(f"with.{name}.")
        else:
            assert error.details["reason"] in SignInError.__members__
            assert isinstance(error.details["retryable"], bool)


@pytest.mark.parametrize("name", REGISTERED)
async def test_nothing_about_the_person_is_logged(
    name: str, cases: dict[str, Case], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    case = cases[name]
    identity = await case.provider.authenticate(case.credential("lin-who-wants-no-log"), MORNING)
    for wrong in case.wrong:
        with pytest.raises(ApiError):
            await case.provider.authenticate(wrong, MORNING)
    assert "lin-who-wants-no-log" not in caplog.text + repr(identity)
    assert identity.subject not in caplog.text + repr(identity)
