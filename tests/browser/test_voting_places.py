"""Does a reader stay where they were: in another language, after a reload, on the way back, from the ranking and to it?"""

from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.browser.voting import Booth, Enter, speak
from tests.servers import Client
from tests.waiting import until

pytestmark = pytest.mark.browser

TOP = "window.pageYOffset"
COMPOSED = {"text": "linli", "selectionStart": 5, "selectionEnd": 5}


async def other_language(page: Page) -> None:
    """Choose the other of two languages and wait for the page in it."""
    before = await page.locator("html").get_attribute("lang")
    await speak(page, "English" if before == "zh-CN" else "简体中文")
    await expect(page.locator("html")).not_to_have_attribute("lang", before or "")
    await expect(page.locator("#waiting")).to_have_count(0)


async def scroll_to(page: Page, top: int) -> None:
    await page.evaluate(f"window.scrollTo(0, {top})")
    await page.evaluate("new Promise(requestAnimationFrame)")


async def test_letters_that_are_still_composed_are_not_searched_for(enter: Enter) -> None:
    booth = await enter("zh-CN")
    await booth.open()
    cards = booth.page.locator(".card:visible")
    await booth.page.get_by_role("searchbox").focus()
    keyboard = await booth.page.context.new_cdp_session(booth.page)
    for length in range(1, 6):
        typed = COMPOSED | {"text": "linli"[:length], "selectionStart": length, "selectionEnd": length}
        await keyboard.send("Input.imeSetComposition", typed)
        await expect(cards).to_have_count(50)
    await keyboard.send("Input.insertText", {"text": "邻里"})
    await expect(booth.page.get_by_role("searchbox")).to_have_value("邻里")
    await expect(cards).not_to_have_count(50)
    assert 0 < await cards.count() < 10


async def test_escape_belongs_to_the_input_method_while_it_composes(enter: Enter) -> None:
    booth = await enter("zh-CN")
    await booth.open("/#/ballot")
    await booth.page.get_by_label("您的称呼").focus()
    keyboard = await booth.page.context.new_cdp_session(booth.page)
    await keyboard.send("Input.imeSetComposition", COMPOSED)
    await booth.page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', isComposing: true, bubbles: true}))"
    )
    await expect(booth.page.get_by_role("dialog")).to_be_visible()
    await keyboard.send("Input.insertText", {"text": "邻里"})
    await booth.page.keyboard.press("Escape")
    await expect(booth.page.get_by_role("dialog")).to_have_count(0)


async def test_another_language_keeps_search_filter_choices_and_how_far_one_had_read(enter: Enter) -> None:
    booth = await enter("zh-CN", 360)
    page = booth.page
    await booth.open()
    await booth.choose(3, 17)
    await page.get_by_role("searchbox").fill("2016")
    await page.get_by_label("地区", exact=True).select_option("310115")
    await page.get_by_label("主题", exact=True).select_option("NEIGHBOURHOOD_SERVICES")
    await page.get_by_label("只看已选").check()
    await page.get_by_label("只看已选").uncheck()
    await other_language(page)
    await expect(page.get_by_role("searchbox")).to_have_value("2016")
    await expect(page.get_by_label("District", exact=True)).to_have_value("310115")
    await expect(page.get_by_label("Theme", exact=True)).to_have_value("NEIGHBOURHOOD_SERVICES")
    await expect(page.locator("#tray")).to_contain_text("2 chosen")
    await expect(page.locator("#languages summary")).to_be_focused()
    await page.get_by_role("searchbox").fill("")
    await page.get_by_label("District", exact=True).select_option("")
    await page.get_by_label("Theme", exact=True).select_option("")
    await scroll_to(page, 2400)
    await other_language(page)
    assert await page.evaluate(TOP) == 2400
    await page.get_by_label("只看已选").check()
    await page.reload()
    await expect(page.locator(".card:visible")).to_have_count(2)
    await expect(page.get_by_label("只看已选")).to_be_checked()


async def test_another_language_keeps_the_panel_that_is_open_and_what_is_being_typed(enter: Enter) -> None:
    booth = await enter("zh-CN", 360)
    page = booth.page
    await booth.open()
    await scroll_to(page, 600)
    await page.get_by_role("link", name="2号详情：学区").press("Enter")
    await expect(page.get_by_role("dialog").locator("dl")).to_be_visible()
    await page.evaluate("document.querySelector('#languages [lang=en-GB]').click()")  # a panel covers it
    await expect(page.get_by_role("dialog")).to_contain_text("No. 2")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await booth.open("/#/ballot")
    await page.get_by_label("Your name").fill("Ada")
    await page.reload()
    await expect(page.get_by_label("Your name")).to_have_value("Ada")


async def test_the_list_is_where_it_was_after_the_ranking(enter: Enter) -> None:
    booth = await enter("en-GB", 360)
    page = booth.page
    await booth.open()
    await page.get_by_role("searchbox").fill("community")
    await scroll_to(page, 400)
    await page.get_by_role("link", name="Ranking").click()
    await expect(page.locator(".standings li").first).to_be_visible()
    assert await page.evaluate(TOP) == 0
    await page.go_back()
    await expect(page.locator(".card:visible").first).to_be_visible()
    assert await page.evaluate(TOP) == 400
    await expect(page.get_by_role("searchbox")).to_have_value("community")


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_row_of_the_ranking_leads_to_its_project_and_back(enter: Enter, api: Client, width: int) -> None:
    await api.cast(await api.sign_in(), range(8, 19))
    booth = await enter("en-GB", width)
    page = booth.page
    await booth.open("/#/ranking")
    row = page.locator(".standings li", has=page.locator('a[href="#/candidate/8"]'))  # wherever it moves
    title = await row.get_by_role("link").inner_text()
    await row.click(position={"x": 200, "y": 60})
    await expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text(title)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url.endswith("#/ranking")
    await expect(row.get_by_role("link")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await api.cast(await api.sign_in(), range(8, 19))
    await page.reload()
    await expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text(title)
    await expect(page.locator("#standings")).to_be_attached()
    await page.get_by_role("dialog").get_by_role("link", name="Close").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("#standings")).to_be_visible()


async def test_the_ranking_can_be_gone_through_from_candidate_to_candidate(enter: Enter, api: Client) -> None:
    query = "{ project(number: 25) { result { rank votes ahead { project { title } } behind { project { title } } } } }"
    before = (await api.data(query))["project"]["result"]["votes"]
    ballots = (range(21, 32), range(22, 32))
    for chosen in ballots:
        await api.cast(await api.sign_in(), chosen)

    async def counted() -> bool:
        return (await api.data(query))["project"]["result"]["votes"] == before + len(ballots)

    await until(counted)
    result = (await api.data(query, language="en"))["project"]["result"]
    booth = await enter("en-GB", 320)
    page = booth.page
    await booth.open("/#/ranking")
    await page.locator('.standings a[href="#/candidate/25"]').click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator(".standing-now strong")).to_have_text(f"Rank {result['rank']}")
    title = await dialog.get_by_role("heading", level=2).inner_text()
    for way, back in (("ahead", "Behind"), ("behind", "Ahead")):
        await dialog.get_by_role("link", name=f"{way.title()} · ").click()
        neighbour = result[way]["project"]["title"]
        await expect(dialog.get_by_role("heading", level=2)).to_have_text(neighbour)
        await dialog.get_by_role("link", name=f"{back} · ").click()
        await expect(dialog.get_by_role("heading", level=2)).to_have_text(title)
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    assert page.url.endswith("#/ranking")


async def test_rows_that_move_keep_the_keyboard_where_it_is(enter: Enter, api: Client) -> None:
    booth = await enter()
    await booth.open("/#/ranking")
    link = booth.page.locator(".standings").get_by_role("link").last
    title = await link.inner_text()
    await link.focus()
    number = int((await booth.page.locator(".standings li .more").last.inner_text()).split()[1])
    others = [one for one in range(1, 51) if one != number][:9]
    for _ in range(2):
        await api.cast(await api.sign_in(), [number, *others])
    await expect(booth.page.locator(".standings").get_by_role("link").last).not_to_have_text(title)
    assert await booth.page.evaluate("document.activeElement.textContent") == title


async def test_the_district_of_the_ranking_outlives_a_reload(enter: Enter, api: Client) -> None:
    await api.cast(await api.sign_in(), range(15, 27))
    booth = await enter("zh-CN", 360)
    await booth.open("/#/ranking")
    await booth.page.get_by_label("排行范围").select_option("310115")
    await other_language(booth.page)
    await expect(booth.page.get_by_label("Show")).to_have_value("310115")
    rows = booth.page.locator(".standings li")
    await expect(rows.first).to_be_visible()
    assert await rows.count() < 50


async def test_the_projects_of_a_ballot_lead_to_what_they_are_about(enter: Enter) -> None:
    booth: Booth = await enter()
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    await booth.page.locator(".slip .choices a").first.click()
    await expect(booth.page.get_by_role("dialog")).to_contain_text("No. 1")
    await booth.page.go_back()
    await expect(booth.page.locator("#ballot-id")).to_be_visible()
    await expect(booth.page.get_by_role("dialog")).to_have_count(0)


async def test_an_address_that_is_spelled_wrong_shows_the_candidates(enter: Enter) -> None:
    booth = await enter()
    await booth.open("/#/candidate/%E9%")
    await expect(booth.page.locator(".card")).to_have_count(50)


async def test_a_filter_that_leaves_nothing_can_be_taken_away(enter: Enter) -> None:
    booth = await enter("zh-CN", 360)
    page = booth.page
    await booth.open()
    await page.get_by_label("地区", exact=True).select_option("310115")
    await page.get_by_label("只看已选").check()
    await page.get_by_role("searchbox").fill("没有这样的项目")
    await expect(page.get_by_text("没有符合条件的项目")).to_be_visible()
    await page.get_by_role("button", name="清除条件").click()
    await expect(page.locator(".card:visible")).to_have_count(50)
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await expect(page.get_by_role("searchbox")).to_have_value("")
    await expect(page.get_by_label("地区", exact=True)).to_have_value("")
    await expect(page.get_by_label("只看已选")).not_to_be_checked()
    await page.get_by_role("searchbox").fill("没有这样的项目")
    await expect(page.locator(".card:visible")).to_have_count(0)
