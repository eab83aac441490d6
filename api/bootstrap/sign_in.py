"""Build the sign-in providers and the session tokens from the settings."""

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


def sign_in_providers(settings: SignInSettings, client: Outside) -> Mapping[str, SignInBackend[Any]]:
    """Every provider by its name; those that the settings leave out are disabled. Raises ProvidersFileError."""
    wechat = WeChat(client, settings.wechat_api, settings.by_unionid)
    file = settings.oidc_providers
    return providers(
        guests=settings.guests,
        mini_program=_wechat_provider(MINI_PROGRAM, settings.mini_program, wechat),
        official_account=_wechat_provider(OFFICIAL_ACCOUNT, settings.official_account, wechat),
        oidc=OpenId(read_issuers(file), client) if file else None,
    )


def session_tokens(settings: Settings) -> SignedTokens:
    """Tokens that are issued with the first secret of the settings, and accepted with any of them."""
    return SignedTokens(settings.token_secrets, settings.session)


def _wechat_provider(flow: WeChatFlow, app: WeChatApp | None, wechat: WeChat) -> WeChatProvider | None:
    return WeChatProvider(flow, WeChatAppKey(app.appid, app.secret), wechat) if app else None
