"""Wire up the identity providers and the session tokens that the settings configure."""

from collections.abc import Mapping
from typing import Any

from api.identity import providers
from api.identity.http_client import ProviderClient
from api.identity.oidc import OidcProvider
from api.identity.providers_file import read_issuers
from api.identity.reminders_file import read_reminders_file
from api.identity.tokens import SignedTokens
from api.identity.wechat import MINI_PROGRAM, OFFICIAL_ACCOUNT, WeChatAppKey, WeChatConfig, WeChatFlow, WeChatProvider
from api.identity.wechat_reminders import NoReminders, WeChatReminders
from api.ports import IdentityProvider
from api.ports.reminders import ReminderMessages
from api.settings import Settings
from api.settings.signing_in import SignInSettings, WeChatApp


def sign_in_providers(settings: SignInSettings, client: ProviderClient) -> Mapping[str, IdentityProvider[Any]]:
    """Every identity provider by its name, those that are not configured disabled. Raises ProvidersFileError."""
    wechat = WeChatConfig(client, settings.wechat_api, settings.by_unionid)
    file = settings.oidc_providers
    return providers(
        guests=settings.guests,
        mini_program=_wechat_provider(MINI_PROGRAM, settings.mini_program, wechat),
        official_account=_wechat_provider(OFFICIAL_ACCOUNT, settings.official_account, wechat),
        oidc=OidcProvider(read_issuers(file), client) if file else None,
    )


def session_tokens(settings: Settings) -> SignedTokens:
    """Signs with the first of the secrets and accepts tokens of all."""
    return SignedTokens(settings.token_secrets, settings.session)


def _wechat_provider(flow: WeChatFlow, app: WeChatApp | None, config: WeChatConfig) -> WeChatProvider | None:
    return WeChatProvider(flow, WeChatAppKey(app.appid, app.secret), config) if app else None


def reminder_messages(settings: SignInSettings, client: ProviderClient) -> ReminderMessages:
    """What sends reminders. Raises RemindersFileError."""
    app, file = settings.mini_program, settings.wechat_reminders
    if app is None or file is None:
        return NoReminders()
    config = WeChatConfig(client, settings.wechat_api, settings.by_unionid)
    key = WeChatAppKey(app.appid, app.secret)
    return WeChatReminders(WeChatProvider(MINI_PROGRAM, key, config), key, config, read_reminders_file(file))
