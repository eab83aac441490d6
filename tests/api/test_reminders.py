"""Does whoever accepted a message in the mini-program get it once, and is nobody's openid anywhere but sealed until then?"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.api.test_sign_in_providers import SIGN_IN, wechat_settings
from tests.identity.test_wechat_reminders import FILE, TEMPLATE
from tests.job_worlds import until
from tests.servers import SLUG, Client, codes, serving
from tests.standins.wechat import MINI, WeChatStandIn, openid, wechat_stand_in

pytestmark = pytest.mark.any_engine

NEXT_DAY = "2017-03-23T09:00:01+08:00"
OFFERS = "{ campaign { reminderTemplates { kind templateId sendAt } } }"
MINE = "{ viewer { reminders { id kind sendAt campaign { slug } } } }"
REQUEST = """mutation Request($input: RequestReminderInput!) { requestReminder(input: $input) {
  reminder { id kind sendAt } problems { code message } viewer { reminders { id } } } }"""
CANCEL = "mutation Cancel($id: ID!) { cancelReminder(id: $id) { reminder { id } viewer { reminders { id } } } }"


@pytest.fixture(scope="module")
def wechat() -> Iterator[WeChatStandIn]:
    with wechat_stand_in() as stand_in:
        yield stand_in


async def signed_in(client: Client, wechat: WeChatStandIn, person: str) -> str:
    credential = {"wechatMiniProgram": {"code": wechat.code(MINI, person)}}
    token: str = (await client.data(SIGN_IN, {"with": credential}))["signIn"]["token"]
    return token


async def test_a_reminder_is_asked_for_seen_cancelled_and_sent_and_no_openid_is_left(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str], tmp_path: Path, wechat: WeChatStandIn
) -> None:
    file, url = tmp_path / "reminders.toml", new_sqlite()
    file.write_text(FILE, "utf-8")
    settings = wechat_settings(wechat, "on") | {"WECHAT_REMINDERS": str(file), "SIGN_IN_TIMEOUT": "10"}
    with serving(url, **settings) as server:
        client, logs = Client(http, server), []
        lin, wang = [await signed_in(client, wechat, person) for person in ("lin", "wang")]
        [offer] = (await client.data(OFFERS))["campaign"]["reminderTemplates"]
        assert offer == {"kind": "BALLOT_AGAIN", "templateId": TEMPLATE, "sendAt": "2017-03-23T09:00:00+08:00"}

        async def ask(token: str | None, kind: str = "BALLOT_AGAIN", person: str = "lin") -> dict:
            given = {"campaign": SLUG, "kind": kind, "code": wechat.code(MINI, person)}
            return await client.ask(REQUEST, {"input": given}, token)

        assert codes(await ask(None)) == ["UNAUTHENTICATED"]
        refused = (await ask(lin, "VOTING_CLOSES"))["data"]["requestReminder"]
        assert ([problem["code"] for problem in refused["problems"]], refused["reminder"]) == (["NOT_OFFERED"], None)
        stored = (await ask(lin))["data"]["requestReminder"]
        assert stored["problems"] == []
        assert (await client.data(MINE, token=lin))["viewer"]["reminders"] == [
            {
                "id": stored["reminder"]["id"],
                "kind": "BALLOT_AGAIN",
                "sendAt": offer["sendAt"],
                "campaign": {"slug": SLUG},
            }
        ]
        assert (await client.data(MINE, token=wang))["viewer"]["reminders"] == []
        named = {"id": stored["reminder"]["id"]}
        assert codes(await client.ask(CANCEL, named, wang)) == ["NOT_FOUND"]
        cancelled = (await client.data(CANCEL, named, lin))["cancelReminder"]
        assert cancelled == {"reminder": named, "viewer": {"reminders": []}}
        assert codes(await client.ask(CANCEL, named, lin)) == ["NOT_FOUND"]
        await ask(lin)
        logs.append(server.log)
    held = _files(url)
    with serving(url, clock=NEXT_DAY, **settings) as server:
        assert await asyncio.to_thread(wechat.message_came.wait, 60)
        client = Client(http, server)
        again = await signed_in(client, wechat, "lin")

        async def is_gone() -> bool:
            return (await client.data(MINE, token=again))["viewer"]["reminders"] == []

        await until(is_gone)
        logs.append(server.log)
    assert [message["touser"] for message in wechat.sent] == [openid(MINI, "lin")]
    written = b"\n".join([held, _files(url), *(log.encode() for log in logs)])
    secrets = (openid(MINI, "lin"), MINI.secret, *wechat.tokens, *wechat.used)
    assert [secret for secret in secrets if secret.encode() in written] == []


def _files(url: str) -> bytes:
    database = Path(url.removeprefix("sqlite://"))
    return b"\n".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
