"""Which ways of signing in the settings open, and which tokens they give."""

from collections.abc import Mapping
from typing import Any

from api.identity import providers
from api.identity.http_client import Outside
from api.identity.oidc import OpenId
from api.identity.providers_file import read_issuers
from api.identity.tokens import SignedTokens
from api.identity.wechat import MINI_PROGRAM, OFFICIAL_ACCOUNT, WeChat, WeChatAppKey, WeChatFlow, WeChatProvider
from api.ports import SignInBackend
from api.settings import Settings
from api.settings.signing_in import SignInSettings, WeChatApp


def sign_in_providers(settings: SignInSettings, outside: Outside) -> Mapping[str, SignInBackend[Any]]:
    """The ways of signing in that these settings open. Raises ProvidersFileError."""
    wechat = WeChat(outside, settings.wechat_api, settings.by_unionid)
    file = settings.oidc_providers
    return providers(
        guests=settings.guests,
        mini_program=_wechat_door(MINI_PROGRAM, settings.mini_program, wechat),
        official_account=_wechat_door(OFFICIAL_ACCOUNT, settings.official_account, wechat),
        oidc=OpenId(read_issuers(file), outside) if file else None,
    )


def session_tokens(settings: Settings) -> SignedTokens:
    """The tokens that these settings have issued and accepted."""
    return SignedTokens(settings.token_secrets, settings.session)


def _wechat_door(door: WeChatFlow, app: WeChatApp | None, wechat: WeChat) -> WeChatProvider | None:
    return WeChatProvider(door, WeChatAppKey(app.appid, app.secret), wechat) if app else None
