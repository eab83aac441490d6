"""Signing in with WeChat: a mini-program's `wx.login`, or the web authorization of an official account.

Either way the client gets a code that works once and for five minutes, and we exchange it at WeChat for an openid, which
is a person's name within one app, and perhaps a unionid, which is the same in all apps of one Open Platform account.
"""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.domain.errors import bad_input
from api.domain.people.identity import ExternalIdentity, SignInMethod, SignInProvider
from api.identity.http_client import Outside
from api.identity.sign_in_errors import SignInError, sign_in_error

BUSY_RETRY_INTERVAL = 0.2  # seconds before a busy WeChat is asked a second time
OK, BUSY = 0, -1
# What WeChat's errcode means. The ones it gives to our app and not to the person need our staff.
MEANINGS: Mapping[int, SignInError] = {
    BUSY: SignInError.PROVIDER_BUSY,
    40029: SignInError.CODE_INVALID,
    41008: SignInError.CODE_INVALID,  # missing
    42003: SignInError.CODE_INVALID,  # too old
    40163: SignInError.CODE_USED,
    40226: SignInError.ACCOUNT_AT_RISK,
    45011: SignInError.TOO_MANY_ATTEMPTS,
    40001: SignInError.NEEDS_STAFF,  # wrong secret
    40002: SignInError.NEEDS_STAFF,  # grant_type
    40013: SignInError.NEEDS_STAFF,  # wrong appid
    40125: SignInError.NEEDS_STAFF,  # wrong secret
    40164: SignInError.NEEDS_STAFF,  # our address is not on the allow-list
    41002: SignInError.NEEDS_STAFF,  # no appid
    41004: SignInError.NEEDS_STAFF,  # no secret
    45009: SignInError.NEEDS_STAFF,  # the day's calls are used up
    48001: SignInError.NEEDS_STAFF,  # the app may not ask this
    48004: SignInError.NEEDS_STAFF,  # the app is barred
    50002: SignInError.NEEDS_STAFF,  # the app is limited
}
CODE = re.compile(r"[\x21-\x7e]{1,512}")
NAME = re.compile(r"[\x21-\x7e]{1,128}")  # an openid or a unionid
UNION = "wechat-union"
log = logging.getLogger("pingxuan.identity")


@dataclass(frozen=True, slots=True)
class WeChatFlow:
    """One of WeChat's two ways: our name for it, where the code is exchanged, and what WeChat calls the code there."""

    name: str
    path: str
    parameter: str
    published: SignInProvider


MINI_PROGRAM = WeChatFlow("wechatMiniProgram", "/sns/jscode2session", "js_code", SignInProvider.WECHAT_MINI_PROGRAM)
OFFICIAL_ACCOUNT = WeChatFlow(
    "wechatOfficialAccount", "/sns/oauth2/access_token", "code", SignInProvider.WECHAT_OFFICIAL_ACCOUNT
)


@dataclass(frozen=True, slots=True)
class WeChatAppKey:
    """A mini-program or an official account, and what it proves itself to WeChat with."""

    appid: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WeChat:
    """Where WeChat is asked, and whether people go by their unionid, so that both doors know them as one."""

    outside: Outside
    api: str
    by_unionid: bool


class WeChatProvider:
    """Vouches for whom WeChat gives a code to. What WeChat answers beside the name, session_key above all, is dropped."""

    def __init__(self, door: WeChatFlow, app: WeChatAppKey, wechat: WeChat) -> None:
        self.name = door.name
        self._door = door
        self._app = app
        self._wechat = wechat

    @property
    def methods(self) -> tuple[SignInMethod]:
        """How to fetch a code. On web pages only the wider scope comes with a unionid."""
        on_pages = self._door is OFFICIAL_ACCOUNT
        scope = "snsapi_userinfo" if self._wechat.by_unionid else "snsapi_base"
        return (SignInMethod(self._door.published, self._app.appid, scope if on_pages else None),)

    async def authenticate(self, credential: str, now: datetime) -> ExternalIdentity:
        """The person within this app, or within all apps that belong together."""
        answer = await self._exchanged(_checked(credential, self.name))
        if answer.get("is_snapshotuser"):
            raise sign_in_error(SignInError.ACCOUNT_IS_SNAPSHOT)
        openid = _name(answer, "openid")
        if openid is None:
            log.warning("%s: WeChat answered without an openid", self.name)
            raise sign_in_error(SignInError.PROVIDER_FAILED)
        if not self._wechat.by_unionid:
            return ExternalIdentity(f"wechat/{self._app.appid}", openid)
        unionid = _name(answer, "unionid")
        if unionid is None:
            log.error("%s: WeChat gave app %s no unionid (see docs/sign-in.md)", self.name, self._app.appid)
            raise sign_in_error(SignInError.UNIONID_MISSING)
        return ExternalIdentity(UNION, unionid)

    async def _exchanged(self, code: str) -> dict[str, Any]:
        """WeChat's answer to a code. Busy is asked once more; silence is not: the code may have been used by then."""
        async with self._wechat.outside.timeout(self.name):
            answer = await self._asked(code)
            if answer.get("errcode") == BUSY:
                await asyncio.sleep(BUSY_RETRY_INTERVAL)
                answer = await self._asked(code)
        errcode = answer.get("errcode", OK)
        if errcode != OK:
            self._refuse(errcode)
        return answer

    async def _asked(self, code: str) -> dict[str, Any]:
        given = {
            "appid": self._app.appid,
            "secret": self._app.secret,
            self._door.parameter: code,
            "grant_type": "authorization_code",
        }
        return await self._wechat.outside.ask(self.name, self._wechat.api + self._door.path, given)

    def _refuse(self, errcode: object) -> None:
        """Raises ApiError with what the errcode means; one that is not known here is WeChat's failure."""
        known = MEANINGS.get(errcode) if isinstance(errcode, int) else None
        if known is None:
            log.error("%s: WeChat answered errcode %.20r, which is not known here", self.name, errcode)
        elif known is SignInError.NEEDS_STAFF:
            log.error("%s: WeChat refuses app %s with errcode %s", self.name, self._app.appid, errcode)
        raise sign_in_error(known or SignInError.PROVIDER_FAILED)


def _checked(code: str, door: str) -> str:
    if CODE.fullmatch(code):
        return code
    raise bad_input(
        f"code须为微信给出的1至512个字符，收到{len(code)}个。",
        f"A code has 1 to 512 visible ASCII characters, just as WeChat gave it; this one has {len(code)}.",
        argument=f"with.{door}.code",
    )


def _name(answer: Mapping[str, Any], key: str) -> str | None:
    found = answer.get(key)
    return found if isinstance(found, str) and NAME.fullmatch(found) else None
