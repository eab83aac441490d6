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

from api.domain.faults import bad_input
from api.domain.people import SignInDoor, SignInMethod, Vouched
from api.domain.turned_away import Reason, turned_away
from api.identity.outside import Outside

PAUSE = 0.2  # seconds before a busy WeChat is asked a second time
OK, BUSY = 0, -1
# What WeChat's errcode means. The ones it gives to our app and not to the person need our staff.
MEANINGS: Mapping[int, Reason] = {
    BUSY: Reason.PROVIDER_BUSY,
    40029: Reason.CODE_INVALID,
    41008: Reason.CODE_INVALID,  # missing
    42003: Reason.CODE_INVALID,  # too old
    40163: Reason.CODE_USED,
    40226: Reason.ACCOUNT_AT_RISK,
    45011: Reason.TOO_MANY_ATTEMPTS,
    40001: Reason.NEEDS_STAFF,  # wrong secret
    40002: Reason.NEEDS_STAFF,  # grant_type
    40013: Reason.NEEDS_STAFF,  # wrong appid
    40125: Reason.NEEDS_STAFF,  # wrong secret
    40164: Reason.NEEDS_STAFF,  # our address is not on the allow-list
    41002: Reason.NEEDS_STAFF,  # no appid
    41004: Reason.NEEDS_STAFF,  # no secret
    45009: Reason.NEEDS_STAFF,  # the day's calls are used up
    48001: Reason.NEEDS_STAFF,  # the app may not ask this
    48004: Reason.NEEDS_STAFF,  # the app is barred
    50002: Reason.NEEDS_STAFF,  # the app is limited
}
CODE = re.compile(r"[\x21-\x7e]{1,512}")
NAME = re.compile(r"[\x21-\x7e]{1,128}")  # an openid or a unionid
UNION = "wechat-union"
log = logging.getLogger("pingxuan.identity")


@dataclass(frozen=True, slots=True)
class Door:
    """One of WeChat's two ways: our name for it, where the code is exchanged, and what WeChat calls the code there."""

    name: str
    path: str
    parameter: str
    published: SignInDoor


MINI_PROGRAM = Door("wechatMiniProgram", "/sns/jscode2session", "js_code", SignInDoor.WECHAT_MINI_PROGRAM)
OFFICIAL_ACCOUNT = Door("wechatOfficialAccount", "/sns/oauth2/access_token", "code", SignInDoor.WECHAT_OFFICIAL_ACCOUNT)


@dataclass(frozen=True, slots=True)
class App:
    """A mini-program or an official account, and what it proves itself to WeChat with."""

    appid: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WeChat:
    """Where WeChat is asked, and whether people go by their unionid, so that both doors know them as one."""

    outside: Outside
    api: str
    by_unionid: bool


class WeChatDoor:
    """Vouches for whom WeChat gives a code to. What WeChat answers beside the name, session_key above all, is dropped."""

    def __init__(self, door: Door, app: App, wechat: WeChat) -> None:
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

    async def vouch(self, credential: str, now: datetime) -> Vouched:
        """The person within this app, or within all apps that belong together."""
        answer = await self._exchanged(_checked(credential, self.name))
        if answer.get("is_snapshotuser"):
            raise turned_away(Reason.ACCOUNT_IS_SNAPSHOT)
        openid = _name(answer, "openid")
        if openid is None:
            log.warning("%s: WeChat answered without an openid", self.name)
            raise turned_away(Reason.PROVIDER_FAILED)
        if not self._wechat.by_unionid:
            return Vouched(f"wechat/{self._app.appid}", openid)
        unionid = _name(answer, "unionid")
        if unionid is None:
            log.error("%s: WeChat gave app %s no unionid (see docs/sign-in.md)", self.name, self._app.appid)
            raise turned_away(Reason.UNIONID_MISSING)
        return Vouched(UNION, unionid)

    async def _exchanged(self, code: str) -> dict[str, Any]:
        """WeChat's answer to a code. Busy is asked once more; silence is not: the code may have been used by then."""
        async with self._wechat.outside.within_patience(self.name):
            answer = await self._asked(code)
            if answer.get("errcode") == BUSY:
                await asyncio.sleep(PAUSE)
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
        """Raises Fault with what the errcode means; one that is not known here is WeChat's failure."""
        known = MEANINGS.get(errcode) if isinstance(errcode, int) else None
        if known is None:
            log.error("%s: WeChat answered errcode %.20r, which is not known here", self.name, errcode)
        elif known is Reason.NEEDS_STAFF:
            log.error("%s: WeChat refuses app %s with errcode %s", self.name, self._app.appid, errcode)
        raise turned_away(known or Reason.PROVIDER_FAILED)


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
