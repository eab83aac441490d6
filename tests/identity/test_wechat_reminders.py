"""Does a reminder reach WeChat as it documents it, is what it answers understood, and is nobody named in a log?"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.domain.errors import ApiError
from api.domain.people.reminders import Reminder, ReminderKind
from api.domain.texts import Language, localized
from api.identity.http_client import ProviderClient
from api.identity.reminders_file import RemindersFileError, read_reminders_file
from api.identity.wechat import MINI_PROGRAM, WeChatAppKey, WeChatConfig, WeChatProvider
from api.identity.wechat_reminders import WeChatReminders
from api.ports.reminders import SendOutcome
from tests.campaigns import DURING, SLUG, a_campaign
from tests.standins.wechat import MINI, WeChatStandIn, openid, wechat_stand_in

FILE = """
page = "pages/index/index?campaign={slug}"

[reminders.BALLOT_AGAIN]
id = "kT0PWn2vUQbFa3Pz5ZlZ0bVh0V3fXmL0b1c2d3e4f5g"

[reminders.BALLOT_AGAIN.data]
thing1 = "{title}"
time2 = "{closes}"
thing3 = "今天又可以投票了"
"""
TEMPLATE = "kT0PWn2vUQbFa3Pz5ZlZ0bVh0V3fXmL0b1c2d3e4f5g"
CAMPAIGN = a_campaign(title=localized(zh="第三届上海社会建设十大创新项目公开评选活动", en="Top Ten"))
REMINDER = Reminder("k" * 26, SLUG, ReminderKind.BALLOT_AGAIN, DURING, Language.ZH, "o" * 26, b"")
LIN = openid(MINI, "lin")


@pytest.fixture(scope="module")
def server() -> Iterator[WeChatStandIn]:
    with wechat_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def wechat(server: WeChatStandIn) -> WeChatStandIn:
    server.sent.clear()
    server.tokens.clear()
    server.send_faults.clear()
    return server


@pytest.fixture
def messages(wechat: WeChatStandIn, provider_client: ProviderClient, tmp_path: Path) -> WeChatReminders:
    file = tmp_path / "reminders.toml"
    file.write_text(FILE, "utf-8")
    config, app = WeChatConfig(provider_client, wechat.url, by_unionid=True), WeChatAppKey(MINI.appid, MINI.secret)
    provider = WeChatProvider(MINI_PROGRAM, app, config)
    return WeChatReminders(provider, app, config, read_reminders_file(file), lambda: 0.0)


async def test_it_is_sent_as_wechat_documents_it_and_cut_to_what_a_field_takes(
    messages: WeChatReminders, wechat: WeChatStandIn
) -> None:
    assert await messages.send(REMINDER, LIN, CAMPAIGN) is SendOutcome.SENT
    assert wechat.sent == [
        {
            "touser": LIN,
            "template_id": TEMPLATE,
            "page": f"pages/index/index?campaign={SLUG}",
            "data": {
                "thing1": {"value": "第三届上海社会建设十大创新项目公开评选…"},
                "time2": {"value": "2017年3月31日 12:00"},
                "thing3": {"value": "今天又可以投票了"},
            },
            "miniprogram_state": "formal",
            "lang": "zh_CN",
        }
    ]


async def test_whoever_gave_the_code_gets_it_also_where_people_are_known_by_unionid(
    messages: WeChatReminders, wechat: WeChatStandIn
) -> None:
    assert await messages.recipient(wechat.code(MINI, "lin")) == LIN
    with pytest.raises(ApiError) as refused:
        await messages.recipient("two words")
    assert refused.value.details["argument"] == "input.code"


async def test_a_token_is_asked_for_once_and_again_when_somebody_has_had_another_made(
    messages: WeChatReminders, wechat: WeChatStandIn
) -> None:
    for _ in range(3):
        assert await messages.send(REMINDER, LIN, CAMPAIGN) is SendOutcome.SENT
    assert len(wechat.tokens) == 1
    wechat.new_token()
    assert await messages.send(REMINDER, LIN, CAMPAIGN) is SendOutcome.SENT
    assert len(wechat.sent) == 4


@pytest.mark.parametrize(
    "expected",
    [
        (43101, SendOutcome.REFUSED, False),
        (40003, SendOutcome.REFUSED, False),
        (-1, SendOutcome.LATER, False),
        (45009, SendOutcome.LATER, False),
        (40037, SendOutcome.LATER, True),
        (47003, SendOutcome.LATER, True),
        ("500", SendOutcome.LATER, True),
        ("garbage", SendOutcome.LATER, True),
    ],
)
async def test_what_wechat_answers_is_understood_and_names_nobody_in_the_log(
    messages: WeChatReminders,
    wechat: WeChatStandIn,
    caplog: pytest.LogCaptureFixture,
    expected: tuple[int | str, SendOutcome, bool],
) -> None:
    fault, outcome, logged = expected
    wechat.send_faults.append(fault)
    with caplog.at_level(logging.DEBUG, "pingxuan"):
        assert await messages.send(REMINDER, LIN, CAMPAIGN) is outcome
    assert bool(caplog.records) == logged
    for secret in (LIN, MINI.secret, *wechat.tokens):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (("thing1", "title1"), "'title1' is no field of a template, such as thing1 or time2"),
        (("{title}", "{name}"), "thing1 has '{name}'; there are {title}, {opens}, {closes}"),
        (("今天又可以投票了", "今" * 21), "thing3 needs 1 to 20 characters"),
        (("BALLOT_AGAIN", "TOMORROW"), "'TOMORROW' is no kind of reminder. Kinds: VOTING_OPENS, BALLOT_AGAIN"),
        ((f'id = "{TEMPLATE}"', ""), "reminders.BALLOT_AGAIN.id: Field required"),
        (("[reminders", "[reminders"[:-1]), "Field required"),
        (("[", ""), "is no TOML file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_place(
    tmp_path: Path, changed: tuple[str, str], told: str
) -> None:
    file = tmp_path / "reminders.toml"
    file.write_text(FILE.replace(*changed), "utf-8")
    with pytest.raises(RemindersFileError) as refused:
        read_reminders_file(file)
    assert told in str(refused.value)
    with pytest.raises(RemindersFileError, match="cannot be read"):
        read_reminders_file(tmp_path / "nowhere.toml")
