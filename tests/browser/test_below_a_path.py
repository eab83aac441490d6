"""Does every page work below a path of somebody's host, and ask for nothing that is not below it?"""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.browser.desks import Desk
from tests.browser.test_playground import run
from tests.browser.voting import Enter
from tests.commands import SEED
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


async def test_the_desk_and_the_experts_page_below_a_path(enter: Enter, below: Server) -> None:
    booth = await enter(at=below)
    desk = Desk(booth.request_info)
    await desk.enter("organizer")
    await desk.go(f"#/campaign/{SLUG}")
    await expect(desk.page.locator(f"a[href='/vote/c/{SLUG}']")).to_be_visible()
    await desk.page.goto(f"{below.origin}/review")
    await expect(desk.page.locator("#waiting")).to_have_count(0)
    await expect(desk.page.locator("#footer a")).to_have_attribute("href", "/vote/graphql")


async def test_the_log_page_and_the_playground_below_a_path(enter: Enter, below: Server) -> None:
    booth = await enter(at=below)
    await booth.page.goto(f"{below.origin}/verify")
    await expect(booth.page.locator("#keep a")).to_have_attribute("href", "/vote/verify")
    await booth.page.goto(below.url)
    answer = await run(booth.page, "BrowseCandidates")
    assert "errors" not in answer
