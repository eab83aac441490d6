"""Does the ranking move while people watch, and does it keep still about what may not be seen?"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.voting import Booth, Enter
from tests.servers import SEED, Client, Server, edited_campaign, prepare, serving

pytestmark = pytest.mark.browser

VISIBILITY = {"after-casting": "AFTER_CASTING", "after-close": "AFTER_CLOSE", "after-publication": "AFTER_PUBLICATION"}
NO_SOCKETS = "window.WebSocket = class { constructor() { throw new Error('no sockets here') } }"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server where nobody has voted yet, with the selection of 2017 and campaigns that hide their results."""
    folder = tmp_path_factory.mktemp("ranking")
    url = f"sqlite://{folder}/selection.sqlite3"
    hidden = [
        edited_campaign(folder, slug, {"results_visibility": f'results_visibility = "{name}"'})
        for slug, name in VISIBILITY.items()
    ]
    prepare(url, SEED, *hidden)
    with serving(url, clock="2017-03-25T09:00:00+08:00") as server:
        yield server


async def first(booth: Booth) -> str:
    return await booth.page.locator(".standings li .more").first.inner_text()


async def test_the_ranking_moves_without_reloading_while_others_vote(enter: Enter, quiet: Server, api: Client) -> None:
    voters = api.at(quiet)
    booth = await enter()
    booth.visit.server = quiet
    await booth.open("/?campaign=shanghai-2017#/ranking")
    await expect(booth.page.locator(".state")).to_have_text("Live")
    await booth.page.evaluate("window.sameAsBefore = true")
    await voters.cast(await voters.sign_in(), range(31, 41))
    row = booth.page.locator(".standings li").first
    await expect(row).to_contain_text("No. 31")
    await expect(row.locator(".votes")).to_contain_text("1 · 100.0%")
    await expect(row).to_contain_text("Tied")
    for _ in range(2):
        await voters.cast(await voters.sign_in(), range(40, 51))
    await expect(row).to_contain_text("No. 40")
    await expect(row.locator(".place")).to_have_text("1")
    await expect(booth.page.locator(".standings li").nth(1).locator(".place")).to_have_text("2")
    await expect(booth.page.locator(".standings li.cut")).to_contain_text("the first 30 pass (tied across it)")
    await expect(booth.page.locator("#spoken")).to_contain_text("The ranking has changed")
    assert await booth.page.evaluate("window.sameAsBefore"), "it was never loaded again"


async def test_by_district_and_in_charts(enter: Enter, api: Client) -> None:
    await api.cast(await api.sign_in(), range(15, 27))
    booth = await enter("zh-CN", 360)
    await booth.open("/#/ranking")
    await expect(booth.page.locator("canvas")).to_have_count(2)
    await expect(booth.page.locator(".panel").first.locator("li")).to_contain_text(["3月22日"])
    await expect(booth.page.locator(".panel").last.locator("li").first).to_contain_text("票")
    await booth.page.get_by_label("排行范围").select_option(label="浦东新区")
    rows = booth.page.locator(".standings li")
    assert 0 < await rows.count() < 50
    await expect(rows.first.locator(".place")).to_have_text("1")
    await expect(rows.first.locator(".place")).to_have_attribute("aria-label", "区内第1名")
    await booth.open("/#/")
    await expect(booth.page.locator(".card")).to_have_count(50)


async def test_without_a_socket_it_asks_again_and_again(enter: Enter, api: Client) -> None:
    booth = await enter()
    await booth.page.add_init_script(NO_SOCKETS)
    await booth.open("/#/ranking")
    await expect(booth.page.locator(".state")).to_have_text("Every 5 seconds")
    before = await booth.page.locator(".turnout").inner_text()
    votes = booth.page.locator(".standings li", has_text="No. 50").locator(".votes strong")
    seen = int(await votes.inner_text())
    await api.cast(await api.sign_in(), range(41, 51))
    await expect(votes).to_have_text(str(seen + 1), timeout=15_000)
    assert before


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("after-casting", "Cast a ballot to see the ranking"),
        ("after-close", "It can be seen from 31 March"),
        ("after-publication", "The ranking is not public yet"),
    ],
)
async def test_hidden_results_are_explained(enter: Enter, quiet: Server, slug: str, words: str) -> None:
    booth = await enter(width=360, at=quiet)
    await booth.open(f"/?campaign={slug}#/ranking")
    await expect(booth.page.get_by_text(words)).to_be_visible()
    await expect(booth.page.locator(".standings li")).to_have_count(0)


async def test_whoever_has_voted_sees_what_only_voters_see(enter: Enter, quiet: Server, api: Client) -> None:
    booth = await enter(at=quiet)
    await booth.open("/?campaign=after-casting")
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    await booth.page.get_by_role("link", name="See the live ranking").click()
    await expect(booth.page.locator(".standings li").first).to_contain_text("No. 1")
