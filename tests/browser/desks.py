"""What do tests of the desk do at it? What organizers do, in either language, with a keyboard, on a phone and on a screen."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.visits import Visit
from tests.browser.voting import SIZES
from tests.servers import Server, pingxuan, prepare, serving


@dataclass
class Desk:
    """A visit to the desk."""

    request_info: Visit

    @property
    def page(self) -> Page:
        return self.request_info.page

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    async def open(self, address: str = "#/") -> None:
        await self.page.goto(f"{self.request_info.server.origin}/desk{address}")
        await expect(self.page.locator("#waiting")).to_have_count(0)

    async def sign_in(self, name: str, within: str = "#main") -> None:
        await self.page.locator(f"{within} #guest").fill(name)
        await self.page.keyboard.press("Enter")

    async def enter(self, name: str) -> None:
        """Sign in as an organizer of everything, who is made one on the way."""
        await self.open("#/me")
        await self.sign_in(name)
        viewer = await self.page.locator("#viewer-id").inner_text()
        done = pingxuan(self.request_info.server.database_url, "grant", "ORGANIZER", viewer)
        assert done.returncode == 0, done.stderr
        await self.until_organizer()

    async def until_organizer(self) -> None:
        """Look again until the role is known, which takes a second."""
        listed = self.page.locator("#views a[href='#/']")
        while not await listed.count():
            await self.page.reload()
            await expect(self.page.locator("#viewer-id")).to_be_visible()

    async def go(self, address: str) -> None:
        await self.page.evaluate("(address) => { location.hash = address; }", address)

    async def fill(self, **values: str) -> None:
        """Fill in fields by the ends of their ids: `title_zh` is `f-title-zh`."""
        for name, value in values.items():
            await self.page.locator(f"#f-{name.replace('_', '-')}").fill(value)

    async def choose(self, **values: str) -> None:
        for name, value in values.items():
            await self.page.locator(f"#f-{name.replace('_', '-')}").select_option(value)

    async def press(self, name: str, within: Locator | None = None) -> None:
        await (within or self.page.locator("body")).get_by_role("button", name=name, exact=True).first.click()

    async def act(self, name: str, **fields: str) -> None:
        """Open the dialog of an act, fill in what it asks for, and press its button."""
        await self.press(name)
        await expect(self.dialog).to_be_visible()
        for field, value in fields.items():
            await self.dialog.locator(f"#f-{field.replace('_', '-')}").fill(value)
        await self.dialog.locator("button.main").first.click()

    async def done(self) -> None:
        """The act was done: its dialog is gone."""
        await expect(self.dialog).to_have_count(0)


Sit = Callable[..., Awaitable[Desk]]


@pytest.fixture(scope="module")
def desk_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without any campaign."""
    url = f"sqlite://{tmp_path_factory.mktemp('desk')}/desk.sqlite3"
    prepare(url)
    with serving(url) as server:
        yield server


@pytest.fixture
async def sit(chromium: Browser, desk_server: Server) -> AsyncIterator[Sit]:
    """Visits to the desk: any number, each in a browser of its own; afterwards, nothing may have gone wrong in them."""
    desks: list[Desk] = []

    async def sit(locale: str = "en-GB", width: int = 1280, at: Server = desk_server, **more: Any) -> Desk:
        size = ViewportSize(width=width, height=SIZES[width])
        page = await chromium.new_page(viewport=size, locale=locale, **more)
        desks.append(Desk(Visit(page, at)))
        desks[-1].request_info.instrumentation()
        return desks[-1]

    yield sit
    for desk in desks:
        assert desk.request_info.troubled or desk.request_info.complaints == []
