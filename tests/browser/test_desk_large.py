"""Can five thousand candidates be run from the desk?"""

import asyncio
from collections.abc import Iterator

import aiohttp
import pytest
from playwright.async_api import expect

from tests.browser.desks import VIEWER, Sit
from tests.large_campaigns import large_campaign
from tests.servers import Client, Server, pingxuan, prepare, serving

pytestmark = pytest.mark.browser

NAME = "organizer of thousands"
TITLE = """query { project(campaign: "large-2017", number: 4321) { title(language: EN) } }"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose campaign has five thousand candidates, on the morning its vote opened."""
    folder = tmp_path_factory.mktemp("large")
    url = f"sqlite://{folder}/selection.sqlite3"
    prepare(url, large_campaign(folder, "large-2017", 5_000))
    with serving(url) as server:
        yield server


async def test_one_of_five_thousand_is_found_and_corrected(sit: Sit, large: Server) -> None:
    async with aiohttp.ClientSession() as http:
        api = Client(http, large)
        token = await api.sign_in(NAME)
        viewer = (await api.data(VIEWER, token=token))["viewer"]["id"]
        done = await asyncio.to_thread(pingxuan, large.database_url, "grant", "ORGANIZER", viewer)
        assert done.returncode == 0, done.stderr
        desk = await sit(width=360, at=large)
        await desk.open("#/me")
        await desk.sign_in(NAME)
        await expect(desk.page.locator("#viewer-id")).to_be_visible()
        await desk.until_staff()
        await desk.go("#/campaign/large-2017/candidates")
        await expect(desk.page.get_by_text("Candidates: 5000")).to_be_visible()
        await expect(desk.page.locator(".candidates > li")).to_have_count(101)
        await desk.page.get_by_role("searchbox").fill("4321")
        await expect(desk.page.locator(".candidates > li")).to_have_count(1)
        await desk.page.locator("[data-number='4321'] .edit").click()
        await desk.fill(title_en="One of thousands")
        await desk.press("Done")
        await desk.press("Save candidates")
        await expect(desk.page.locator(".notice")).to_have_text("Saved.")
        assert (await api.data(TITLE))["project"]["title"] == "One of thousands"
        await desk.go("#/campaign/large-2017/settings")
        await desk.fill(title_en="A very large selection")
        await desk.press("Save settings")
        await expect(desk.page.locator(".notice")).to_have_text("Saved.")
