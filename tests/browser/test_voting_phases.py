"""Does the page show where the vote stands, and does it notice by itself when that changes?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.voting import Enter
from tests.servers import Server, edited_campaign, prepare, serving

pytestmark = pytest.mark.browser

PUBLISHED = "2017-04-10T10:00:00+08:00"


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("phases")
    told = {"results_visibility": f'results_visibility = "AFTER_PUBLICATION"\npublished_at = {PUBLISHED}'}
    url = f"sqlite://{folder}/selection.sqlite3"
    prepare(url, edited_campaign(folder, "phases", told))
    return url


@pytest.fixture
def opening(database_url: str) -> Iterator[Server]:
    """A server some seconds before voting opens."""
    with serving(database_url, clock="2017-03-21T23:59:48+08:00") as server:
        yield server


async def test_when_voting_opens_the_page_says_so_by_itself(enter: Enter, opening: Server) -> None:
    booth = await enter(at=opening)
    await booth.open()
    await expect(booth.page.locator(".phase")).to_have_text("Voting is open", timeout=180_000)
    await expect(booth.page.get_by_role("timer")).to_contain_text("9 days")


@pytest.mark.parametrize(
    ("clock", "phase", "words"),
    [
        ("2017-04-01T10:00:00+08:00", "投票已结束", "结果待公布"),
        ("2017-04-11T10:00:00+08:00", "结果已公布", "结果已经公布"),
    ],
)
async def test_after_the_vote_it_says_whether_the_outcome_is_published(
    enter: Enter, database_url: str, clock: str, phase: str, words: str
) -> None:
    with serving(database_url, clock=clock) as server:
        booth = await enter("zh-CN", 360, at=server)
        await booth.open()
        await expect(booth.page.locator(".phase")).to_have_text(phase)
        await expect(booth.page.locator(".timing")).to_contain_text(words)
        await booth.open("/#/ranking")
        hidden = booth.page.get_by_text("排行暂不公开")
        await expect(hidden if phase == "投票已结束" else booth.page.locator(".standings li").first).to_be_visible()
        await booth.page.goto("about:blank")


async def test_whoever_comes_back_after_a_while_finds_the_right_time(enter: Enter) -> None:
    booth = await enter()
    await booth.open()
    async with booth.page.expect_request(lambda request: "query Now(" in (request.post_data or "")):
        await booth.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
