"""Which doors people sign in by: the settings for it, and what they mean together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from api.addresses import is_private_url
from api.settings.parsers import switch
from api.settings.setting import Setting, SettingError

APPID = re.compile(r"wx[0-9a-f]{16}")
MAX_SIGN_IN_TIMEOUT = 10.0  # seconds


def _appid(text: str) -> str:
    if APPID.fullmatch(text):
        return text
    raise ValueError("give the appid as WeChat shows it: wx and 16 digits or letters from a to f")


def _app_secret(text: str) -> str:
    if text.isascii() and text.isalnum() and len(text) <= 64:
        return text
    raise ValueError("give the app's secret as WeChat shows it: 32 digits and letters")


def _address(text: str) -> str:
    parts = urlsplit(text)
    if is_private_url(text) and not parts.query and not parts.fragment:
        return text.rstrip("/")
    raise ValueError("give an address such as https://api.weixin.qq.com; http is for this machine alone")


def _file(text: str) -> Path:
    if text.strip():
        return Path(text)
    raise ValueError("give the path of a TOML file")


def _seconds(text: str) -> float:
    if re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,3})?", text) and 0 < float(text) <= MAX_SIGN_IN_TIMEOUT:
        return float(text)
    raise ValueError(f"give seconds, more than 0 and at most {MAX_SIGN_IN_TIMEOUT:g}")


SIGNING_IN = (
    Setting(
        "GUESTS", "off", "`on` lets anybody sign in by a name alone. For demonstrations; `demo` turns it on.", switch
    ),
    Setting("WECHAT_MINI_PROGRAM_APPID", None, "The mini-program whose `wx.login` codes are taken.", _appid),
    Setting("WECHAT_MINI_PROGRAM_SECRET", None, "Its AppSecret.", _app_secret, is_secret=True),
    Setting("WECHAT_OFFICIAL_ACCOUNT_APPID", None, "The official account whose web codes are taken.", _appid),
    Setting("WECHAT_OFFICIAL_ACCOUNT_SECRET", None, "Its AppSecret.", _app_secret, is_secret=True),
    Setting(
        "WECHAT_UNIONID",
        None,
        "`on` knows people by their unionid, so that one person is one voter in both apps. Must be said where both are "
        "set: `off` gives a person a vote in each. Changing it while a campaign runs gives everybody another vote.",
        switch,
    ),
    Setting("WECHAT_API", "https://api.weixin.qq.com", "Where WeChat is asked, for a proxy of your own.", _address),
    Setting("OIDC_PROVIDERS", None, "A TOML file that declares the OpenID Connect providers.", _file),
    Setting(
        "SIGN_IN_TIMEOUT",
        "5",
        "Seconds that a sign-in waits for its provider, at most 10; then it is refused.",
        _seconds,
    ),
)


@dataclass(frozen=True, slots=True)
class WeChatApp:
    """An appid and its secret."""

    appid: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """The doors, checked against each other. timeout is in seconds."""

    guests: bool
    mini_program: WeChatApp | None
    official_account: WeChatApp | None
    by_unionid: bool
    wechat_api: str
    oidc_providers: Path | None
    timeout: float


def signing_in(values: Mapping[str, Any]) -> SignInSettings:
    """The doors that these values open. Raises SettingError when they contradict each other."""
    mini_program, official_account = _app(values, "WECHAT_MINI_PROGRAM"), _app(values, "WECHAT_OFFICIAL_ACCOUNT")
    if mini_program and official_account and values["WECHAT_UNIONID"] is None:
        raise SettingError(
            "PINGXUAN_WECHAT_UNIONID is not set, but both WeChat apps are: give on if one Open Platform account holds "
            "both, or off to let a person vote once in each."
        )
    return SignInSettings(
        guests=values["GUESTS"],
        mini_program=mini_program,
        official_account=official_account,
        by_unionid=bool(values["WECHAT_UNIONID"]),
        wechat_api=values["WECHAT_API"],
        oidc_providers=values["OIDC_PROVIDERS"],
        timeout=values["SIGN_IN_TIMEOUT"],
    )


def _app(values: Mapping[str, Any], name: str) -> WeChatApp | None:
    appid, secret = values[f"{name}_APPID"], values[f"{name}_SECRET"]
    if (appid is None) != (secret is None):
        missing = "APPID" if appid is None else "SECRET"
        raise SettingError(f"PINGXUAN_{name}_{missing} is not set: an app needs both its appid and its secret.")
    return WeChatApp(appid, secret) if appid is not None else None
