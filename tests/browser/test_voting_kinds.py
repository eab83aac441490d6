"""Does the page follow whatever rules, words and states a campaign has, prevent what is forbidden and explain it?"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from api.domain.campaigns.projects import ProjectOrderField
from tests.browser.voting import Enter
from tests.kinds import KINDS, a_kind, five_of_each
from tests.servers import Client, Server, serving
from tests.stored import store
from tests.waiting import until

pytestmark = pytest.mark.browser

WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a campaign of each kind."""
    url = f"sqlite://{tmp_path_factory.mktemp('kinds')}/selections.sqlite3"
    plain = five_of_each()
    lots = a_kind("lots", plain.projects, themes=plain.themes, project_order=ProjectOrderField.SHUFFLED)
    store(url, *(kind() for kind in KINDS), lots)
    return url


@pytest.fixture(scope="module")
def kinds(database_url: str) -> Iterator[Server]:
    """A server in the morning of the first voting day."""
    with serving(database_url) as server:
        yield server


async def drawn(api: Client, token: str | None = None) -> list[int]:
    """The candidates in the order that the API draws."""
    data = await api.data('{ projects(campaign: "lots") { nodes { number } } }', token=token)
    return [node["number"] for node in data["projects"]["nodes"]]


async def lists(page: Page, numbers: list[int]) -> None:
    """The page soon has these candidates, in this order."""

    async def is_so() -> bool:
        return [int(number) for number in await page.locator(".card:visible .number").all_inner_texts()] == numbers

    await until(is_so)


async def test_candidates_come_in_the_campaigns_order_until_another_is_chosen(
    enter: Enter, kinds: Server, api: Client
) -> None:
    api = api.at(kinds)
    booth = await enter(width=360, at=kinds)
    page, order = booth.page, booth.page.get_by_label("Order", exact=True)
    await booth.open("/c/lots")
    of_the_day = await drawn(api)
    assert of_the_day != list(range(1, 13))
    await lists(page, of_the_day)
    await expect(order.locator("option")).to_have_text(["By lot, anew each day", "By number", "By title"])
    await page.get_by_label("Theme").select_option("T2")
    await order.select_option("NUMBER")
    await lists(page, [1, 4, 7, 10])
    await page.reload()
    await lists(page, [1, 4, 7, 10])
    await page.get_by_label("Theme").select_option("")
    await order.select_option("SHUFFLED")
    await lists(page, of_the_day)
    token = await api.sign_in("lin")
    kept = {"token": token, "viewer": "viewer/x"}
    await page.evaluate("(kept) => localStorage.setItem('pingxuan:session', JSON.stringify(kept))", kept)
    await page.reload()
    of_the_viewer = await drawn(api, token)
    assert of_the_viewer != of_the_day
    await lists(page, of_the_viewer)


async def test_a_campaign_in_chinese_alone_is_marked_so_on_an_english_page(enter: Enter, kinds: Server) -> None:
    booth = await enter(width=360, at=kinds)
    page = booth.page
    await booth.open("/c/volunteers")
    await expect(page.locator("h1[lang=zh]")).to_have_text("最美志愿者评选")
    card = page.locator(".card").first
    await expect(card.locator("h3 a[lang=zh]")).to_have_text("志愿者1")
    await expect(card.locator("img[lang=zh]")).to_have_attribute("alt", "志愿者1的照片")
    await expect(card.locator("img")).to_have_attribute("loading", "lazy")
    await page.get_by_role("searchbox").fill("nobody at all")
    await expect(page.get_by_text("No candidate meets these conditions.")).to_be_visible()
    assert await page.evaluate(WIDTH) <= 360


async def test_the_campaigns_own_word_stands_for_what_is_chosen(enter: Enter, kinds: Server) -> None:
    booth = await enter("zh-CN", 360, at=kinds)
    await booth.open("/c/volunteers#/ballot")
    await expect(booth.page.get_by_role("dialog")).to_contain_text("还没有选择志愿者。")
    await booth.open("/c/volunteers#/candidate/99")
    await expect(booth.page.locator(".notice")).to_have_text("没有这个志愿者。")


async def test_who_has_withdrawn_is_shown_with_the_reason_and_cannot_be_chosen(enter: Enter, kinds: Server) -> None:
    booth = await enter("zh-CN", 360, at=kinds)
    await booth.open("/c/volunteers")
    gone = booth.page.locator(".card.fallen")
    await expect(gone).to_have_count(1)
    await expect(gone).to_contain_text("已退出 因工作调动，本人申请退出。")
    await expect(gone.locator("input, button")).to_have_count(0)
    await gone.get_by_role("link").first.click()
    await expect(booth.page.get_by_role("dialog").locator(".standing")).to_contain_text("已退出")
    await expect(booth.page.get_by_role("dialog").locator("input")).to_have_count(0)


async def test_whoever_had_chosen_one_that_has_withdrawn_is_told_once(enter: Enter, kinds: Server) -> None:
    booth = await enter("zh-CN", 360, at=kinds)
    await booth.open("/c/volunteers")
    chosen = '["project/volunteers/1", "project/volunteers/3"]'
    await booth.page.evaluate("(ids) => localStorage.setItem('pingxuan:draft:volunteers', ids)", chosen)
    await booth.page.reload()
    await expect(booth.page.locator(".notice")).to_contain_text("已从选票中去掉：志愿者3")
    await expect(booth.page.locator("#tray")).to_contain_text("已选1个")
    await booth.page.reload()
    await expect(booth.page.locator("#tray")).to_contain_text("已选1个")
    await expect(booth.page.locator(".notice")).to_have_count(0)


async def test_a_long_description_is_shown_as_its_author_wrote_it(enter: Enter, kinds: Server) -> None:
    booth = await enter("zh-CN", 360, at=kinds)
    await booth.open("/c/volunteers#/candidate/1")
    about = booth.page.locator(".rich")
    await expect(about.locator("strong")).to_have_text("每天")
    await expect(about.locator("li")).to_have_text(["送饭", "读报"])
    await expect(about.get_by_role("link")).to_have_attribute("href", "https://example.org/more")
    await expect(booth.page.get_by_role("link", name="事迹报道")).to_have_attribute("href", "https://example.org/")


async def test_one_too_many_of_a_group_is_prevented_and_explained(enter: Enter, kinds: Server) -> None:
    booth = await enter("zh-CN", 360, at=kinds)
    await booth.open("/c/volunteers")
    boxes = booth.page.locator(".card input[type=checkbox]")
    for place in (0, 1, 2):
        await boxes.nth(place).check()
    await expect(booth.page.locator("#tray .sum").first).to_have_text("“城区”3个，最多3个")
    await boxes.nth(3).click()
    await expect(boxes.nth(3)).not_to_be_checked()
    await expect(booth.page.locator(".notice")).to_have_text("“城区”最多选3个。要换，请先去掉一个。")
    await boxes.nth(4).check()
    await booth.review()
    await expect(booth.page.get_by_role("dialog").locator(".sums-list li")).to_have_text(
        ["“城区”3个，最多3个", "“乡村”1个，最多3个"]
    )
    await booth.sign_in(f"voter {uuid4()}")
    await booth.press_cast()
    await booth.receipt()


async def test_what_is_missing_of_each_group_is_counted_until_it_is_there(enter: Enter, kinds: Server) -> None:
    booth = await enter(at=kinds)
    await booth.open("/c/categories")
    await booth.choose(1, 2, 4, 5)
    await expect(booth.page.locator("#tray .sum")).to_have_text(
        ["“Category 2” 2 of 2", "“Category 3” 2 of 2", "“Category 1” 0 of 2"]
    )
    await booth.choose(3, 6)
    await expect(booth.page.locator("#tray")).to_contain_text("Ready to cast")
    await booth.review()
    await booth.sign_in(f"voter {uuid4()}")
    await booth.press_cast()
    await booth.receipt()


async def test_the_budget_says_what_is_left_and_stops_at_its_limit(enter: Enter, kinds: Server) -> None:
    booth = await enter(width=320, at=kinds)
    await booth.open("/c/budget")
    await expect(booth.page.locator(".card").nth(3)).to_contain_text("M/01/4 · PLN 50,000.50".replace(" 50", "\xa050"))
    await booth.choose(1, 2)
    await expect(booth.page.locator("#tray .sum")).to_have_text("PLN\xa0100,000 left of PLN\xa0450,000")
    await booth.choose(4)
    await booth.box(6).check()
    await expect(booth.page.locator("#tray .sum")).to_have_text("PLN\xa048,799.50 left of PLN\xa0450,000")
    await booth.box(3).click()
    await expect(booth.box(3)).not_to_be_checked()
    await expect(booth.page.locator(".notice")).to_contain_text("Only PLN\xa048,799.50 of the budget is left")
    assert await booth.page.evaluate(WIDTH) <= 320
    await booth.review()
    await booth.sign_in(f"voter {uuid4()}")
    await booth.press_cast()
    await booth.receipt()


async def test_votes_are_cast_one_by_one_until_none_is_left(enter: Enter, kinds: Server) -> None:
    booth = await enter(width=360, at=kinds)
    page = booth.page
    dialog = page.get_by_role("dialog")
    await booth.open("/c/works")
    await expect(page.locator("#tray")).to_contain_text("3 of 3 votes left today")
    await page.get_by_role("button", name="Vote for number 2: Work 2").click()
    await expect(dialog.locator(".choices")).to_contain_text("Work 2")
    await booth.sign_in(f"voter {uuid4()}")
    for left, number in ((2, 2), (1, 3), (0, 1)):
        if number != 2:
            await page.get_by_role("button", name=f"Vote for number {number}: Work {number}").click()
        await booth.press_cast()
        await expect(booth.told).to_contain_text(f"You have voted for “Work {number}”")
        await booth.told.get_by_role("button", name="Go on voting").click()
        await expect(dialog).to_have_count(0)
        if left:
            await expect(page.locator("#tray")).to_contain_text(f"{left} of 3 votes left today")
            await expect(page.locator(".card").nth(number - 1).get_by_role("button")).to_be_disabled()
    await expect(page.locator("#tray")).to_contain_text("Next from 23 March")
    await expect(page.locator(".card").nth(3).get_by_role("button")).to_be_disabled()
    await page.reload()
    await expect(page.locator(".card").nth(3).get_by_role("button")).to_be_disabled()
    await page.get_by_role("link", name="Look up").last.click()
    await expect(page.locator(".mine li")).to_have_count(3)


async def test_outside_its_hours_it_says_when_they_are(enter: Enter, database_url: str) -> None:
    with serving(database_url, clock="2017-03-22T22:30:00+08:00") as server:
        booth = await enter("zh-CN", 360, at=server)
        await booth.open("/c/hours")
        await expect(booth.page.locator("#tray")).to_contain_text("每天09:00至22:00可投（北京时间），现在不在投票时段")
        await booth.page.goto("about:blank")


async def test_who_may_not_vote_is_told_who_may(enter: Enter, kinds: Server) -> None:
    booth = await enter(at=kinds)
    await booth.open("/c/hours")
    await booth.choose(1)
    await expect(booth.page.locator("#tray")).to_contain_text("Ready to cast")
    await booth.review()
    dialog = booth.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Residents of the district may vote")
    await booth.sign_in(f"voter {uuid4()}")
    await expect(booth.page.locator("#state")).to_contain_text("you are not on the list of voters")
    await booth.page.keyboard.press("Escape")
    await expect(booth.page.locator("#tray")).to_contain_text("you are not on the list of voters")


async def test_a_vote_that_stands_still_says_since_when_and_why(enter: Enter, kinds: Server) -> None:
    booth = await enter(width=360, at=kinds)
    await booth.open("/c/paused")
    await expect(booth.page.locator(".phase")).to_have_text("Voting is paused")
    await expect(booth.page.locator(".timing")).to_contain_text("paused since 22 March at 08:30")
    await expect(booth.page.locator(".timing")).to_contain_text("Ballots are being checked.")
    await expect(booth.page.locator(".events")).to_contain_text("Voting was extended to 31 March at 12:00")
    await expect(booth.page.locator(".events [lang=zh]")).to_have_text("网络故障。")
    await booth.choose(1)
    await expect(booth.page.locator("#tray")).to_contain_text("Voting is paused; your choices are kept")
