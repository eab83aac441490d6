"""What do tests of the selection step do at the desk? What an organizer does once voting has closed."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.desks import CREATE, PRESENT, PUT, Desk, Organizer, Sit, campaign_input
from tests.servers import Server, project_ids, serving

PLAN = """mutation Plan($campaign: String!, $stage: String!) {
  planSelection(campaign: $campaign, stage: $stage) { plan { digest } problems { message } } }"""
COMMIT = """mutation Commit($campaign: String!, $stage: String!, $digest: String!) {
  commitSelection(campaign: $campaign, stage: $stage, digest: $digest) { problems { message } } }"""
ANNOUNCE = """mutation Announce($campaign: String!, $stage: String!, $until: DateTime!) {
  announceSelection(campaign: $campaign, stage: $stage, objectionsUntil: $until) { problems { message } } }"""
CLOSED = "2017-04-01T09:00:00+08:00"  # the morning after voting closed


async def at(sit: Sit, organizer: Organizer, address: str, **more: Any) -> Desk:
    """The organizer at an address of the desk."""
    desk = await sit(**more)
    await desk.open(address)
    await desk.sign_in(organizer.name)
    await expect(desk.page.locator("#main h1")).to_be_visible()
    await expect(desk.page.locator("#main #guest")).to_have_count(0)
    return desk


def stage(code: str, seats: int, kind: str, *ties: str, **more: Any) -> dict[str, Any]:
    """A stage as the API takes it."""
    names = {"zh": f"阶段{code}", "en": f"Stage {code}"}
    return {"code": code, "name": names, "seats": seats, "kind": kind, "ties": list(ties), **more}


async def voted(organizer: Organizer, slug: str, votes: dict[int, int], *stages: dict[str, Any], **more: Any) -> str:
    """A campaign in which every project has so many votes."""
    await organizer.do(CREATE, input=campaign_input(slug) | {"stages": list(stages), **more})
    projects = [{"number": n, "title": {"zh": f"{n}号作品", "en": f"Work {n}"}} for n in votes]
    await organizer.do(PUT, campaign=slug, projects=projects)
    await organizer.do(PRESENT, campaign=slug)
    for number, count in votes.items():
        for voter in range(count):
            token = await organizer.api.sign_in(f"{slug} {number} {voter}")
            await organizer.api.cast(token, campaign=slug, projectIds=project_ids([number], slug))
    return slug


@pytest.fixture(scope="module")
def closed(desk_server: Server) -> Iterator[Server]:
    """The same database, the morning after voting closed."""
    with serving(desk_server.database_url, clock=CLOSED) as server:
        yield server


async def computed(desk: Desk, name: str = "Compute the outcome") -> None:
    """Have the outcome computed; it is seen, and nothing is stored."""
    await desk.press(name)
    await expect(desk.page.get_by_role("heading", name="Computed outcome, not stored yet")).to_be_visible()


async def decide(desk: Desk, name: str = "Decide") -> None:
    """Store the outcome that is seen."""
    await desk.page.locator(".commit").click()
    await expect(desk.dialog).to_be_visible()
    await desk.dialog.get_by_role("button", name=name, exact=True).click()
    await desk.done()


async def announced(organizer: Organizer, slug: str, code: str, until: str) -> None:
    """Have a stage decided and announced by a program."""
    stage = {"campaign": slug, "stage": code}
    planned = (await organizer.api.data(PLAN, stage, organizer.token))["planSelection"]
    assert planned["problems"] == []
    await organizer.do(COMMIT, **stage, digest=planned["plan"]["digest"])
    await organizer.do(ANNOUNCE, **stage, until=until)
