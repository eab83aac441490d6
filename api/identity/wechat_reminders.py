"""Send reminders by WeChat's messages that people of a mini-program have subscribed to, each acceptance for one message."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ApiError
from api.domain.people.reminders import Reminder, ReminderKind
from api.domain.texts import Language
from api.identity.reminders_file import LENGTHS, RemindersFile, Template
from api.identity.wechat import WeChatAppKey, WeChatConfig, WeChatProvider
from api.ports.reminders import SendOutcome

NAME = "wechatReminders"  # what the log calls it
CODE_ARGUMENT = "input.code"
TOKEN_MARGIN = 300.0  # seconds before its end at which a token is asked for anew
OK, BUSY = 0, -1
TOKEN_WRONG = frozenset({40001, 40014, 42001})  # somebody has had another one made
# The person has not accepted, or has got as many messages as they have accepted; or is not one of this app's.
REFUSALS = frozenset({43101, 40003})
TRY_LATER = frozenset({BUSY, 45009, 45011, 45047})
LANGUAGES = {Language.ZH: "zh_CN", Language.EN: "en_US", Language.ZH_HANT: "zh_TW"}
log = logging.getLogger("pingxuan.reminders")


class WeChatReminders:
    """ports.reminders.ReminderMessages. clock: seconds that only go up, by which a token ends."""

    def __init__(
        self,
        provider: WeChatProvider,
        app: WeChatAppKey,
        config: WeChatConfig,
        file: RemindersFile,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._app = app
        self._config = config
        self._file = file
        self._by_kind = file.by_kind
        self._clock = clock
        self._token, self._token_ends = "", 0.0

    @property
    def templates(self) -> Mapping[ReminderKind, str]:
        """The ids of the templates, by kind."""
        return {kind: template.id for kind, template in self._by_kind.items()}

    async def recipient(self, code: str) -> str:
        """The openid of whoever got this code."""
        return await self._provider.openid(code, CODE_ARGUMENT)

    async def send(self, reminder: Reminder, recipient: str, campaign: Campaign) -> SendOutcome:
        """Send one; a token that somebody else has made invalid is asked for once more."""
        template = self._by_kind.get(reminder.kind)
        if template is None:
            return SendOutcome.REFUSED
        message = self._message(template, reminder, recipient, campaign)
        try:
            async with self._config.client.timeout(NAME):
                errcode = await self._post(message)
                if errcode in TOKEN_WRONG:
                    self._token_ends = 0.0
                    errcode = await self._post(message)
        except ApiError:
            return SendOutcome.LATER  # the client has logged it
        return _outcome(errcode)

    async def _post(self, message: Mapping[str, object]) -> object:
        """Have WeChat send it, and return its errcode."""
        if (errcode := await self._renew_token()) != OK:
            return errcode
        url = f"{self._config.base_url}/cgi-bin/message/subscribe/send"
        response = await self._config.client.post_json(NAME, url, message, {"access_token": self._token})
        return response.get("errcode")

    async def _renew_token(self) -> object:
        """Have a token that is valid; WeChat gives all who ask the same one until it ends. Return its errcode."""
        if self._clock() < self._token_ends:
            return OK
        terms = {"grant_type": "client_credential", "appid": self._app.appid, "secret": self._app.secret}
        response = await self._config.client.post_json(NAME, f"{self._config.base_url}/cgi-bin/stable_token", terms)
        token, lifetime = response.get("access_token"), response.get("expires_in")
        if not isinstance(token, str) or not isinstance(lifetime, int):
            return response.get("errcode", BUSY)
        self._token, self._token_ends = token, self._clock() + lifetime - TOKEN_MARGIN
        return OK

    def _message(self, template: Template, reminder: Reminder, recipient: str, campaign: Campaign) -> dict[str, object]:
        values = {
            "{title}": campaign.title.to(reminder.language),
            "{opens}": _spelled(campaign.calendar.local(campaign.window.opens_at)),
            "{closes}": _spelled(campaign.calendar.local(campaign.window.closes_at)),
        }
        page = {} if self._file.page is None else {"page": self._file.page.replace("{slug}", campaign.slug)}
        return {
            **page,
            "touser": recipient,
            "template_id": template.id,
            "data": {name: {"value": _filled(name, value, values)} for name, value in template.data.items()},
            "miniprogram_state": self._file.state,
            "lang": LANGUAGES[reminder.language],
        }


def _outcome(errcode: Any) -> SendOutcome:
    """What an errcode means, logged where staff have to act: then the message waits, for as long as it helps."""
    if errcode == OK:
        return SendOutcome.SENT
    if errcode in REFUSALS:
        return SendOutcome.REFUSED
    if errcode not in TRY_LATER:
        log.error("%s: WeChat refuses messages with errcode %.20r (docs/reminders.md)", NAME, errcode)
    return SendOutcome.LATER


def _filled(name: str, value: str, values: Mapping[str, str]) -> str:
    """A field's value, cut to what WeChat takes."""
    text = re.sub(r"\{[a-z]+\}", lambda place: values[place[0]], value)
    most = LENGTHS[name.rstrip("0123456789")]
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _spelled(moment: datetime) -> str:
    """A moment as WeChat's fields of times have it."""
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


class NoReminders:
    """ports.reminders.ReminderMessages of a server that has none set up."""

    templates: Mapping[ReminderKind, str] = {}

    async def recipient(self, code: str) -> str:
        """Never asked for."""
        raise LookupError("no reminders are set up")

    async def send(self, reminder: Reminder, recipient: str, campaign: Campaign) -> SendOutcome:
        """Send none; it may be another process's to send."""
        return SendOutcome.LATER
