"""Can an organizer run a panel from the desk: invite, remind, assign, declare conflicts, drop, extend, and read the scores?"""

import pytest
from playwright.async_api import expect

from tests.browser.deciding import at
from tests.browser.desks import Organizer, Sit
from tests.browser.panels import ACCEPT, expert, panel_campaign, review
from tests.servers import serving

pytestmark = pytest.mark.browser
AFTER = "2017-04-06T09:00:00+08:00"  # the panel has closed


async def test_experts_are_invited_by_lines_and_their_codes_are_shown_once(sit: Sit, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "invited")
    desk = await at(sit, organizer, f"#/campaign/{slug}/panel", width=360)
    await desk.press("Invite experts")
    await desk.fill(people="Li Ming, Fudan\nWang Fang\tTongji\n" + "x" * 500)
    await desk.dialog.locator("button.main").first.click()
    await expect(desk.dialog.locator("#f-people-problem")).to_contain_text("Line 3: ")
    await desk.fill(people="Li Ming, Body 2, not 3\nWang Fang\tTongji\nZhao, email=zhao@example.org")
    await desk.press("Try it (invites nobody)", desk.dialog)
    await expect(desk.dialog.locator(".tried li").first).to_have_text("Li Ming will not review 2, 3")
    await expect(desk.dialog.locator(".tried li")).to_have_count(3)
    await desk.dialog.locator("button.main").first.click()
    await expect(desk.dialog.get_by_role("heading", name="Codes of the invitations")).to_be_visible()
    codes = await desk.dialog.locator("code.code").all_inner_texts()
    assert len(set(codes)) == 2
    assert "without a code" in await desk.dialog.locator(".codes li").nth(2).inner_text()
    await desk.press("I have kept them", desk.dialog)
    await desk.done()
    assert codes[0] not in await desk.page.content()
    token = await organizer.api.sign_in("invited from the desk")
    assert (await organizer.api.data(ACCEPT, {"code": codes[0]}, token))["acceptInvitation"]["problems"] == []
    await desk.page.reload()
    await expect(desk.page.locator("[data-expert='1'] .chip")).to_have_text("On the panel")
    await expect(desk.page.locator("[data-expert='2'] .chip")).to_have_text("Not accepted yet")
    await expect(desk.page.locator(".reminders li")).to_have_text(
        [
            "Li Ming: 2 not submitted",
            "Wang Fang: invitation not accepted",
            "Zhao: invitation not accepted",
        ]
    )


async def test_projects_are_assigned_once_they_were_tried(sit: Sit, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "assigning")
    for name in ("one", "two"):
        await expert(organizer, slug, f"{name} who is assigned")
    desk = await at(sit, organizer, f"#/campaign/{slug}/panel")
    await desk.page.locator("summary", has_text="Assign projects").click()
    await desk.fill(perProject="3", mostPerExpert="2")
    await desk.press("Try it (nothing is stored)")
    await expect(
        desk.page.locator("details .problem:not(:empty), details [role=status] .problem").first
    ).to_be_visible()
    await desk.fill(perProject="1", mostPerExpert="2")
    await desk.press("Try it (nothing is stored)")
    await expect(desk.page.locator("caption", has_text="nothing is stored yet")).to_be_visible()
    await expect(desk.page.locator("[data-expert='1']")).to_contain_text("0 of 4 done")
    await desk.press("Assign like this")
    await expect(desk.page.locator("[data-expert='1']")).to_contain_text("0 of 2 done")


async def test_a_conflict_a_dropped_expert_and_a_later_deadline_are_on_the_page(sit: Sit, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "managing")
    await expert(organizer, slug, "conflicted")
    await expert(organizer, slug, "unwell")
    desk = await at(sit, organizer, f"#/campaign/{slug}/panel")
    await desk.press("Declare a conflict conflicted")
    await desk.dialog.locator("#f-project").select_option(f"project/{slug}/3")
    await desk.dialog.locator("#f-reason").fill("她的学生办的")
    await desk.dialog.locator("button.main").click()
    await desk.done()
    await expect(desk.page.locator("[data-expert='1']")).to_contain_text("1 recused")
    await desk.press("Drop expert unwell")
    await desk.dialog.locator("#f-reason-zh").fill("生病")
    await desk.dialog.locator("button.main").first.click()
    await desk.done()
    await expect(desk.page.locator("[data-expert='2'] .chip")).to_have_text("Dropped")
    await desk.press("Extend the deadline")
    await desk.dialog.locator("#f-closesAt").fill("2017-04-01T12:00")
    await desk.dialog.locator("#f-reason-zh").fill("补评")
    await desk.dialog.locator("button.main").click()
    await expect(desk.dialog.locator("#f-closesAt-problem")).not_to_be_empty()
    await desk.dialog.locator("#f-closesAt").fill("2017-04-08T12:00")
    await desk.dialog.locator("button.main").click()
    await desk.done()
    await expect(desk.page.get_by_text("until 8 April 2017 at 12:00")).to_be_visible()


async def test_scores_are_seen_once_the_deadline_has_passed(sit: Sit, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "scored", [1, 2, 3])
    tokens = [await expert(organizer, slug, f"scorer {n}") for n in range(3)]
    for token, innovation in zip(tokens, ("9", "8", "4"), strict=True):
        await review(organizer, token, f"project/{slug}/1", innovation, "8")
        await review(organizer, token, f"project/{slug}/2", "5", "5.5")
        await review(organizer, token, f"project/{slug}/3", "6", innovation)
    desk = await at(sit, organizer, f"#/campaign/{slug}/panel")
    await expect(desk.page.locator("[data-expert='3']")).to_contain_text("3 submitted")
    assert await desk.page.locator(".scores").count() == 0
    await expect(desk.page.locator("[data-project='1']")).to_contain_text("3 of 3")
    with serving(organizer.api.server.database_url, clock=AFTER) as later:
        desk = await at(sit, organizer, f"#/campaign/{slug}/panel", at=later, width=360)
        rows = desk.page.locator(".scores tbody tr")
        await expect(rows.first).to_contain_text("1 Work 1")
        assert (await rows.first.locator("td").all_inner_texts())[:4] == ["76", "3", "76", "80"]
        await expect(desk.page.get_by_text("Agreement of 3 experts about 3 projects: ")).to_be_visible()
        await desk.press("Show all reviews")
        await expect(desk.page.locator(".all-reviews li").first).to_contain_text("Innovation 9, Effect 8 = 84")
