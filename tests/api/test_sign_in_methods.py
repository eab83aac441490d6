"""Does a front-end learn which doors are open, and nothing that is secret?"""

import pytest

from api.domain.people.identity import SignInMethod, SignInProvider
from api.identity import providers
from api.identity.wechat import MINI_PROGRAM, OFFICIAL_ACCOUNT, WeChatAppKey, WeChatConfig, WeChatProvider
from tests.servers import Client

ASKED = "{ signInMethods { door appid scope provider issuer clientIds } }"


async def test_the_open_doors_are_listed(api: Client) -> None:
    guest = {"door": "GUEST", "appid": None, "scope": None, "provider": None, "issuer": None, "clientIds": []}
    assert (await api.data(ASKED))["signInMethods"] == [guest]


def test_closed_doors_are_not_listed() -> None:
    assert [method for door in providers().values() for method in door.methods] == []


@pytest.mark.parametrize(("by_unionid", "scope"), [(False, "snsapi_base"), (True, "snsapi_userinfo")])
def test_wechat_is_begun_with_the_appid_and_on_pages_with_a_scope(by_unionid: bool, scope: str) -> None:
    wechat = WeChatConfig(None, "https://api.weixin.qq.com", by_unionid)  # type: ignore[arg-type]  # nobody is asked
    page = WeChatProvider(OFFICIAL_ACCOUNT, WeChatAppKey("wx01", "secret"), wechat)
    program = WeChatProvider(MINI_PROGRAM, WeChatAppKey("wx02", "secret"), wechat)
    assert page.methods == (SignInMethod(SignInProvider.WECHAT_OFFICIAL_ACCOUNT, "wx01", scope),)
    assert program.methods == (SignInMethod(SignInProvider.WECHAT_MINI_PROGRAM, "wx02"),)
