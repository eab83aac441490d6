"""What do tests of the desk do at it? What organizers do, in either language, with a keyboard, on a phone and on a screen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.visits import Visit, go_to
from tests.browser.voting import SIZES
from tests.servers import Client, Server, pingxuan, prepare, serving


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
        await self.until_staff()

    async def until_staff(self) -> None:
        """Look again until the role is known, which takes a second."""
        listed = self.page.locator("#views a[href='#/']")
        while not await listed.count():
            await self.page.reload()
            await expect(self.page.locator("#main h1")).to_be_visible()

    async def go(self, address: str) -> None:
        await go_to(self.page, address)

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


@pytest_asyncio.fixture(loop_scope="session")
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


VIEWER = "{ viewer { id } }"
A_SECOND = 1.2  # a role that is granted counts by then
CREATE = """mutation Create($input: CampaignInput!) {
  createCampaign(input: $input) { campaign { slug } problems { message } } }"""
PUT = """mutation Put($campaign: String!, $projects: [ProjectInput!]!) {
  putProjects(campaign: $campaign, projects: $projects) { campaign { slug } problems { message } } }"""
AMEND = """mutation Amend($campaign: String!, $input: CampaignAmendment!) {
  amendCampaign(campaign: $campaign, input: $input) { campaign { slug } problems { message } } }"""
PRESENT = """mutation Present($campaign: String!) {
  presentCampaign(campaign: $campaign) { campaign { slug } problems { message } } }"""


@dataclass(frozen=True)
class Organizer:
    """An organizer of everything with a program of his own, whose name opens the desk too."""

    api: Client
    token: str
    name: str

    async def do(self, mutation: str, **variables: Any) -> None:
        """Ask for something in which nothing stands in the way."""
        for payload in (await self.api.data(mutation, variables, self.token)).values():
            assert payload["problems"] == []

    async def campaign(self, slug: str, *, presented: bool = True, numbers: Iterable[int] = range(1, 5)) -> str:
        """A campaign of these candidates in both languages, open on the server's morning; its slug."""
        await self.do(CREATE, input=campaign_input(slug))
        projects = [{"number": n, "title": {"zh": f"{n}号作品", "en": f"Work {n}"}} for n in numbers]
        await self.do(PUT, campaign=slug, projects=projects)
        if presented:
            await self.do(PRESENT, campaign=slug)
        return slug


def campaign_input(slug: str) -> dict[str, Any]:
    return {
        "slug": slug,
        "languages": ["zh", "en"],
        "timeZone": "Asia/Shanghai",
        "title": {"zh": f"评选{slug}", "en": f"Selection {slug}"},
        "organizer": {"zh": "主办方", "en": "The organizer"},
        "resultsVisibility": "LIVE",
        "votingWindow": {"opensAt": "2017-03-22T08:00:00+08:00", "closesAt": "2017-03-31T18:00:00+08:00"},
        "rules": {"choices": {"minimum": 1, "maximum": 3}, "quota": {"limit": 1, "period": "DAY"}},
        "stages": [{"code": "WINNER", "name": {"zh": "获选", "en": "Winners"}, "seats": 1, "ties": ["LOT"]}],
    }


@pytest_asyncio.fixture(loop_scope="session")
async def organizer(desk_server: Server) -> AsyncIterator[Organizer]:
    """Somebody who runs all campaigns of the desk's server."""
    async with organizing(desk_server) as organizer:
        yield organizer


@asynccontextmanager
async def organizing(server: Server) -> AsyncIterator[Organizer]:
    """Somebody who runs all campaigns of a server."""
    async with aiohttp.ClientSession() as session:
        api, name = Client(session, server), "organizer of everything"
        token = await api.sign_in(name)
        viewer = (await api.data(VIEWER, token=token))["viewer"]["id"]
        done = await asyncio.to_thread(pingxuan, server.database_url, "grant", "ORGANIZER", viewer)
        assert done.returncode == 0, done.stderr
        await asyncio.sleep(A_SECOND)
        yield Organizer(api, token, name)
