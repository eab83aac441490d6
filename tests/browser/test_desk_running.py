"""Can an organizer run a vote from the desk: pause, extend, withdraw, and never write over somebody else's changes?"""

import pytest
from playwright.async_api import Route, expect

from tests.browser.desks import AMEND, PUT, Desk, Organizer, Sit
from tests.browser.voting import speak

PAUSED = "{ campaign(slug: %s) { phase pauses { reason } extensions { closesAt reason } } }"
STANDING = "{ projects(campaign: %s, first: 10) { nodes { number standing standingReason } } }"
NOTED = 'sessionStorage["pingxuan:signed-in"]'
LONG_AGO = f"""() => {{ const noted = JSON.parse({NOTED});
  {NOTED} = JSON.stringify({{ ...noted, at: noted.at - 301000 }}); }}"""
REASON = "The power is out in two districts."


async def at(sit: Sit, organizer: Organizer, address: str, *, width: int = 1280) -> Desk:
    """The organizer at an address of the desk."""
    desk = await sit(width=width)
    await desk.open(address)
    await desk.sign_in(organizer.name)
    await expect(desk.page.locator("#main h1")).to_be_visible()
    await expect(desk.page.locator("#main #guest")).to_have_count(0)
    return desk


@pytest.mark.browser
async def test_voting_is_paused_resumed_and_extended_each_with_its_reason(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("running")
    desk = await at(sit, organizer, f"#/campaign/{slug}", width=360)
    phase = desk.page.locator(".head .phase")
    await desk.press("Pause voting")
    await desk.dialog.locator("button.main").click()
    await expect(desk.dialog.get_by_role("alert")).to_have_text("Please fill in: Reason.")
    await desk.dialog.locator("#f-reason-zh").fill("停电")
    await desk.dialog.locator("#f-reason-en").fill(REASON)
    await desk.dialog.locator("button.main").click()
    await desk.done()
    await expect(phase).to_have_text("Voting is paused")
    await desk.act("Resume voting", reason_zh="来电了")
    await desk.done()
    await expect(phase).to_have_text("Voting is open")
    await desk.act("Extend voting", reason_zh="补足停电的时间", closesAt="2017-03-30T12:00")
    await expect(desk.dialog.locator("#f-closesAt-problem")).not_to_be_empty()
    await desk.dialog.locator("#f-closesAt").fill("2017-04-02T12:00")
    await desk.dialog.locator("button.main").click()
    await desk.done()
    await expect(desk.page.get_by_text("Closing moved from")).to_be_visible()
    known = (await organizer.api.data(PAUSED % f'"{slug}"', language="en"))["campaign"]
    assert known["phase"] == "VOTING"
    assert [pause["reason"] for pause in known["pauses"]] == [REASON]
    assert [one["closesAt"] for one in known["extensions"]] == ["2017-04-02T12:00:00+08:00"]
    await desk.go(f"#/campaign/{slug}/trail")
    await expect(desk.page.locator(".trail b").first).to_have_text("Voting extended")


@pytest.mark.browser
async def test_a_candidate_is_withdrawn_after_signing_in_again_by_the_same_person_alone(
    sit: Sit, organizer: Organizer
) -> None:
    slug = await organizer.campaign("withdrawing")
    desk = await at(sit, organizer, f"#/campaign/{slug}/candidates")
    await desk.page.evaluate(LONG_AGO)
    row = desk.page.locator("[data-number='2']")
    await row.locator("summary").click()
    await row.get_by_role("button", name="Withdraw candidate").click()
    await expect(desk.dialog.get_by_text("“Work 2” is shown as withdrawn")).to_be_visible()
    await desk.dialog.locator("#f-reason-zh").fill("本人申请撤回")
    await desk.dialog.locator("#f-replacement").select_option("LEAVE_VACANT")
    await desk.dialog.locator("button.main").first.click()
    await desk.sign_in(organizer.name, ".dialog")
    await desk.done()
    await expect(row.locator(".standing")).to_have_text("Withdrawn")
    nodes = (await organizer.api.data(STANDING % f'"{slug}"', language="zh"))["projects"]["nodes"]
    assert [node["standing"] for node in nodes] == ["STANDING", "WITHDRAWN", "STANDING", "STANDING"]
    assert nodes[1]["standingReason"] == "本人申请撤回"


@pytest.mark.browser
async def test_whoever_signs_in_again_within_one_second_is_believed_although_the_token_is_the_same(
    sit: Sit, organizer: Organizer
) -> None:
    slug = await organizer.campaign("again", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}")
    token = await desk.page.evaluate(f"() => {{ ({LONG_AGO})(); return JSON.parse({NOTED}).token; }}")

    async def with_the_same_token(route: Route) -> None:
        response = await route.fetch()
        answer = await response.json()
        if "signIn" in answer.get("data", {}):
            answer["data"]["signIn"]["token"] = token
        await route.fulfill(response=response, json=answer)

    await desk.page.route("**/graphql", with_the_same_token)
    await desk.press("Present selection")
    await desk.fill(reason_zh="会议通过")
    await desk.dialog.locator("button.main").first.click()
    await desk.sign_in(organizer.name, ".dialog")
    await desk.done()


@pytest.mark.browser
async def test_anothers_change_is_shown_and_not_written_over_in_silence(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("stale", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}/settings")
    await desk.fill(title_en="My title")
    await organizer.do(AMEND, campaign=slug, input={"organizer": {"zh": "别人", "en": "Others"}})
    await desk.press("Save settings")
    await expect(desk.dialog.get_by_role("heading", name="Somebody else has just changed this")).to_be_visible()
    assert await desk.dialog.locator("dd").all_inner_texts() == ["Organizer", "Title of the selection", "nothing"]
    await desk.press("Save my changes", desk.dialog)
    await expect(desk.page.locator(".notice")).to_have_text("Saved.")
    await expect(desk.page.locator("#f-title-en")).to_have_value("My title")
    await expect(desk.page.locator("#f-organizer-en")).to_have_value("Others")


@pytest.mark.browser
async def test_candidates_changed_by_somebody_else_are_named(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("stale-candidates", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}/candidates")
    await desk.page.locator("[data-number='3'] .edit").click()
    await desk.fill(title_en="My work")
    await desk.press("Done")
    theirs = {"number": 3, "title": {"zh": "他人的", "en": "Their work"}}
    await organizer.do(PUT, campaign=slug, projects=[theirs, {"number": 9, "title": {"zh": "新", "en": "New"}}])
    await desk.press("Save candidates")
    await expect(desk.dialog.locator("dd").first).to_be_visible()
    assert await desk.dialog.locator("dd").all_inner_texts() == ["No. 3, No. 9", "No. 3", "No. 3"]
    await desk.press("Take theirs, discard mine", desk.dialog)
    await expect(desk.page.locator("[data-number='3']")).to_contain_text("Their work")
    await expect(desk.page.locator(".candidates > li")).to_have_count(5)


@pytest.mark.browser
async def test_what_is_typed_outlives_the_other_language(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("kept", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}/settings")
    await desk.fill(title_en="Not saved yet")
    await speak(desk.page, "简体中文")
    await expect(desk.page.get_by_text("上次没有保存的改动还在这里。")).to_be_visible()
    await expect(desk.page.locator("#f-title-en")).to_have_value("Not saved yet")
    await desk.press("丢弃这些改动")
    await expect(desk.page.locator("#f-title-en")).to_have_value(f"Selection {slug}")
