"""How do tests look at the pages? In a real Chromium that can reach this machine and nothing else."""

import shutil
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from tests.browser.accessibility import axe
from tests.browser.deciding import closed
from tests.browser.desks import desk_server, organizer, sit
from tests.browser.panels import come
from tests.browser.visits import Visit
from tests.browser.voting import SIZES, Booth, Enter
from tests.servers import SEED, Client, Server, prepare, serving

__all__ = ["axe", "closed", "come", "desk_server", "organizer", "sit"]  # fixtures

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
expect.set_options(timeout=20_000)  # milliseconds: how long a page takes is the machine's affair, which may be busy


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the 2017 selection, on the morning its vote opened."""
    url = f"sqlite://{tmp_path_factory.mktemp('browser')}/selection.sqlite3"
    prepare(url, SEED)
    with serving(url) as server:
        yield server


@pytest.fixture
async def api(server: Server) -> AsyncIterator[Client]:
    """A client of that server besides the browser."""
    async with aiohttp.ClientSession() as session:
        yield Client(session, server)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A headless Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: what browsers do with the pages is NOT tested")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def request_info(chromium: Browser, server: Server) -> AsyncIterator[Visit]:
    """An English speaker's visit; afterwards, nothing may have gone wrong in it."""
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
    request_info = Visit(page, server)
    request_info.instrumentation()
    yield request_info
    assert request_info.complaints == []


@pytest.fixture
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
