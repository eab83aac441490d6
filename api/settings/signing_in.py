"""The settings of signing in: which providers are open, and what the settings mean together."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from api.addresses import is_secure_url
from api.settings import parsers
from api.settings.setting import SettingError, setting

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
    if is_secure_url(text) and not parts.query and not parts.fragment:
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


@dataclass(frozen=True, slots=True)
class WeChatApp:
    """An appid and its secret."""

    appid: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSettings:
    """The sign-in providers, checked against each other. timeout: in seconds."""

    guests: bool = setting(
        parsers.switch, "off", "`on` lets anybody sign in by a name alone. For demonstrations; `demo` turns it on."
    )
    wechat_mini_program_appid: str | None = setting(_appid, None, "The mini-program whose `wx.login` codes are taken.")
    wechat_mini_program_secret: str | None = setting(_app_secret, None, "Its AppSecret.", is_secret=True)
    wechat_official_account_appid: str | None = setting(
        _appid, None, "The official account whose web authorization codes are taken."
    )
    wechat_official_account_secret: str | None = setting(_app_secret, None, "Its AppSecret.", is_secret=True)
    wechat_unionid: bool | None = setting(
        parsers.switch,
        None,
        "`on` knows people by their unionid, so that one person is one voter in both apps. `off` gives a person a vote in "
        "each. Changing it while a campaign runs gives everybody another vote.",
    )
    wechat_api: str = setting(_address, "https://api.weixin.qq.com", "Where WeChat is asked, for a proxy of your own.")
    wechat_reminders: Path | None = setting(
        _file,
        None,
        "A TOML file with the templates of the messages by which the mini-program's people are reminded of a vote.",
    )
    oidc_providers: Path | None = setting(_file, None, "A TOML file that declares the OpenID Connect providers.")
    timeout: float = setting(
        _seconds,
        "5",
        "Seconds that a sign-in waits for its provider, at most 10; then it is refused.",
        name="SIGN_IN_TIMEOUT",
    )

    def __post_init__(self) -> None:
        if self.mini_program and self.official_account and self.wechat_unionid is None:
            raise SettingError(
                "PINGXUAN_WECHAT_UNIONID is not set, but both WeChat apps are: give on if one Open Platform account holds "
                "both, or off to let a person vote once in each."
            )

        if self.wechat_reminders is not None and self.mini_program is None:
            raise SettingError(
                "PINGXUAN_WECHAT_REMINDERS is set, but no mini-program is: give PINGXUAN_WECHAT_MINI_PROGRAM_APPID and _SECRET."
            )

    @property
    def by_unionid(self) -> bool:
        """Whether WeChat's people are known by their unionid."""
        return bool(self.wechat_unionid)

    @property
    def mini_program(self) -> WeChatApp | None:
        """The mini-program, if it is open."""
        return _app("MINI_PROGRAM", self.wechat_mini_program_appid, self.wechat_mini_program_secret)

    @property
    def official_account(self) -> WeChatApp | None:
        """The official account, if it is open."""
        return _app("OFFICIAL_ACCOUNT", self.wechat_official_account_appid, self.wechat_official_account_secret)


def _app(name: str, appid: str | None, secret: str | None) -> WeChatApp | None:
    if appid is not None and secret is not None:
        return WeChatApp(appid, secret)
    if appid is None and secret is None:
        return None
    missing = "APPID" if appid is None else "SECRET"
    raise SettingError(f"PINGXUAN_WECHAT_{name}_{missing} is not set: an app needs both its appid and its secret.")
