"""What do tests of the experts' page do? What experts do there, and what an organizer has done before they come."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.desks import CREATE, PRESENT, PUT, Organizer, campaign_input
from tests.browser.visits import Visit, go_to
from tests.browser.voting import SIZES
from tests.servers import Server

INVITE = """mutation Invite($campaign: String!, $invitations: [ExpertInvitation!]!) {
  inviteExperts(campaign: $campaign, invitations: $invitations) { invitations { code } problems { message } } }"""
ACCEPT = "mutation Accept($code: String) { acceptInvitation(code: $code) { expert { id } problems { message } } }"
SAVE = """mutation Save($project: ID!, $input: ReviewInput!) {
  saveReview(project: $project, input: $input) { review { revision } problems { message } } }"""
SUBMIT = "mutation Submit($project: ID!) { submitReview(project: $project) { review { state } problems { message } } }"
REVIEWS = """query Reviews($campaign: String) { viewer { reviews(campaign: $campaign) {
  state comment revision scores { criterion score } project { number } } } }"""
PANEL = {"opensAt": "2017-03-22T08:00:00+08:00", "closesAt": "2017-04-05T18:00:00+08:00"}
RUBRIC = [
    {
        "code": "INNOVATION",
        "name": {"zh": "创新性", "en": "Innovation"},
        "weight": "4",
        "minimum": "0",
        "maximum": "10",
        "step": "1",
        "anchors": [
            {"score": "3", "text": {"zh": "沿用已有做法", "en": "as others do it"}},
            {"score": "8", "text": {"zh": "首创，别处可以学", "en": "new, and others can learn from it"}},
        ],
    },
    {
        "code": "EFFECT",
        "name": {"zh": "实效", "en": "Effect"},
        "weight": "6",
        "minimum": "0",
        "maximum": "10",
        "step": "0.5",
    },
]


@dataclass
class Reviewer:
    """A visit to the experts' page."""

    request_info: Visit

    @property
    def page(self) -> Page:
        return self.request_info.page

    @property
    def saving(self) -> Locator:
        """The line that says whether what was typed is safe."""
        return self.page.locator(".foot .saving")

    async def open(self, address: str = "#/") -> None:
        await self.page.goto(f"{self.request_info.server.origin}/review{address}")
        await expect(self.page.locator("#waiting")).to_have_count(0)

    async def sign_in(self, name: str) -> None:
        await self.page.locator("#main #guest").fill(name)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator("#main #guest")).to_have_count(0)

    async def go(self, address: str) -> None:
        await go_to(self.page, address)

    async def touch(self, criterion: str, score: str) -> None:
        """Give a score by one touch."""
        await self.page.locator(f".tiles[data-criterion='{criterion}'] label", has_text=score).first.click()

    async def type(self, criterion: str, score: str) -> None:
        """Give a score of a long scale in digits."""
        await self.page.locator(f".digits[data-criterion='{criterion}'] input").fill(score)

    async def saved(self) -> None:
        await expect(self.saving).to_contain_text("✓")

    async def submit(self) -> None:
        await self.page.locator(".submit").click()

    async def another_tab(self) -> "Reviewer":
        """Another tab of the same browser; what goes wrong in it is written down with the rest."""
        visit = Visit(await self.page.context.new_page(), self.request_info.server, self.request_info.complaints)
        visit.instrumentation()
        return Reviewer(visit)


Come = Callable[..., Awaitable[Reviewer]]


@pytest_asyncio.fixture(loop_scope="session")
async def come(chromium: Browser, desk_server: Server) -> AsyncIterator[Come]:
    """Visits to the experts' page: any number, each in a browser of its own; nothing may have gone wrong in them."""
    reviewers: list[Reviewer] = []

    async def come(locale: str = "en-GB", width: int = 360, at: Server = desk_server, **more: Any) -> Reviewer:
        size = ViewportSize(width=width, height=SIZES[width])
        page = await (await chromium.new_context(viewport=size, locale=locale, **more)).new_page()
        reviewers.append(Reviewer(Visit(page, at)))
        reviewers[-1].request_info.instrumentation()
        return reviewers[-1]

    yield come
    for reviewer in reviewers:
        assert reviewer.request_info.troubled or reviewer.request_info.complaints == []


async def panel_campaign(organizer: Organizer, slug: str, numbers: Iterable[int] = range(1, 5), **more: Any) -> str:
    """A campaign with a panel that is open on the server's morning; more of its input may be given or replaced."""
    await organizer.do(CREATE, input=campaign_input(slug) | {"panel": PANEL, "criteria": RUBRIC} | more)
    projects = [
        {
            "number": number,
            "title": {"zh": f"{number}号作品", "en": f"Work {number}"},
            "organization": {"zh": f"{number}号单位", "en": f"Body {number}"},
            "summary": {"zh": "说明", "en": "What it is about."},
        }
        for number in numbers
    ]
    await organizer.do(PUT, campaign=slug, projects=projects)
    await organizer.do(PRESENT, campaign=slug)
    return slug


async def invited(organizer: Organizer, slug: str, name: str, **more: Any) -> str:
    """The code of an invitation."""
    variables = {"campaign": slug, "invitations": [{"name": name, **more}]}
    payload = (await organizer.api.data(INVITE, variables, organizer.token))["inviteExperts"]
    assert payload["problems"] == []
    return str(payload["invitations"][0]["code"])


async def expert(organizer: Organizer, slug: str, name: str) -> str:
    """Somebody on the panel, who signs in by this name; their token."""
    code = await invited(organizer, slug, name)
    token = await organizer.api.sign_in(name)
    payload = (await organizer.api.data(ACCEPT, {"code": code}, token))["acceptInvitation"]
    assert payload["problems"] == []
    return token


async def review(organizer: Organizer, token: str, project: str, innovation: str, effect: str) -> None:
    """A review that is submitted by a program."""
    scores = [{"criterion": "INNOVATION", "score": innovation}, {"criterion": "EFFECT", "score": effect}]
    for mutation, more in ((SAVE, {"input": {"scores": scores}}), (SUBMIT, {})):
        payload = await organizer.api.data(mutation, {"project": project, **more}, token)
        assert next(iter(payload.values()))["problems"] == []


async def reviews(organizer: Organizer, token: str, slug: str) -> dict[int, Any]:
    """The reviews of whoever holds the token, by project."""
    viewer = (await organizer.api.data(REVIEWS, {"campaign": slug}, token))["viewer"]
    return {one["project"]["number"]: one for one in viewer["reviews"]}
