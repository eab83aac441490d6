"""What does WeChat answer when a code is exchanged, when a message is to be sent, and when it is in trouble?"""

import asyncio
import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from tests.standins import misbehave, running

NUMBERS = count(1)
SESSION_KEY = "HyVFkGl5F5OQWJZZaNzBBg=="
ERRORS = {
    -1: "system error",
    40002: "invalid grant_type",
    40013: "invalid appid",
    40029: "invalid code",
    40125: "invalid appsecret",
    40163: "code been used",
    40226: "code blocked",
    41008: "missing code",
    45011: "api minute-quota reach limit mustslower retry next minute",
}


@dataclass(frozen=True)
class KnownApp:
    """A mini-program or an official account that WeChat knows."""

    appid: str
    secret: str


MINI = KnownApp("wx00000000000000a1", "a1" * 16)
OFFICIAL = KnownApp("wx00000000000000b2", "b2" * 16)


def openid(app: KnownApp, person: str) -> str:
    """A person's name within an app."""
    return f"o{app.appid[-2:]}-openid-of-{person}"


def unionid(person: str) -> str:
    """A person's name in all apps of one Open Platform account."""
    return f"u-unionid-of-{person}"


@dataclass
class WeChatStandIn:
    """Codes that were given out, what was asked, and what goes wrong next.

    faults are used up one by one, each an errcode, or a name that `misbehave` knows; constantly is one that stays.
    """

    url: str = ""
    bound: bool = True  # to an Open Platform account
    codes: dict[str, tuple[KnownApp, str, dict[str, Any]]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)  # of the mini-program, the one that is valid last
    sent: list[dict[str, Any]] = field(default_factory=list)  # messages, as they were taken
    send_faults: deque[int | str] = field(default_factory=deque)
    message_came: threading.Event = field(default_factory=threading.Event)
    faults: deque[int | str] = field(default_factory=deque)
    constantly: int | str | None = None
    entered: threading.Event = field(default_factory=threading.Event)  # set whenever something is asked

    def code(self, app: KnownApp, person: str, **answered: Any) -> str:
        """What wx.login or the web authorization gives this person; more may be answered, None leaves out."""
        made = f"0{next(NUMBERS):031d}"
        self.codes[made] = (app, person, answered)
        return made

    async def jscode2session(self, request: web.Request) -> web.StreamResponse:
        return await self._exchange(request, "js_code", {"session_key": SESSION_KEY})

    async def access_token(self, request: web.Request) -> web.StreamResponse:
        granted = {"access_token": "the-access-token", "expires_in": 7200, "refresh_token": "the-refresh-token"}
        return await self._exchange(request, "code", granted | {"scope": "snsapi_base"})

    async def stable_token(self, request: web.Request) -> web.StreamResponse:
        asked = json.loads(await request.read())
        known = (asked.get("appid"), asked.get("secret"), asked.get("grant_type"))
        if known != (MINI.appid, MINI.secret, "client_credential"):
            return _answer(_error(40125))
        if not self.tokens:
            self.new_token()
        return _answer({"access_token": self.tokens[-1], "expires_in": 7200})

    def new_token(self) -> None:
        """Make the token that is valid until then invalid, as whoever forces a new one does."""
        self.tokens.append(f"an-access-token-{next(NUMBERS)}")

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Take a message from whoever has the valid token."""
        fault = self.send_faults.popleft() if self.send_faults else None
        if isinstance(fault, str):
            return await misbehave(fault)
        errcode = fault or (0 if request.query.get("access_token") == self.tokens[-1] else 40001)
        if errcode == 0:
            self.sent.append(json.loads(await request.read()))
        self.message_came.set()
        return _answer(_error(errcode) if errcode else {"errcode": 0, "errmsg": "ok"})

    async def _exchange(self, request: web.Request, parameter: str, granted: dict[str, Any]) -> web.StreamResponse:
        self.asked.append(dict(request.query))
        self.entered.set()
        fault = self.faults.popleft() if self.faults else self.constantly
        if fault == "slow":
            await asyncio.sleep(0.3)
        elif fault == "slow and busy":
            await asyncio.sleep(2)
            return _answer(_error(-1))
        elif isinstance(fault, str):
            return await misbehave(fault)
        elif fault is not None:
            return _answer(_error(fault))
        return _answer(self._exchanged(request, parameter, granted))

    def _exchanged(self, request: web.Request, parameter: str, granted: dict[str, Any]) -> dict[str, Any]:
        code = request.query.get(parameter, "")
        app, person, answered = self.codes.get(code, (None, "", {}))
        if wrong := self._wrong(request.query, code, app):
            return _error(wrong)
        assert app is not None
        self.used.add(code)
        names = {"openid": openid(app, person)} | ({"unionid": unionid(person)} if self.bound else {})
        return {key: value for key, value in (granted | names | answered).items() if value is not None}

    def _wrong(self, query: Mapping[str, str], code: str, given_to: KnownApp | None) -> int | None:
        """The first that is wrong, in the order in which WeChat looks."""
        app = {known.appid: known for known in (MINI, OFFICIAL)}.get(query.get("appid", ""))
        findings = {
            40013: app is None,
            40125: app is not None and query.get("secret") != app.secret,
            40002: query.get("grant_type") != "authorization_code",
            41008: not code,
            40029: given_to != app,
            40163: code in self.used,
        }
        return next((errcode for errcode, found in findings.items() if found), None)


def _error(number: int) -> dict[str, Any]:
    rid = "rid: 680a9de1-5392a330-75f1ca8d"
    return {"errcode": number, "errmsg": f"{ERRORS.get(number, 'something else')}, {rid}"}


def _answer(body: dict[str, Any]) -> web.Response:
    """Always 200, and labelled as what it is not."""
    return web.Response(text=json.dumps(body), content_type="text/plain")


@contextmanager
def wechat_stand_in() -> Iterator[WeChatStandIn]:
    """WeChat's API on this machine."""
    stand_in = WeChatStandIn()
    app = web.Application()
    app.router.add_get("/sns/jscode2session", stand_in.jscode2session)
    app.router.add_get("/sns/oauth2/access_token", stand_in.access_token)
    app.router.add_post("/cgi-bin/stable_token", stand_in.stable_token)
    app.router.add_post("/cgi-bin/message/subscribe/send", stand_in.send)
    with running(app) as stand_in.url:
        yield stand_in
