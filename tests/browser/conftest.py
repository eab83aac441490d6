"""How do tests look at the pages? In a real Chromium that can reach this machine and nothing else."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from tests.browser.accessibility import axe
from tests.browser.deciding import closed
from tests.browser.desks import desk_server, organizer, sit
from tests.browser.panels import come
from tests.browser.visits import Visit
from tests.browser.voting import SIZES, Booth, Enter
from tests.servers import PATIENCE, SEED, Client, Server, prepare, serving

__all__ = ["axe", "closed", "come", "desk_server", "organizer", "sit"]  # fixtures

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first takes half the CPU
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
ON_ONE_LOOP = pytest.mark.asyncio(loop_scope="session")  # as they share a Chromium, so must their fixtures
expect.set_options(timeout=PATIENCE * 1000)  # how long a page takes is the machine's affair, which may be busy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all that a browser takes part in on one loop."""
    for item in items:
        if Path(__file__).parent in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(ON_ONE_LOOP, append=False)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the 2017 selection, on the morning its vote opened."""
    url = f"sqlite://{tmp_path_factory.mktemp('browser')}/selection.sqlite3"
    prepare(url, SEED)
    with serving(url) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def api(server: Server) -> AsyncIterator[Client]:
    """A client of that server besides the browser."""
    async with aiohttp.ClientSession() as session:
        yield Client(session, server)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_chromium() -> AsyncIterator[Browser]:
    """A headless Chromium, which takes as long to start as most tests take."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: what browsers do with the pages is NOT tested")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE * 1000)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def chromium(shared_chromium: Browser) -> AsyncIterator[Browser]:
    """A Chromium in which nobody has been: each context in it is a browser of its own, and is closed afterwards."""
    yield shared_chromium
    for context in shared_chromium.contexts:
        for page in context.pages:  # what a route is still fetching is no failure of the test that comes next
            await page.unroute_all(behavior="ignoreErrors")
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def request_info(chromium: Browser, server: Server) -> AsyncIterator[Visit]:
    """An English speaker's visit; afterwards, nothing may have gone wrong in it."""
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
    request_info = Visit(page, server)
    request_info.instrumentation()
    yield request_info
    assert request_info.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def enter(chromium: Browser, server: Server) -> AsyncIterator[Enter]:
    """Visits to the voting page: any number, each by somebody else; afterwards, nothing may have gone wrong in them."""
    booths: list[Booth] = []

    async def enter(locale: str = "en-GB", width: int = 1280, at: Server = server, **more: Any) -> Booth:
        size = ViewportSize(width=width, height=SIZES[width])
        page = await chromium.new_page(viewport=size, locale=locale, **more)
        booths.append(Booth(Visit(page, at), locale))
        booths[-1].request_info.instrumentation()
        return booths[-1]

    yield enter
    for booth in booths:
        assert booth.request_info.troubled or booth.request_info.complaints == []
