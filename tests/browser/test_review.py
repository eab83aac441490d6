"""Can an expert accept, score, submit and revise on a phone, and abstain or recuse with a reason?"""

import pytest
from playwright.async_api import expect

from tests.browser.desks import Organizer
from tests.browser.panels import Come, expert, invited, panel_campaign, reviews

pytestmark = pytest.mark.browser


async def test_an_invitation_is_accepted_by_its_link_and_its_code_reaches_no_log(
    come: Come, organizer: Organizer
) -> None:
    slug = await panel_campaign(organizer, "inviting")
    code = await invited(organizer, slug, "Li Ming")
    visit = await come()
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    await visit.open(f"#code={code}")
    await expect(visit.page.get_by_text("You are invited to a panel of experts.")).to_be_visible()
    assert code not in visit.page.url
    await visit.sign_in("an invited expert")
    await expect(visit.page.locator("h1")).to_have_text(f"Selection {slug}")
    await expect(visit.page.locator(".notice")).to_contain_text("Welcome, Li Ming.")
    await expect(visit.page.locator(".progress")).to_contain_text("0 of 4 done")
    assert not [url for url in asked if code in url]
    again = await come()
    await again.open(f"#code={code}")
    await again.sign_in("somebody else")
    await expect(again.page.locator(".notice")).to_be_visible()
    await expect(again.page.get_by_role("heading", name="Your reviews")).to_be_visible()


async def test_a_project_is_scored_by_touch_submitted_and_revised(come: Come, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "scoring")
    token = await expert(organizer, slug, "scorer")
    visit = await come(width=320)
    await visit.open(f"#/{slug}/2")
    await visit.sign_in("scorer")
    await expect(visit.page.locator("h1")).to_have_text("Work 2")
    await visit.touch("INNOVATION", "8")
    await expect(visit.page.locator(".anchors .held")).to_contain_text("new, and others can learn from it")
    await visit.saved()
    await visit.submit()
    await expect(visit.page.locator("#c-EFFECT .problem")).to_have_text("Please score “Effect”.")
    assert (await reviews(organizer, token, slug))[2]["state"] == "DRAFT"
    await visit.type("EFFECT", "7.5")
    await expect(visit.page.locator("#c-EFFECT .problem")).to_be_empty()
    await visit.page.locator("#comment").fill("做得扎实")
    await visit.submit()
    await expect(visit.page.locator(".state .chip")).to_have_text("Submitted")
    known = (await reviews(organizer, token, slug))[2]
    assert (known["state"], known["comment"]) == ("SUBMITTED", "做得扎实")
    await visit.page.locator(".digits button").last.click()
    await visit.saved()
    known = (await reviews(organizer, token, slug))[2]
    assert known["state"] == "SUBMITTED"
    assert {one["criterion"]: float(one["score"]) for one in known["scores"]} == {"INNOVATION": 8, "EFFECT": 8}
    await visit.page.get_by_role("link", name="Next to do").click()
    await expect(visit.page.locator("h1")).to_have_text("Work 3")
    await visit.page.get_by_role("link", name="All projects").click()
    await expect(visit.page.locator(".progress")).to_contain_text("1 of 4 done")


async def test_abstaining_and_recusing_ask_for_a_reason_and_are_no_scores(come: Come, organizer: Organizer) -> None:
    slug = await panel_campaign(organizer, "leaving")
    token = await expert(organizer, slug, "leaver")
    visit = await come("zh-CN")
    await visit.open(f"#/{slug}/1")
    await visit.sign_in("leaver")
    dialog = visit.page.get_by_role("dialog")
    for number, name in ((1, "弃评"), (2, "回避")):
        await visit.go(f"#/{slug}/{number}")
        await expect(visit.page.locator("h1")).to_have_text(f"{number}号作品")
        await visit.page.locator(".out summary").click()
        await visit.page.locator(".out").get_by_role("button", name=name, exact=True).click()
        await dialog.locator("button.main").click()
        await expect(dialog.get_by_role("alert")).to_have_text("请写明理由。")
        await dialog.locator("#reason").fill("是本单位的项目")
        await dialog.locator("button.main").click()
        await expect(dialog).to_have_count(0)
    await visit.go(f"#/{slug}")
    await expect(visit.page.locator(".progress")).to_contain_text("已完成 1／3")
    known = await reviews(organizer, token, slug)
    assert [known[number]["state"] for number in (1, 2, 3)] == ["ABSTAINED", "RECUSED", "NOT_BEGUN"]
