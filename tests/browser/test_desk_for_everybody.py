"""Does the desk leave nobody out: by eye or ear, in the dark, on a narrow phone, by the keyboard alone?"""

import pytest
from playwright.async_api import expect

from tests.browser.accessibility import grave
from tests.browser.deciding import at, stage, voted
from tests.browser.desks import Desk, Organizer, Sit
from tests.browser.panels import PANEL, RUBRIC, expert
from tests.servers import Server

WORDS = {
    "zh-CN": {"edit": "编辑", "paste": "粘贴表格", "close": "关闭", "pause": "暂停投票", "grant": "授予权限"},
    "en-GB": {
        "edit": "Edit",
        "paste": "Paste a table",
        "close": "Close",
        "pause": "Pause voting",
        "grant": "Grant a role",
    },
}
VIEWS = ["", "/candidates", "/settings", "/selection", "/suspicions", "/files", "/people", "/trail"]


async def nothing_grave(desk: Desk, axe: str, where: str) -> None:
    """Nothing keeps anybody out, and nothing sticks out of a narrow phone."""
    await expect(desk.page.locator("#main[aria-busy]")).to_have_count(0)
    assert await grave(desk.page, axe) == [], where
    assert await desk.page.evaluate("document.documentElement.scrollWidth") <= 320, where


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "light"), ("en-GB", "dark")])
async def test_axe_finds_nothing_serious_on_any_view(
    sit: Sit, organizer: Organizer, axe: str, locale: str, scheme: str
) -> None:
    slug = await organizer.campaign(f"seen-{scheme}")
    draft = await organizer.campaign(f"draft-{scheme}", presented=False)
    words = WORDS[locale]
    desk = await sit(locale, 320, color_scheme=scheme, reduced_motion="reduce")
    await desk.open()
    await nothing_grave(desk, axe, "signing in")
    await desk.sign_in("nobody in particular")
    await expect(desk.page.locator("#viewer-id")).to_be_visible()
    await nothing_grave(desk, axe, "without a role")
    await desk.page.locator("#main button").last.click()
    await desk.sign_in(organizer.name)
    await expect(desk.page.locator(".campaigns > li").first).to_be_visible()
    await nothing_grave(desk, axe, "the list")
    for address in [f"#/campaign/{slug}{view}" for view in VIEWS] + [
        f"#/campaign/{draft}",
        "#/new",
        f"#/new/{slug}",
        "#/me",
    ]:
        before = await desk.page.title()
        await desk.go(address)
        await desk.page.wait_for_function("(before) => document.title !== before", arg=before)
        await nothing_grave(desk, axe, address)
    await desk.go(f"#/campaign/{draft}/candidates")
    await desk.page.locator(".edit").first.click()
    await desk.page.locator(".editor summary").click()
    await nothing_grave(desk, axe, "a candidate")
    await desk.press(words["paste"])
    await desk.page.locator("#pasted").fill("8\tEight")
    await nothing_grave(desk, axe, "a table")
    await desk.dialog.get_by_role("link", name=words["close"]).click()
    await desk.go(f"#/campaign/{slug}")
    await desk.press(words["pause"])
    await desk.dialog.locator("button.main").click()
    await nothing_grave(desk, axe, "an act without its reason")


@pytest.mark.browser
async def test_an_act_is_done_by_the_keyboard_alone(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("keys")
    desk = await sit(width=360)
    await desk.open(f"#/campaign/{slug}")
    await desk.sign_in(organizer.name)
    press = desk.page.keyboard.press
    pause = desk.page.get_by_role("button", name="Pause voting")
    await expect(pause).to_be_visible()
    for _ in range(30):
        if await pause.evaluate("(button) => button === document.activeElement"):
            break
        await press("Tab")
    await press("Enter")
    assert await desk.page.evaluate("document.activeElement.id") == "dialog-title"
    await press("Escape")
    await desk.done()
    await expect(pause).to_be_focused()
    await press("Enter")
    for _ in range(2):
        await press("Tab")
    await desk.page.keyboard.type("停电")
    for _ in range(2):
        await press("Tab")
    await press("Enter")
    await desk.done()
    await expect(desk.page.locator(".head .phase")).to_have_text("Voting is paused")


@pytest.mark.browser
@pytest.mark.parametrize("look", [("zh-CN", "dark"), ("en-GB", "light")])
async def test_axe_finds_nothing_serious_where_a_stage_is_decided(
    sit: Sit, organizer: Organizer, closed: Server, axe: str, look: tuple[str, str]
) -> None:
    locale, scheme = look
    lead = stage("PASS", 1, "PUBLIC_VOTE", "RECORDED_DECISION")
    slug = await voted(organizer, f"decided-{scheme}", {1: 1, 2: 1, 3: 0}, lead, panel=PANEL, criteria=RUBRIC)
    await expert(organizer, slug, f"an expert in the {scheme}")
    address = f"#/campaign/{slug}/panel"
    desk = await at(sit, organizer, address, at=closed, locale=locale, width=320, color_scheme=scheme)
    await desk.page.locator("details.group > summary").last.click()
    await nothing_grave(desk, axe, "the panel")
    await desk.page.locator("section .row .main").first.click()
    await desk.dialog.locator("button.main").click()
    await nothing_grave(desk, axe, "an invitation without a name")
    await desk.page.keyboard.press("Escape")
    await desk.go(f"#/campaign/{slug}/selection")
    await desk.page.locator(".planning button").first.click()
    await expect(desk.page.locator(".tie")).to_be_visible()
    await nothing_grave(desk, axe, "a tie that waits")
