"""Does everybody see how it will be decided, and then what came of it, with all that is needed to check it?"""

import asyncio
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from playwright.async_api import Page, expect

from api.domain.campaigns.parts import Award
from api.domain.campaigns.projects import Outcome
from api.domain.texts import localized
from tests.browser.accessibility import grave
from tests.browser.voting import Enter
from tests.campaigns import at
from tests.kinds import volunteers
from tests.outcomes import SEED, SLUG, Chain, chain, to_objections, to_the_end
from tests.second_selection import recompute
from tests.servers import serving
from tests.stored import store

pytestmark = pytest.mark.browser

WIDTH = "document.documentElement.scrollWidth"
ADDRESS = f"/c/{SLUG}"
WINNERS = f"{ADDRESS}#/winners"
EYES = [("zh-CN", 320, "light"), ("en-GB", 320, "dark"), ("zh-CN", 1280, "dark"), ("en-GB", 1280, "light")]


@pytest.fixture(scope="module")
def voting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with chain(tmp_path_factory.mktemp("voting")) as begun:
        yield begun


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """While objections are heard to four finalists, the last of them by lot."""
    with chain(tmp_path_factory.mktemp("heard")) as begun:
        to_objections(begun)
        yield begun


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """After a correction, and with the winners confirmed."""
    with chain(tmp_path_factory.mktemp("over")) as begun:
        to_the_end(begun)
        yield begun


async def test_the_stages_are_a_bar_that_says_where_the_selection_stands(enter: Enter, voting: Chain) -> None:
    booth = await enter("en-GB", 320, at=voting.sandbox)
    await booth.open(ADDRESS)
    steps = booth.page.get_by_role("list", name="Stages").get_by_role("listitem")
    await expect(steps).to_have_text(["9SubmittedDecided", "4FinalistsUnder way", "3WinnersTo come"])
    await expect(booth.page.locator("[aria-current=step]")).to_contain_text("Finalists")
    await expect(booth.page.locator(".course")).to_contain_text("The 4 projects with the highest scores pass. How")
    await expect(booth.page.get_by_role("link", name="Outcome")).to_have_count(0)
    assert await booth.page.evaluate(WIDTH) <= 320


async def test_who_lost_in_the_last_stage_is_not_told_to_have_missed_those_before(
    enter: Enter, heard: Chain, over: Chain
) -> None:
    booth = await enter("zh-CN", 320, at=heard.sandbox)
    await booth.open(ADDRESS)
    await expect(booth.page.locator(".outcome.not_selected").first).to_have_text("未入选")
    booth = await enter("zh-CN", 320, at=over.sandbox)
    await booth.open(ADDRESS)
    await expect(booth.page.locator(".outcome.not_selected").first).to_have_text("未获选")


@pytest.mark.parametrize("eyes", EYES, ids=str)
async def test_how_it_is_decided_is_told_in_words_before_anybody_votes(
    enter: Enter, axe: str, voting: Chain, eyes: tuple[str, int, str]
) -> None:
    locale, width, scheme = eyes
    booth = await enter(locale, width, at=voting.sandbox, color_scheme=scheme, reduced_motion="reduce")
    await booth.open(f"{ADDRESS}#/deciding")
    dialog = booth.page.get_by_role("dialog")
    if locale == "zh-CN":
        told = [
            "4个名额 · 进行中",
            "得分低于59.5的不入选",
            "权重0.6 · 0至100分 · 每5分一档",
            "90分",
            "不计入总分",
            "抽签种子的摘要",
        ]
    else:
        told = ["4 places · Under way", "A score below 59.5", "weight 0.6 · 0 to 100 points", "90 points", "lot's seed"]
    for words in told:
        await expect(dialog).to_contain_text(words)
    await expect(dialog.locator(".digest")).to_have_text(hashlib.sha256(SEED.encode()).hexdigest())
    assert await grave(booth.page, axe) == []
    assert await booth.page.evaluate(WIDTH) <= width
    await booth.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_before_anything_is_announced_there_is_no_outcome_to_see(enter: Enter, voting: Chain) -> None:
    booth = await enter("zh-CN", 360, at=voting.sandbox)
    await booth.open(WINNERS)
    await expect(booth.page.locator(".nothing")).to_have_text("结果还没有公布。")


async def test_while_objections_are_heard_the_head_says_until_when_and_to_whom_one_writes(
    enter: Enter, heard: Chain
) -> None:
    booth = await enter("zh-CN", 360, at=heard.sandbox)
    await booth.open(ADDRESS)
    page = booth.page
    await expect(page.locator(".phase")).to_have_text("结果公示中")
    await expect(page.locator(".timing")).to_contain_text("公示期至2017年4月12日 17:00（北京时间），其间受理异议。")
    await expect(page.locator(".timing")).to_contain_text("请在此之前向文化馆提出")
    await expect(page.locator("#tray")).to_be_hidden()
    await expect(page.locator(".card").first.locator(".outcome")).to_have_text("入围终审")
    await page.get_by_role("link", name="查看结果").click()
    await expect(page.locator("#outcome")).to_be_focused()
    await expect(page.locator(".objections")).to_contain_text("作品3与三年前的一件作品雷同。")
    await expect(page.locator(".objections .answer")).to_have_count(1)
    await expect(page.locator(".objections")).to_contain_text("尚未答复。")
    await expect(page.locator("body")).not_to_contain_text("Somebody who is not named")


@pytest.mark.parametrize("eyes", EYES, ids=str)
async def test_axe_finds_nothing_serious_on_the_outcome_and_nothing_sticks_out(
    enter: Enter, axe: str, over: Chain, eyes: tuple[str, int, str]
) -> None:
    locale, width, scheme = eyes
    booth = await enter(locale, width, at=over.sandbox, color_scheme=scheme, reduced_motion="reduce")
    await booth.open(WINNERS)
    await expect(booth.page.locator("main details").last).to_be_visible()
    await booth.page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    await expect(booth.page.locator("table.scores").last).to_be_visible()
    assert await grave(booth.page, axe) == []
    await booth.page.evaluate("document.body.style.letterSpacing = '0.06em'")
    assert await booth.page.evaluate(WIDTH) <= width


async def test_scores_are_a_table_with_the_cut_line_and_a_drawing_of_votes_against_them(
    enter: Enter, heard: Chain
) -> None:
    booth = await enter(at=heard.sandbox)
    await booth.open(WINNERS)
    page = booth.page
    rows = page.locator("table.scores tbody tr")
    await expect(rows).to_have_count(7)
    await expect(rows.nth(4)).to_have_text("Cut line: 4 selected")
    await expect(rows.nth(0)).to_contain_text("100 × 0.3 = 30")
    assert [await rows.nth(at).locator(".rank").inner_text() for at in (0, 1, 2, 3, 5, 6)] == [
        "1",
        "2",
        "3",
        "4",
        "4",
        "6",
    ]
    await expect(page.get_by_role("img", name="Public votes to the right, Expert scores upwards")).to_be_visible()
    await expect(page.locator("circle.in")).to_have_count(4)
    await expect(page.locator("circle.out")).to_have_count(2)
    await expect(page.locator(".ties")).to_contain_text("Equal: No. 4 Work 4; No. 5 Work 5")
    await expect(page.locator(".state-badge").first).to_have_text("Outcome announced")


async def test_winners_have_their_awards_and_what_is_vacant_or_was_corrected_is_told(enter: Enter, over: Chain) -> None:
    booth = await enter(at=over.sandbox)
    await booth.open(WINNERS)
    page = booth.page
    await expect(page.locator(".state-badge")).to_have_text(["Final"])
    winners, finalists = page.get_by_role("region", name="Winners"), page.get_by_role("region", name="Finalists")
    await expect(winners.locator(".award")).to_have_text(["Gold02Work 2", "Silver01Work 1Vacant: 1."])
    await expect(winners).to_contain_text("The organizer decided this stage; there are no scores.")
    await expect(winners.locator(".decision-reason")).to_have_text("Reason: The jury advised it.")
    await expect(finalists.locator(".decision-reason")).to_have_count(0)
    await expect(winners.locator("table, svg")).to_have_count(0)
    await expect(finalists.locator(".annexes")).to_contain_text("The work was copied.")
    await expect(finalists.locator(".annexes")).to_contain_text("No. 3 Work 3 · no longer selected · rank 3 → none")
    await expect(finalists.locator(".annexes li li")).to_have_count(4)
    await finalists.get_by_text("The selected (4)").click()
    await finalists.get_by_role("link", name="Work 2").first.click()
    await expect(page.get_by_role("dialog").locator(".outcome")).to_have_text("Gold")


async def _saved(page: Page, name: str) -> bytes:
    async with page.expect_download() as download:
        await page.get_by_role("button", name=name).last.click()
    path = await (await download.value).path()
    return await asyncio.to_thread(path.read_bytes)


async def test_whoever_saves_the_files_can_compute_the_outcome_anew(enter: Enter, over: Chain) -> None:
    booth = await enter(at=over.sandbox)
    await booth.open(WINNERS)
    digest = await booth.page.locator(".digest").last.inner_text()
    trace, record = await _saved(booth.page, "Download the trace"), await _saved(booth.page, "Download the record")
    assert hashlib.sha256(trace).hexdigest() == digest
    assert recompute(record.decode()).digest == digest
    await expect(booth.page.get_by_text("Checked: the SHA-256 of the trace is the digest.")).to_be_visible()


async def test_the_report_is_asked_for_when_it_is_wanted_and_saved(enter: Enter, over: Chain) -> None:
    booth = await enter(at=over.sandbox)
    asked: list[str] = []
    booth.page.on("request", lambda request: asked.append(unquote_plus(request.url)))
    await booth.open(WINNERS)
    await expect(booth.page.get_by_role("region", name="The report")).to_contain_text("a recount of every ballot")
    assert [url for url in asked if "{ report }" in url] == []
    report = (await _saved(booth.page, "Download the report")).decode()
    assert report.startswith("<!doctype html>")
    assert "The jury advised it." in report
    assert len([url for url in asked if "{ report }" in url]) == 1
    await expect(booth.page.get_by_role("button", name="Download the report")).to_be_focused()


async def test_the_report_is_offered_only_once_everything_is_final(enter: Enter, heard: Chain) -> None:
    booth = await enter(at=heard.sandbox)
    await booth.open(WINNERS)
    await expect(booth.page.locator(".verdict")).to_have_count(1)
    await expect(booth.page.get_by_role("button", name="Download the trace")).to_be_visible()
    await expect(booth.page.get_by_role("button", name="Download the report")).to_have_count(0)


async def test_within_wechat_one_is_told_to_open_the_page_elsewhere_for_the_report(enter: Enter, over: Chain) -> None:
    booth = await enter("zh-CN", 360, at=over.sandbox, user_agent="MicroMessenger/8.0")
    await booth.open(WINNERS)
    await booth.page.get_by_role("button", name="下载报告").click()
    await expect(booth.page.get_by_text("选择在浏览器中打开本页，再下载报告")).to_be_visible()


async def test_within_wechat_the_files_are_shown_since_it_saves_none(enter: Enter, over: Chain) -> None:
    booth = await enter("zh-CN", 360, at=over.sandbox, user_agent="MicroMessenger/8.0")
    await booth.open(WINNERS)
    await booth.page.get_by_role("button", name="下载计算过程").last.click()
    await expect(booth.page.locator(".trace").last).to_contain_text("pingxuan-selection-trace/1")
    assert await booth.page.evaluate(WIDTH) <= 360


async def test_what_is_provisional_is_seen_by_staff_alone_and_says_so(enter: Enter, tmp_path: Path) -> None:
    with chain(tmp_path) as begun:
        begun.vote()
        begun.review()
        begun.show("2017-04-05 13:00")
        begun.decide("FINALIST", seed=SEED)
        staff, voter = await enter(at=begun.sandbox), await enter(at=begun.sandbox)
        await voter.open(WINNERS)
        await expect(voter.page.locator(".nothing")).to_have_text("No outcome has been announced yet.")
        await staff.open(ADDRESS)
        organizer = begun.sandbox.voters["organizer"]
        kept = json.dumps({"token": organizer.token, "viewer": organizer.id})
        await staff.page.evaluate("(kept) => localStorage.setItem('pingxuan:session', kept)", kept)
        await staff.open(WINNERS)
        await expect(staff.page.locator(".state-badge")).to_have_text(["Provisional, not published"])
        for booth in (staff, voter):
            await booth.page.goto("about:blank")


async def test_without_a_network_the_outcome_says_so_and_comes_by_itself(enter: Enter, heard: Chain) -> None:
    booth = await enter("zh-CN", 360, at=heard.sandbox)
    booth.request_info.troubled = True
    await booth.open(ADDRESS)
    await booth.page.context.set_offline(True)
    await booth.page.get_by_role("link", name="结果", exact=True).click()
    await expect(booth.page.locator("main")).to_contain_text("现在没有网络")
    await booth.page.context.set_offline(False)
    await expect(booth.page.locator("table.scores, .winners").first).to_be_visible()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_a_campaign_in_one_language_without_stages_or_arithmetic_shows_who_won(
    enter: Enter, axe: str, tmp_path: Path, locale: str
) -> None:
    before = volunteers()
    long = localized(zh="十年如一日照看社区里所有独居老人的志愿者服务队" * 3)
    won: dict[int, dict[str, Any]] = {
        1: {"award": "TOP", "title": long},
        2: {"award": "TOP"},
        4: {"outcome": Outcome.FINALIST},
    }
    projects = tuple(replace(each, **won.get(each.number, {})) for each in before.projects)
    awards = (Award("TOP", localized(zh="十佳"), 2),)
    url = f"sqlite://{tmp_path}/won.sqlite3"
    store(url, replace(before, projects=projects, awards=awards, stages=(), published_at=at("2017-04-10 10:00")))
    with serving(url, clock="2017-04-11T10:00:00+08:00") as server:
        booth = await enter(locale, 320, at=server)
        await booth.open("/c/volunteers")
        await expect(booth.page.locator(".course")).to_have_count(0)
        await booth.page.locator("#views [data-view=winners]").click()
        groups = booth.page.locator(".verdict")
        await expect(groups).to_have_count(3)
        await expect(groups.last.get_by_role("button")).to_have_text(
            "下载报告" if locale == "zh-CN" else "Download the report"
        )
        await expect(groups.first.locator("h3")).to_have_text("十佳")
        await expect(groups.first.locator(".winners li")).to_have_count(2)
        if locale == "en-GB":
            await expect(groups.first.locator("a").first).to_have_attribute("lang", "zh")
        assert await grave(booth.page, axe) == []
        assert await booth.page.evaluate(WIDTH) <= 320
        await booth.open("/c/volunteers#/deciding")
        words = "主办方没有说明评选办法。" if locale == "zh-CN" else "The organizer has not said how it is decided."
        await expect(booth.page.get_by_role("dialog")).to_contain_text(words)
        await booth.page.goto("about:blank")
