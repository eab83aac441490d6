"""Does every page work below a path of somebody's host, and ask for nothing that is not below it?"""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.browser.desks import CREATE, PRESENT, PUT, Desk, Organizer, campaign_input, organizing
from tests.browser.panels import PANEL, RUBRIC, Come, invited
from tests.browser.test_playground import run
from tests.browser.voting import Enter
from tests.commands import SEED
from tests.pictures import a_picture
from tests.servers import SLUG, Server, prepare, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server below a path: a Visit complains of each request to elsewhere, on the same host too."""
    url = f"sqlite://{tmp_path_factory.mktemp('below')}/selection.sqlite3"
    prepare(url, SEED)
    with serving(url, ROOT_PATH="/vote") as server:
        assert server.origin.endswith("/vote")
        yield server


async def test_voting_below_a_path(enter: Enter, below: Server) -> None:
    booth = await enter(at=below)
    await booth.open("/campaigns")
    await booth.page.locator(f"#main a[href='/vote/c/{SLUG}']").first.click()
    await expect(booth.page.locator(".card")).to_have_count(50)
    await booth.vote("below", *range(1, 11))
    await booth.receipt()
    kept = await booth.page.evaluate("Object.keys(localStorage)")
    assert kept
    assert all(name.startswith("pingxuan/vote:") for name in kept)
    await booth.page.goto(f"{below.origin}/c/{SLUG}/ranking")
    await expect(booth.page.get_by_text(booth.word("live"), exact=True)).to_be_visible()  # over a socket


async def test_the_desk_below_a_path(enter: Enter, below: Server) -> None:
    booth = await enter(at=below)
    desk = Desk(booth.request_info)
    await desk.enter("organizer")
    await desk.go(f"#/campaign/{SLUG}")
    await expect(desk.page.locator(f"a[href='/vote/c/{SLUG}']")).to_be_visible()


async def test_an_expert_reviews_below_a_path(come: Come, below: Server) -> None:
    async with organizing(below) as organizer:
        code = await with_a_picture(organizer)
    visit = await come(at=below)
    await visit.open(f"#code={code}")
    await visit.sign_in("a reviewer")
    await expect(visit.page.locator(".notice")).to_contain_text("Welcome, Li Ming.")
    await visit.page.get_by_role("link", name="Work 1").click()
    await visit.page.locator("details:has(.rich) > summary").click()
    shown = visit.page.locator(".rich img")
    await expect(shown).to_have_attribute("src", re.compile("^/vote/images/"))
    await expect(shown).to_have_js_property("naturalWidth", 8)
    await visit.touch("INNOVATION", "8")
    await visit.type("EFFECT", "7.5")
    await visit.submit()
    await expect(visit.page.locator(".state .chip")).to_have_text("Submitted")
    await expect(visit.page.locator("#footer a")).to_have_attribute("href", "/vote/graphql")
    await visit.page.get_by_role("link", name="All projects").click()
    await expect(visit.page.locator(".progress")).to_contain_text("1 of 4 done")
    kept = await visit.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert kept
    assert all(name.startswith("pingxuan/vote:") for name in kept)
    await visit.page.locator("#views button").click()
    await expect(visit.page.locator("#main #guest")).to_be_visible()


async def with_a_picture(organizer: Organizer) -> str:
    """The code of an invitation to the panel of a campaign whose candidates have a picture in their descriptions."""
    slug = "pictured"
    await organizer.do(CREATE, input=campaign_input(slug) | {"panel": PANEL, "criteria": RUBRIC})
    headers = {"Content-Type": "image/png", "Authorization": f"Bearer {organizer.token}"}
    address = f"{organizer.api.server.origin}/images?campaign={slug}"
    async with organizer.api.session.post(address, data=a_picture(8, 8), headers=headers) as response:
        picture = (await response.json())["url"]
    described = {"description": {"zh": f"![图]({picture})"}}
    works = [{"number": n, "title": {"zh": f"{n}号作品", "en": f"Work {n}"}, **described} for n in range(1, 5)]
    await organizer.do(PUT, campaign=slug, projects=works)
    await organizer.do(PRESENT, campaign=slug)
    return await invited(organizer, slug, "Li Ming")


async def test_the_log_page_and_the_playground_below_a_path(enter: Enter, below: Server) -> None:
    booth = await enter(at=below)
    await booth.page.goto(f"{below.origin}/verify")
    await expect(booth.page.locator("#keep a")).to_have_attribute("href", "/vote/verify")
    await booth.page.goto(below.url)
    answer = await run(booth.page, "BrowseCandidates")
    assert "errors" not in answer
