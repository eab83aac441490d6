"""Does the page's search find what the API's finds, say where, and go on where no answer comes?"""

from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.voting import Booth, Enter
from tests.servers import Client
from tests.waiting import until

pytestmark = pytest.mark.browser
SEARCHES = [
    "Shanghai’s",
    "Shanghai's",
    "邻里\u200b中心",
    "鄰里",
    "社区 智能化",
    "智能化\u3000社區",
    "older",
    "ＳＨＡＮＧＨＡＩ",
    "older 社区",
    "「菜场书屋」",
    "17",
    "浦东新区 邻里",
    "没有这样的项目",
]
FIND = "query Find($words: String) { projects(first: 100, filter: { search: $words }) { nodes { number } } }"


def box(booth: Booth) -> Locator:
    return booth.page.get_by_role("searchbox")


def is_search(route: Route) -> bool:
    return "Search%28" in route.request.url


async def shows(booth: Booth, numbers: list[int]) -> None:
    """The cards of these numbers, in this order, are soon the ones that are shown."""

    async def is_so() -> bool:
        return [int(text) for text in await booth.page.locator(".card:visible .number").all_inner_texts()] == numbers

    await until(is_so)


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_the_page_finds_what_the_api_finds_in_either_language(enter: Enter, api: Client, locale: str) -> None:
    booth = await enter(locale)
    await booth.open()
    for words in SEARCHES:
        found = [project["number"] for project in (await api.data(FIND, {"words": words}))["projects"]["nodes"]]
        async with booth.page.expect_response(lambda response: "Search%28" in response.url):
            await box(booth).fill(words)
        await shows(booth, found)
        await expect(booth.page.locator(".card:visible .found:visible")).to_have_count(len(found))


async def test_each_card_says_where_the_words_were_found(enter: Enter) -> None:
    booth = await enter("zh-CN")
    await booth.open()
    line = booth.page.locator(".card").nth(34).locator(".found")
    await expect(line).to_be_hidden()
    await box(booth).fill("35 鄰裏中心 neighbourhood")
    await expect(line).to_contain_text("找到：编号“35”")
    await expect(line).to_contain_text("“邻里中心”")
    await expect(line).to_contain_text("“Neighbourhood”")
    marked = booth.page.locator(".card").nth(34).locator("mark")
    await expect(marked.first).to_have_text("邻里中心")
    await box(booth).fill("")
    await expect(line).to_be_hidden()
    await expect(marked).to_have_count(0)
    await expect(booth.page.locator(".card:visible")).to_have_count(50)


async def test_an_answer_that_comes_late_does_not_undo_a_later_search(enter: Enter) -> None:
    booth = await enter("zh-CN")
    await booth.open()
    held: list[Route] = []

    async def hold(route: Route) -> None:
        if is_search(route) and not held:
            held.append(route)
        else:
            await route.continue_()

    await booth.page.route("**/graphql?*", hold)
    async with booth.page.expect_request(lambda request: "older" in request.url):
        await box(booth).fill("older")
    # What was shown stays, while nobody has answered.
    await expect(booth.page.locator(".card:visible")).to_have_count(50)
    await box(booth).fill("社区 智能化")
    await expect(booth.page.locator(".card:visible .found:visible")).to_have_count(1)
    async with booth.page.expect_response(lambda response: "older" in response.url):
        await held[0].continue_()
    await shows(booth, [37])


async def test_without_an_answer_the_texts_shown_are_searched_and_the_page_says_so(enter: Enter) -> None:
    booth = await enter("zh-CN")
    booth.request_info.troubled = True
    await booth.open()

    async def refuse(route: Route) -> None:
        await (route.abort() if is_search(route) else route.continue_())

    await booth.page.route("**/graphql?*", refuse)
    status: Any = booth.page.locator(".head").get_by_role("status")
    await box(booth).fill("社区 智能化")
    await expect(status).to_have_text("显示1个，共50个 · 网络不通，只搜了本页显示的文字。")
    await box(booth).fill("older")
    await expect(status).to_have_text("显示0个，共50个 · 网络不通，只搜了本页显示的文字。")
    await booth.page.unroute("**/graphql?*")
    await box(booth).fill("older ")
    await expect(status).to_have_text("显示5个，共50个")


async def test_a_search_that_is_too_long_is_refused_in_the_servers_words_and_changes_nothing(enter: Enter) -> None:
    booth = await enter("zh-CN")
    booth.request_info.troubled = True
    await booth.open()
    await box(booth).fill("长" * 201)
    await expect(booth.page.locator(".head").get_by_role("status")).to_contain_text("search最多200个字符")
    await expect(booth.page.locator(".card:visible")).to_have_count(50)
