"""Sign-in with WeChat: a mini-program's `wx.login`, or the web authorization of an official account.

Either way the client gets a code that works once and for five minutes. We exchange it at WeChat for an openid, which
identifies a person within one app, and perhaps a unionid, which is the same in all apps of one Open Platform account.
"""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.domain.errors import ApiError, bad_input
from api.domain.people.identity import ExternalIdentity, SignInMethod, SignInProvider
from api.domain.texts import Text
from api.domain.voting.channels import Channel
from api.identity.http_client import ProviderClient
from api.identity.sign_in_errors import SignInError, sign_in_error

BUSY_RETRY_INTERVAL = 0.2  # seconds
OK, BUSY = 0, -1
# What an errcode of WeChat's means. NEEDS_STAFF is for those that blame our app and not the person.
ERRCODES: Mapping[int, SignInError] = {
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
ID = re.compile(r"[\x21-\x7e]{1,128}")  # an openid or a unionid
UNION_REALM = "wechat-union"
log = logging.getLogger("pingxuan.identity")


@dataclass(frozen=True, slots=True)
class WeChatFlow:
    """One of WeChat's two flows. path: where a code is exchanged; code_param: the code's query parameter there."""

    name: str
    path: str
    code_param: str
    sign_in_provider: SignInProvider


MINI_PROGRAM = WeChatFlow("wechatMiniProgram", "/sns/jscode2session", "js_code", SignInProvider.WECHAT_MINI_PROGRAM)
OFFICIAL_ACCOUNT = WeChatFlow(
    "wechatOfficialAccount", "/sns/oauth2/access_token", "code", SignInProvider.WECHAT_OFFICIAL_ACCOUNT
)


@dataclass(frozen=True, slots=True)
class WeChatAppKey:
    """The credentials of a mini-program or an official account at WeChat."""

    appid: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WeChatConfig:
    """What both flows share. by_unionid: identify people by unionid, so that a person is one voter in both apps."""

    client: ProviderClient
    base_url: str
    by_unionid: bool


class WeChatProvider:
    """Authenticates by codes of one flow. Nothing of WeChat's response is kept but the id; session_key above all is not."""

    def __init__(self, flow: WeChatFlow, app: WeChatAppKey, config: WeChatConfig) -> None:
        self.name = flow.name
        self._flow = flow
        self._app = app
        self._config = config

    @property
    def methods(self) -> tuple[SignInMethod]:
        """What a client needs to get a code. On web pages only the wider scope yields a unionid."""
        is_web = self._flow is OFFICIAL_ACCOUNT
        scope = "snsapi_userinfo" if self._config.by_unionid else "snsapi_base"
        return (SignInMethod(self._flow.sign_in_provider, self._app.appid, scope if is_web else None),)

    async def authenticate(self, credential: str, now: datetime) -> ExternalIdentity:
        """The person within this app, or by unionid within all apps of one Open Platform account.

        Raises ApiError BAD_INPUT, SIGN_IN_FAILED or SIGN_IN_UNAVAILABLE.
        """
        response, openid = await self._identify(_check_code(credential, f"with.{self.name}.code"))
        if not self._config.by_unionid:
            return ExternalIdentity(f"wechat/{self._app.appid}", openid, channel=Channel.WECHAT)
        unionid = _read_id(response, "unionid")
        if unionid is None:
            log.error("%s: WeChat gave app %s no unionid (see docs/sign-in.md)", self.name, self._app.appid)
            raise sign_in_error(SignInError.UNIONID_MISSING)
        return ExternalIdentity(UNION_REALM, unionid, channel=Channel.WECHAT)

    async def openid(self, code: str, argument: str) -> str:
        """What WeChat calls the person within this app. Raises ApiError as authenticate does; argument: the code's."""
        return (await self._identify(_check_code(code, argument)))[1]

    async def _identify(self, code: str) -> tuple[dict[str, Any], str]:
        """Exchange a code; return WeChat's response, and the openid in it."""
        response = await self._exchange(code)
        if response.get("is_snapshotuser"):
            raise sign_in_error(SignInError.ACCOUNT_IS_SNAPSHOT)
        openid = _read_id(response, "openid")
        if openid is None:
            log.warning("%s: WeChat answered without an openid", self.name)
            raise sign_in_error(SignInError.PROVIDER_FAILED)
        return response, openid

    async def _exchange(self, code: str) -> dict[str, Any]:
        """Exchange a code. A busy WeChat is asked once more, a silent one is not: it may have used up the code."""
        async with self._config.client.timeout(self.name):
            response = await self._request(code)
            if response.get("errcode") == BUSY:
                await asyncio.sleep(BUSY_RETRY_INTERVAL)
                response = await self._request(code)
        errcode = response.get("errcode", OK)
        if errcode != OK:
            raise self._error(errcode)
        return response

    async def _request(self, code: str) -> dict[str, Any]:
        params = {
            "appid": self._app.appid,
            "secret": self._app.secret,
            self._flow.code_param: code,
            "grant_type": "authorization_code",
        }
        return await self._config.client.get_json(self.name, self._config.base_url + self._flow.path, params)

    def _error(self, errcode: object) -> ApiError:
        """The error for an errcode, logged where staff have to act; an unknown one is a failure of WeChat's."""
        reason = ERRCODES.get(errcode) if isinstance(errcode, int) else None
        if reason is None:
            log.error("%s: WeChat answered errcode %.20r, which is not known here", self.name, errcode)
        elif reason is SignInError.NEEDS_STAFF:
            log.error("%s: WeChat refuses app %s with errcode %s", self.name, self._app.appid, errcode)
        return sign_in_error(reason or SignInError.PROVIDER_FAILED)


def _check_code(code: str, argument: str) -> str:
    if CODE.fullmatch(code):
        return code
    raise bad_input(
        Text(
            "code须原样发送：微信给出的code为1至512个可见的ASCII字符。",
            "This is no code of WeChat's. Send it just as WeChat gave it: 1 to 512 visible ASCII characters.",
        ),
        argument=argument,
    )


def _read_id(response: Mapping[str, Any], key: str) -> str | None:
    value = response.get(key)
    return value if isinstance(value, str) and ID.fullmatch(value) else None
