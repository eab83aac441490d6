"""Is nothing lost that somebody has typed at the desk: when the session ends, the network fails, or two people edit?"""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.browser.desks import Desk, Organizer, Sit

pytestmark = pytest.mark.browser

EXPIRE = """() => { const kept = JSON.parse(localStorage["pingxuan:session"]);
  localStorage["pingxuan:session"] = JSON.stringify({ ...kept, token: "expired" }); }"""
KEPT = "Changes that were not saved last time are still here."
OVER = "Your session is over: please sign in again. What you have typed is kept."


async def at(sit: Sit, organizer: Organizer, address: str, **more: Any) -> Desk:
    """The organizer at an address of the desk."""
    desk = await sit(**more)
    await desk.open(address)
    await desk.sign_in(organizer.name)
    await expect(desk.page.locator("#main h1")).to_be_visible()
    await expect(desk.page.locator("#main #guest")).to_have_count(0)
    return desk


async def signed_in_again(desk: Desk, organizer: Organizer) -> None:
    """The session was found to be over; the same person comes back."""
    await expect(desk.page.locator(".notice")).to_have_text(OVER)
    await desk.sign_in(organizer.name)
    await expect(desk.page.locator("#main #guest")).to_have_count(0)


async def test_a_new_campaign_outlives_its_session(sit: Sit, organizer: Organizer) -> None:
    desk = await at(sit, organizer, "#/new", width=360)
    await desk.fill(slug="outliving")
    await desk.choose(languages="zh en")
    await desk.fill(title_zh="评选", title_en="A long title", rules_choices_maximum="7")
    await desk.fill(title_zh="改了的评选")
    await desk.page.evaluate(EXPIRE)
    await desk.page.reload()
    await signed_in_again(desk, organizer)
    await expect(desk.page.get_by_text(KEPT)).to_be_visible()
    for name, value in {
        "slug": "outliving",
        "title-zh": "改了的评选",
        "title-en": "A long title",
        "rules-choices-maximum": "7",
    }.items():
        await expect(desk.page.locator(f"#f-{name}")).to_have_value(value)
    await desk.press("Discard them")
    await expect(desk.page.locator("#f-slug")).to_have_value("")
    await expect(desk.page.get_by_text(KEPT)).to_have_count(0)


async def test_what_was_changed_outlives_the_session(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("expiring", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}/settings")
    await desk.page.evaluate(EXPIRE)
    await desk.fill(title_en="Typed too late")
    await desk.press("Save settings")
    await signed_in_again(desk, organizer)
    await expect(desk.page.locator("#f-title-en")).to_have_value("Typed too late")
    await desk.press("Save settings")
    await expect(desk.page.locator(".notice")).to_have_text("Saved.")
    await desk.go(f"#/campaign/{slug}/candidates")
    await desk.page.locator("[data-number='2'] .edit").click()
    await desk.page.evaluate(EXPIRE)
    await desk.fill(title_en="A better work")
    await signed_in_again(desk, organizer)
    await expect(desk.page.locator("[data-number='2']")).to_contain_text("A better work")


async def test_a_reason_outlives_the_session_and_not_what_it_was_for(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("reasons")
    desk = await at(sit, organizer, f"#/campaign/{slug}", width=360)
    await desk.page.evaluate(EXPIRE)
    await desk.act("Pause voting", reason_zh="停电了", reason_en="No power")
    await signed_in_again(desk, organizer)
    await desk.press("Pause voting")
    await expect(desk.dialog.locator("#f-reason-en")).to_have_value("No power")
    await desk.dialog.locator("button.main").click()
    await desk.done()
    await desk.act("Resume voting", reason_zh="来电了")
    await desk.done()
    await desk.press("Pause voting")
    await expect(desk.dialog.locator("#f-reason-en")).to_have_value("")


async def test_without_an_answer_the_desk_says_so_and_goes_on_when_asked(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("unanswered", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}/settings")
    desk.request_info.troubled = True

    fails = asyncio.Event()
    fails.set()

    async def fail(route: Route) -> None:
        await fails.wait()
        await route.abort()

    await desk.fill(title_en="On a train")
    await desk.page.route("**/graphql", fail)
    await desk.press("Save settings")
    await expect(desk.page.get_by_text("it is not known whether this was done")).to_be_visible()
    fails.clear()
    await desk.page.evaluate(f"location.hash = '#/campaign/{slug}/people'")
    await expect(desk.page.locator("#main[aria-busy]")).to_be_visible()
    fails.set()
    await expect(desk.page.get_by_text("No answer came from the server.")).to_be_visible()
    await desk.page.context.set_offline(True)
    await desk.press("Try again")
    await expect(
        desk.page.get_by_text("There is no network at the moment. What you have typed is kept")
    ).to_be_visible()
    await desk.page.context.set_offline(False)
    await desk.page.unroute("**/graphql")
    await desk.press("Try again")
    await expect(desk.page.get_by_role("button", name="Grant a role")).to_be_visible()
    await desk.go(f"#/campaign/{slug}/settings")
    await expect(desk.page.locator("#f-title-en")).to_have_value("On a train")


async def test_the_slower_of_two_desks_is_told_before_it_overwrites(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("tabs", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}/settings")
    other = await at(sit, organizer, f"#/campaign/{slug}/settings")
    await other.fill(title_en="Faster")
    await other.press("Save settings")
    await expect(other.page.locator(".notice")).to_have_text("Saved.")
    await desk.fill(title_en="Slower")
    await desk.press("Save settings")
    await expect(desk.dialog.locator("dd")).to_have_text(["Title of the selection"] * 3)
    await desk.press("Cancel", desk.dialog)
    await desk.page.reload()
    await expect(desk.page.locator("#f-title-en")).to_have_value("Slower")
    await desk.press("Save settings")
    await desk.press("Take theirs, discard mine", desk.dialog)
    await expect(desk.page.locator("#f-title-en")).to_have_value("Faster")
