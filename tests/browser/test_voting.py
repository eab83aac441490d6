"""Can anybody vote on the page, from its first look to the receipt, on a phone and at a desk, in either language?"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import pytest
from playwright.async_api import Page, Response, expect

from tests.browser.voting import WORDS, Booth, Enter, speak
from tests.servers import SEED, Client, Server, prepare, serving
from tests.standins.wechat import OFFICIAL, WeChatStandIn, wechat_stand_in

pytestmark = pytest.mark.browser

MOST_BYTES = 300_000  # of everything the first load brings, as it is on the wire
MOST_REQUESTS = 43
KINDS = ("document", "script", "stylesheet", "image", "font", "fetch", "xhr")
FOCUSED = "() => (document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 13_7 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.40"
)


@pytest.mark.parametrize("locale", sorted(WORDS))
@pytest.mark.parametrize("width", [360, 1280])
async def test_a_voter_goes_from_start_to_receipt(enter: Enter, api: Client, width: int, locale: str) -> None:
    booth = await enter(locale, width)
    await booth.open()
    await expect(booth.page.get_by_role("heading", level=1)).to_have_text(booth.word("title"))
    assert await booth.page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out"
    await booth.vote(f"voter {uuid4()}", *range(1, 12))
    ballot = await booth.receipt()
    await expect(booth.page.locator(".slip .choices li")).to_have_count(11)
    assert await booth.page.evaluate("document.documentElement.scrollWidth") <= width
    known = await api.data("query ($id: ID!) { ballot(id: $id) { projects { number } } }", {"id": ballot})
    assert [project["number"] for project in known["ballot"]["projects"]] == list(range(1, 12))


async def test_the_first_load_is_light(enter: Enter) -> None:
    booth = await enter("zh-CN", 360)
    responses: list[Response] = []
    booth.page.on("response", lambda response: responses.append(response))  # noqa: PLW0108, Playwright writes on it
    await booth.open()
    await expect(booth.page.locator(".card")).to_have_count(50)
    await booth.page.wait_for_load_state("networkidle")
    sizes = [await response.request.sizes() for response in responses if response.request.resource_type in KINDS]
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) < MOST_BYTES
    assert len(sizes) <= MOST_REQUESTS
    assert not any("echarts" in response.url for response in responses), "charts come with the ranking"
    assert await booth.page.locator("*").count() < 2000


async def test_the_draft_survives_a_reload(enter: Enter) -> None:
    booth = await enter()
    await booth.open()
    await booth.choose(3, 17, 50)
    await booth.open()
    await expect(booth.page.locator("#tray")).to_contain_text("3 chosen")
    await expect(booth.box(17)).to_be_checked()
    await expect(booth.box(4)).not_to_be_checked()


async def test_candidates_are_found_by_words_district_and_theme(enter: Enter) -> None:
    booth = await enter("zh-CN")
    await booth.open()
    cards = booth.page.locator(".card:visible")
    await booth.page.get_by_role("searchbox").fill("邻里")
    found = await cards.count()
    assert 0 < found < 10
    await expect(booth.page.get_by_role("search").locator("..").get_by_role("status")).to_have_text(
        f"显示{found}个，共50个"
    )
    await booth.page.get_by_role("searchbox").fill("没有这样的项目")
    await expect(cards).to_have_count(0)
    await expect(booth.page.get_by_text("没有符合条件的项目")).to_be_visible()
    await booth.page.get_by_role("searchbox").fill("")
    district, theme = (booth.page.get_by_label(name, exact=True) for name in ("地区", "主题"))
    pudong = await district.locator("option[value='310115']").inner_text()
    await district.select_option("310115")
    of_pudong = await cards.count()
    assert 0 < of_pudong < 50
    assert pudong == f"浦东新区（{of_pudong}）"
    both = await theme.locator("option[value='NEIGHBOURHOOD_SERVICES']").inner_text()
    await theme.select_option("NEIGHBOURHOOD_SERVICES")
    assert await cards.count() <= of_pudong
    assert both == f"邻里与居委会服务（{await cards.count()}）"
    await expect(district.locator("option").first).to_have_text(re.compile("全部地区（[1-9]"))


async def test_a_candidates_figures_are_shown_and_back_closes_them(enter: Enter) -> None:
    booth = await enter(width=360)
    await booth.open()
    await booth.page.get_by_role("link", name="Details of number 2:").click()
    dialog = booth.page.get_by_role("dialog")
    await expect(dialog.locator("dl")).to_contain_text("746")
    await dialog.get_by_role("checkbox").check()
    await booth.page.go_back()
    await expect(dialog).to_have_count(0)
    await expect(booth.box(2)).to_be_checked()


async def test_the_language_is_the_browsers_until_one_is_chosen_and_then_stays(enter: Enter) -> None:
    booth = await enter("zh-CN")
    await booth.open()
    await expect(booth.page.locator("html")).to_have_attribute("lang", "zh-CN")
    await speak(booth.page, "English")
    for _ in range(2):
        await expect(booth.page.get_by_role("heading", level=1)).to_have_text(WORDS["en-GB"]["title"])
        await expect(booth.page.locator("html")).to_have_attribute("lang", "en-GB")
        await booth.open()


async def test_whoever_has_the_number_finds_the_ballot_and_its_voter_finds_it_without(enter: Enter) -> None:
    voter, other = await enter(), await enter("zh-CN", 360)
    await voter.open()
    await voter.vote(f"voter {uuid4()}", *range(31, 42))
    ballot = await voter.receipt()
    await voter.open("/#/receipt")
    await voter.page.get_by_role("link", name="22 Mar").click()
    await expect(voter.page.locator("#ballot-id")).to_have_text(ballot)
    await other.open("/#/receipt")
    await other.page.get_by_label("输入回执编号").fill(ballot)
    await other.page.get_by_role("button", name="查选票").click()
    await expect(other.page.locator(".slip .choices li")).to_have_count(11)
    for nobodys in ("ballot/nothing", f"ballot/{'a' * 26}"):
        await other.page.get_by_label("输入回执编号").fill(nobodys)
        await other.page.get_by_role("button", name="查选票").click()
        await expect(other.page.get_by_text("没有这个编号的选票")).to_be_visible()
        await other.open(f"/#/receipt/{quote(ballot, safe='')}")


async def press_until(page: Page, words: str, most: int = 260) -> None:
    """Press Tab until what has the focus says these words."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        if words in await page.evaluate(FOCUSED):
            return
    raise AssertionError(f"Tab never came to {words}")


async def test_a_keyboard_is_enough_to_vote(enter: Enter) -> None:
    booth = await enter()
    await booth.open()
    keys = booth.page.keyboard
    await press_until(booth.page, "Skip to content", 1)
    await keys.press("Enter")
    for number in range(1, 11):
        await press_until(booth.page, f"Choose number {number}:")
        await keys.press("Space")
    await press_until(booth.page, "Review ballot")
    await keys.press("Enter")
    await expect(booth.page.get_by_role("dialog")).to_be_visible()
    await keys.press("Shift+Tab")
    assert await booth.page.evaluate("document.activeElement.closest('.dialog') !== null"), "it does not slip out"
    await booth.page.get_by_label("Your name").focus()
    await keys.type(f"keys {uuid4()}")
    await keys.press("Enter")
    await expect(booth.cast_button).to_be_focused()
    await keys.press("Escape")
    await expect(booth.page.get_by_role("dialog")).to_have_count(0)
    await expect(booth.page.locator("#review")).to_be_focused()
    await keys.press("Enter")
    await expect(booth.page.get_by_role("dialog")).to_be_visible()
    await press_until(booth.page, "Cast ballot", 30)
    await keys.press("Enter")
    await booth.receipt()
    assert "cast and counted" in await booth.page.evaluate(FOCUSED), "the focus is where the news is"


@pytest.fixture(scope="module")
def wechat() -> Iterator[WeChatStandIn]:
    with wechat_stand_in() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def in_wechat(tmp_path_factory: pytest.TempPathFactory, wechat: WeChatStandIn) -> Iterator[Server]:
    """A server that knows an official account, and no guests."""
    url = f"sqlite://{tmp_path_factory.mktemp('wechat')}/selection.sqlite3"
    prepare(url, SEED)
    account = {"OFFICIAL_ACCOUNT_APPID": OFFICIAL.appid, "OFFICIAL_ACCOUNT_SECRET": OFFICIAL.secret}
    opened = {f"WECHAT_{name}": value for name, value in account.items()}
    with serving(url, guests="off", WECHAT_API=wechat.url, **opened) as server:
        yield server


async def through_wechat(booth: Booth, wechat: WeChatStandIn, **changed: str) -> dict[str, list[str]]:
    """Press the button and come back from WeChat with a code; what WeChat was asked. Some of it may be changed."""
    asked: dict[str, list[str]] = {}

    async def authorize(route: Any) -> None:
        asked.update(parse_qs(urlsplit(route.request.url).query))
        given = {"code": wechat.code(OFFICIAL, "lin"), "state": asked["state"][0]} | changed
        back = f"{asked['redirect_uri'][0]}?code={given['code']}&state={given['state']}"
        await route.fulfill(status=302, headers={"Location": back})

    await booth.page.route("https://open.weixin.qq.com/**", authorize)
    await booth.page.get_by_role("button", name="Sign in with WeChat").click()
    await booth.page.wait_for_url("**/#/ballot")
    return asked


async def test_inside_wechat_a_voter_signs_in_with_wechat(
    enter: Enter, in_wechat: Server, wechat: WeChatStandIn, tmp_path: Path
) -> None:
    booth = await enter(width=360, at=in_wechat, user_agent=IPHONE)
    booth.request_info.troubled = True  # it leaves for WeChat
    await booth.open()
    await booth.choose(*range(1, 11))
    await booth.review()
    asked = await through_wechat(booth, wechat)
    assert asked["appid"] == [OFFICIAL.appid]
    assert asked["scope"] == ["snsapi_base"]
    await booth.cast_button.click()
    await booth.receipt()
    assert "code=" not in booth.page.url


async def test_a_code_that_the_page_did_not_ask_for_signs_nobody_in(
    enter: Enter, in_wechat: Server, wechat: WeChatStandIn
) -> None:
    booth = await enter(width=360, at=in_wechat, user_agent=IPHONE)
    booth.request_info.troubled = True
    await booth.open("/#/ballot")
    await through_wechat(booth, wechat, state="anothers")
    await expect(booth.page.locator(".notice")).to_contain_text("was not completed")
    await expect(booth.cast_button).to_have_count(0)


async def test_outside_wechat_it_says_where_to_open_the_page(enter: Enter, in_wechat: Server) -> None:
    booth = await enter(at=in_wechat)
    await booth.open("/#/ballot")
    await expect(booth.page.get_by_text("Open this page in WeChat")).to_be_visible()
