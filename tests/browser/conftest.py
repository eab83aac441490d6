"""How do tests look at the pages? In a real Chromium that can reach this machine and nothing else."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from tests.servers import SEED, Client, Server, prepare, serving

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


@dataclass
class Visit:
    """A page that is being looked at, and whatever went wrong in it."""

    page: Page
    server: Server
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Write down errors, failures, and requests to anybody but the server."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"{request.url}: {request.failure}"))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.server.origin}/", "data:", "blob:")):
            self.complaints.append(f"a request to {request.url}")


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
async def visit(chromium: Browser, server: Server) -> AsyncIterator[Visit]:
    """An English speaker's visit; afterwards, nothing may have gone wrong in it."""
    page = await chromium.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
    visit = Visit(page, server)
    visit.watch()
    yield visit
    assert visit.complaints == []
