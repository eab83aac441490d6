"""Where several campaigns are, does each have an address of its own, and does the page keep them apart?"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.voting import Booth, Enter
from tests.servers import SEED, SLUG, Server, edited_campaign, prepare, serving

pytestmark = pytest.mark.browser

WARSAW = {
    "title": 'title = { zh = "邻里评选", en = "Neighbours of Warsaw" }',
    "edition": "",
    "time_zone": 'time_zone = "Europe/Warsaw"',
    "opens_at": "opens_at = 2017-03-20T00:00:00+01:00",
    "closes_at": "closes_at = 2017-04-20T00:00:00+02:00",
}
LATER = {
    "title": 'title = { zh = "明年的评选", en = "Next year" }',
    "edition": "",
    "opens_at": "opens_at = 2018-03-20T00:00:00+08:00",
    "closes_at": "closes_at = 2018-04-20T00:00:00+08:00",
}
EARLIER = {
    "title": 'title = { zh = "去年的评选", en = "Last year" }',
    "edition": "",
    "opens_at": "opens_at = 2016-03-20T00:00:00+08:00",
    "closes_at": "closes_at = 2016-04-20T00:00:00+08:00",
}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two campaigns that are open at the same time, one to come, and one that is over."""
    folder = tmp_path_factory.mktemp("several")
    url = f"sqlite://{folder}/selections.sqlite3"
    others = {"warsaw": WARSAW, "next-year": LATER, "last-year": EARLIER}
    prepare(url, SEED, *(edited_campaign(folder, slug, changes) for slug, changes in others.items()))
    with serving(url) as server:
        yield server


def campaigns_asked_for(booth: Booth) -> list[Any]:
    """The campaign that each operation of the page names from now on, but for those that are about none."""
    named: list[Any] = []

    def note(request: Any) -> None:
        address = urlsplit(request.url)
        if address.path != "/graphql":
            return
        in_address = parse_qs(address.query).get("variables")
        variables = json.loads(in_address[0]) if in_address else request.post_data_json["variables"]
        input = variables.get("input") or {}
        if "slug" in variables or "campaign" in input:
            named.append(variables.get("slug") or input.get("campaign"))

    booth.page.on("request", note)
    return named


async def test_the_list_has_every_campaign_by_where_it_stands(enter: Enter, several: Server) -> None:
    booth = await enter("zh-CN", 360, at=several)
    await booth.open("/campaigns")
    page = booth.page
    groups = page.locator(".campaigns section:visible h2")
    await expect(groups).to_have_text(["正在投票", "即将开始", "已经结束"])
    await expect(page.locator("#openNow + ul h3")).to_have_text(["第三届上海社会建设十大创新项目", "邻里评选"])
    await expect(page.locator("#upcoming + ul h3")).to_have_text(["明年的评选"])
    await expect(page.locator("#over + ul h3")).to_have_text(["去年的评选"])
    warsaw = page.locator(".campaign-card").filter(has_text="邻里评选")
    await expect(warsaw).to_contain_text("主办：")
    await expect(warsaw).to_contain_text("2017年3月20日 00:00（中欧标准时间）")
    await expect(warsaw).to_contain_text("0张选票")
    await expect(page.locator("#views")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await warsaw.get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("邻里评选")
    assert urlsplit(page.url).path == "/c/warsaw"
    await page.get_by_role("link", name="全部评选").first.click()
    await expect(groups).to_have_count(3)


async def test_each_campaign_has_its_choices_its_ballots_and_its_name_in_every_document(
    enter: Enter, several: Server
) -> None:
    booth = await enter(at=several)
    await booth.open("/c/warsaw")
    named = campaigns_asked_for(booth)
    await booth.page.reload()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    await booth.page.goto(f"{several.origin}/c/warsaw#/")
    await booth.choose(4)
    await booth.page.locator(".card").first.get_by_role("link").first.click()
    await expect(booth.page.get_by_role("dialog")).to_be_visible()
    await booth.open("/c/warsaw#/ranking")
    await expect(booth.page.locator(".standings li").first).to_be_visible()
    assert set(named) == {"warsaw"}
    await booth.open("/")
    await expect(booth.page.locator("#tray")).to_contain_text("0 chosen")
    await booth.choose(7, 8)
    await booth.open("/?campaign=warsaw")
    await expect(booth.page.get_by_role("heading", level=1)).to_have_text("Neighbours of Warsaw")
    await expect(booth.page.locator(".card.chosen")).to_have_count(1)
    await booth.open(f"/c/{SLUG}")
    await expect(booth.page.locator(".card.chosen")).to_have_count(2)


async def test_the_featured_campaign_is_named_too_once_it_is_known(enter: Enter, several: Server) -> None:
    booth = await enter(at=several)
    named = campaigns_asked_for(booth)
    await booth.open("/")
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    assert named[0] is None, "the question which one that is"
    assert set(named[1:]) == {SLUG}


@pytest.mark.parametrize("address", ["/c/no-such-vote", "/?campaign=no-such-vote", "/c/%E4%B8%8A%25"])
async def test_at_an_address_of_no_campaign_it_says_so_and_lists_those_there_are(
    enter: Enter, several: Server, address: str
) -> None:
    booth = await enter(at=several)
    booth.request_info.troubled = True  # 404 is what the browser complains of
    statuses: list[int] = []
    booth.page.on("response", lambda response: statuses.append(response.status))
    await booth.open(address)
    assert statuses[0] == (404 if address.startswith("/c/") else 200)
    await expect(booth.page.get_by_role("alert")).to_contain_text("There is no selection “")
    await expect(booth.page.locator(".campaign-card")).to_have_count(4)


async def test_where_nothing_is_featured_the_first_page_is_the_list(
    enter: Enter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = f"sqlite://{tmp_path_factory.mktemp('empty')}/selections.sqlite3"
    prepare(url)
    with serving(url) as server:
        booth = await enter(at=server)
        await booth.open()
        await expect(booth.page.get_by_role("heading", level=1)).to_have_text("Selections")
        await expect(booth.page.get_by_text("There is no selection at the moment.")).to_be_visible()
        await booth.page.goto("about:blank")


async def test_a_campaign_that_is_alone_has_no_list_to_lead_to(enter: Enter) -> None:
    booth = await enter()
    await booth.open()
    await expect(booth.page.get_by_role("link", name="All selections")).to_have_count(0)
