"""Does the experts' page leave nobody out: by eye or ear, in the dark, on a narrow phone, by the keyboard alone?"""

import pytest
from playwright.async_api import expect

from tests.browser.accessibility import grave
from tests.browser.desks import Organizer
from tests.browser.panels import Come, Reviewer, expert, panel_campaign, reviews

pytestmark = pytest.mark.browser


async def nothing_grave(visit: Reviewer, axe: str, where: str) -> None:
    """Nothing keeps anybody out, and nothing sticks out of a narrow phone."""
    await expect(visit.page.locator("#main[aria-busy]")).to_have_count(0)
    assert await grave(visit.page, axe) == [], where
    assert await visit.page.evaluate("document.documentElement.scrollWidth") <= 320, where


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "dark"), ("en-GB", "light")])
async def test_axe_finds_nothing_serious_on_any_view(
    come: Come, organizer: Organizer, axe: str, locale: str, scheme: str
) -> None:
    slug = await panel_campaign(organizer, f"seen-{scheme}")
    await expert(organizer, slug, f"sees everything {scheme}")
    visit = await come(locale, 320, color_scheme=scheme, reduced_motion="reduce")
    await visit.open()
    await nothing_grave(visit, axe, "signing in")
    await visit.sign_in(f"sees everything {scheme}")
    await expect(visit.page.locator(".panels > li")).to_have_count(1)
    await nothing_grave(visit, axe, "panels")
    await visit.go(f"#/{slug}")
    await expect(visit.page.locator(".reviews > li")).to_have_count(4)
    await nothing_grave(visit, axe, "projects")
    await visit.go(f"#/{slug}/1")
    await visit.touch("INNOVATION", "10")
    await visit.saved()
    await visit.submit()
    await visit.page.locator(".out summary").click()
    await nothing_grave(visit, axe, "a review that lacks a score")
    await visit.page.locator(".out button").first.click()
    await nothing_grave(visit, axe, "a reason")
    await visit.page.keyboard.press("Escape")
    await visit.go("#/no-such-campaign")
    await expect(visit.page.locator("#code")).to_be_visible()
    await nothing_grave(visit, axe, "not on a panel")


async def test_a_score_is_given_by_the_keyboard_alone(come: Come, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "keyed")
    token = await expert(organizer, slug, "keys alone")
    visit = await come(width=1280)
    await visit.open(f"#/{slug}/1")
    await visit.sign_in("keys alone")
    await visit.page.locator(".tiles input").first.focus()
    for key in ("ArrowRight", "ArrowRight", "Tab", "Tab"):
        await visit.page.keyboard.press(key)
    await visit.page.keyboard.type("9.5")
    await visit.saved()
    scores = (await reviews(organizer, token, slug))[1]["scores"]
    assert {one["criterion"]: float(one["score"]) for one in scores} == {"INNOVATION": 2, "EFFECT": 9.5}
