"""Is nothing lost that an expert has given: without a network, in two tabs, on two devices, or when the session ends?"""

import pytest
from playwright.async_api import Route, expect

from tests.browser.desks import Organizer
from tests.browser.panels import Come, Reviewer, expert, panel_campaign, reviews

pytestmark = pytest.mark.browser

EXPIRE = """() => { const kept = JSON.parse(localStorage["pingxuan:session"]);
  localStorage["pingxuan:session"] = JSON.stringify({ ...kept, token: "expired" }); }"""
HOUR = 3_600_000  # milliseconds
OFFLINE = "No network. It is kept on this device and sent once there is."


async def at(come: Come, name: str, address: str) -> Reviewer:
    """An expert at an address of the page."""
    visit = await come()
    await visit.open(address)
    await visit.sign_in(name)
    await expect(visit.page.locator(".foot")).to_be_visible()
    return visit


async def given(organizer: Organizer, token: str, slug: str, number: int = 1) -> dict[str, float]:
    """The scores of a review that are at the server."""
    scores = (await reviews(organizer, token, slug))[number]["scores"]
    return {score["criterion"]: float(score["score"]) for score in scores}


async def test_scores_given_without_a_network_are_sent_once_there_is(come: Come, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "offline")
    token = await expert(organizer, slug, "on a train")
    visit = await at(come, "on a train", f"#/{slug}/1")
    visit.request_info.troubled = True
    await visit.page.context.set_offline(True)
    await visit.touch("INNOVATION", "7")
    await visit.page.locator("#comment").fill("在火车上写的")
    await expect(visit.saving).to_contain_text(OFFLINE)
    await visit.page.get_by_role("link", name="Next").click()
    await expect(visit.page.locator("h1")).to_have_text("Work 2")
    await visit.touch("INNOVATION", "4")
    await visit.page.locator(".submit").click()
    await expect(visit.page.locator("#c-EFFECT .problem")).to_have_text("Please score “Effect”.")
    await visit.type("EFFECT", "6.5")
    await visit.submit()
    await expect(visit.page.locator(".notice")).to_contain_text("The server cannot be reached now.")
    await visit.page.get_by_role("link", name="All projects").click()
    await expect(visit.page.locator(".unsent")).to_have_count(2)
    await visit.page.context.set_offline(False)
    await visit.go(f"#/{slug}/2")
    await visit.saved()
    await visit.submit()
    await expect(visit.page.locator(".state .chip")).to_have_text("Submitted")
    await visit.go(f"#/{slug}/1")
    await visit.saved()
    assert await given(organizer, token, slug, 1) == {"INNOVATION": 7}
    assert await given(organizer, token, slug, 2) == {"INNOVATION": 4, "EFFECT": 6.5}


async def test_what_was_given_before_the_tab_was_closed_is_sent_by_the_next(come: Come, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "closing")
    token = await expert(organizer, slug, "closes too early")
    visit = await at(come, "closes too early", f"#/{slug}/1")
    visit.request_info.troubled = True

    async def fail(route: Route) -> None:
        await route.abort()

    await visit.page.route("**/graphql", fail)
    await visit.touch("INNOVATION", "9")
    await expect(visit.saving).to_contain_text("No answer came. It is kept on this device")
    later = await visit.another_tab()
    await visit.page.close()
    await later.open(f"#/{slug}/1")
    await later.saved()
    await expect(later.page.locator(".tiles input:checked")).to_have_value("9")
    assert await given(organizer, token, slug) == {"INNOVATION": 9}


async def test_two_tabs_put_together_what_each_has_given(come: Come, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "tabbed")
    token = await expert(organizer, slug, "two tabs")
    visit = await at(come, "two tabs", f"#/{slug}/1")
    other = await visit.another_tab()
    await other.open(f"#/{slug}/1")
    await expect(other.page.locator(".foot")).to_be_visible()
    await visit.touch("INNOVATION", "6")
    await visit.saved()
    await expect(other.page.locator(".tiles input:checked")).to_have_value("6")
    await other.type("EFFECT", "3.5")
    await expect(other.page.locator(".state .chip")).to_have_text("Draft")
    await other.saved()
    await visit.page.locator("#comment").fill("从另一个标签页")
    await visit.saved()
    await expect(visit.page.locator(".digits input")).to_have_value("3.5")
    known = (await reviews(organizer, token, slug))[1]
    assert known["comment"] == "从另一个标签页"
    assert await given(organizer, token, slug) == {"INNOVATION": 6, "EFFECT": 3.5}


@pytest.mark.parametrize(("button", "score"), [("Keep what is here", 5), ("Take the other", 2)])
async def test_of_two_devices_the_slower_is_asked_which_score_shall_stand(
    come: Come, organizer: Organizer, button: str, score: int
) -> None:
    slug = await panel_campaign(organizer, f"devices-{score}")
    token = await expert(organizer, slug, "two devices")
    phone, desk = [await at(come, "two devices", f"#/{slug}/1") for _ in range(2)]
    phone.request_info.troubled = True
    await phone.page.context.set_offline(True)
    await phone.touch("INNOVATION", "5")
    await phone.page.locator("#comment").fill("on the phone")
    await expect(phone.saving).to_contain_text(OFFLINE)
    await desk.touch("INNOVATION", "2")
    await desk.saved()
    await phone.page.context.set_offline(False)
    await expect(phone.saving).to_contain_text("you have changed the following elsewhere, too")
    assert await phone.page.locator(".conflict tbody tr").all_inner_texts() == ["Innovation\t5\t2"]
    await phone.page.get_by_role("button", name=button).click()
    await phone.saved()
    assert await given(organizer, token, slug) == {"INNOVATION": score}
    assert (await reviews(organizer, token, slug))[1]["comment"] == "on the phone"


async def test_scores_outlive_the_session_for_whoever_gave_them_alone(come: Come, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "sessions")
    token, other = [await expert(organizer, slug, name) for name in ("comes back", "comes instead")]
    visit = await at(come, "comes back", f"#/{slug}/1")
    await visit.page.evaluate(EXPIRE)
    await visit.touch("INNOVATION", "1")
    await expect(visit.page.locator(".notice")).to_contain_text("Your session is over")
    await visit.sign_in("comes instead")
    await expect(visit.page.locator(".foot .saving")).to_have_text("Nothing given yet.")
    await visit.page.get_by_role("button", name="Sign out").click()
    await visit.sign_in("comes back")
    await visit.saved()
    assert await given(organizer, token, slug) == {"INNOVATION": 1}
    assert await given(organizer, other, slug) == {}


async def test_the_form_locks_itself_at_the_deadline_unless_that_was_moved(come: Come, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "locking")
    await expert(organizer, slug, "still typing")
    visit = await come()
    await visit.page.clock.install()
    closes, asked = ["2017-04-20T18:00:00+08:00"], []

    async def later(route: Route) -> None:
        if "query Times" not in (route.request.post_data or ""):
            return await route.fallback()
        asked.append(closes[0])
        panel = {"opensAt": "2017-03-22T08:00:00+08:00", "closesAt": closes[0]}
        campaign = {"serverTime": "2017-04-06T08:00:00+08:00", "panel": panel, "stages": []}
        return await route.fulfill(json={"data": {"campaign": campaign}})

    await visit.page.route("**/graphql", later)
    await visit.open(f"#/{slug}/1")
    await visit.sign_in("still typing")
    await visit.touch("INNOVATION", "8")
    await visit.saved()
    await visit.page.clock.fast_forward(400 * HOUR)  # beyond the deadline, which was moved meanwhile
    while not asked:
        await visit.page.clock.run_for(1000)
    await expect(visit.page.locator("#comment")).to_be_enabled()
    closes[0] = "2017-04-05T18:00:00+08:00"
    await visit.page.clock.fast_forward(400 * HOUR)
    await expect(visit.page.locator("#comment")).to_be_disabled()
    await expect(visit.page.locator(".state")).to_contain_text("Reviewing is closed.")
    await expect(visit.page.locator(".submit")).to_have_count(0)
    await expect(visit.page.locator(".tiles input:checked")).to_have_value("8")
