"""Can an organizer have a stage decided at the desk: compute, settle ties, decide, announce, answer, confirm, correct?"""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.deciding import announced, at, computed, decide, stage, voted
from tests.browser.desks import Organizer, Sit
from tests.servers import Server, serving

pytestmark = pytest.mark.browser
OBJECTED = "2017-04-04T09:00:00+08:00"
INPUT = "query($slug: String!) { campaignInput(campaign: $slug) }"
SEED = "seven blue dice"
STAGES = """query($slug: String) { campaign(slug: $slug) {
  stages { selection { rows { selected project { number } } } } } }"""


async def test_a_stage_is_computed_its_tie_settled_announced_objected_to_and_confirmed(
    sit: Sit, organizer: Organizer, closed: Server, tmp_path: Path
) -> None:
    stages = stage("PASS", 2, "PUBLIC_VOTE", "RECORDED_DECISION"), stage("BEST", 1, "DECISION", "ALL_IN")
    slug = await voted(organizer, "deciding", {1: 3, 2: 2, 3: 2, 4: 0}, *stages)
    desk = await at(sit, organizer, f"#/campaign/{slug}/selection", at=closed, width=360)
    await computed(desk)
    tie = desk.page.locator(".tie")
    assert await tie.locator(".order li > span").all_inner_texts() == ["2 Work 2", "3 Work 3"]
    await tie.get_by_role("button", name="Up: Work 3").click()
    await desk.press("Settle it in this order")
    await expect(tie.locator("#f-reason-zh-problem")).to_have_text("Please fill in: Reason.")
    await tie.locator("#f-reason-zh").fill("评委会当场议定")
    await desk.press("Settle it in this order")
    await expect(tie).to_have_count(0)
    await expect(desk.page.locator(".plan tr.selected")).to_have_count(2)
    assert await desk.page.locator(".plan tr.selected").evaluate_all(
        "(rows) => rows.map((row) => row.dataset.number)"
    ) == ["1", "3"]
    await desk.page.reload()  # what was decided and not stored is kept
    await computed(desk)
    await decide(desk)
    await expect(desk.page.locator(".publication")).to_contain_text("Decided, not announced")
    async with desk.page.expect_download() as downloading:
        await desk.press("Download trace")
    trace = tmp_path / "trace.txt"
    await (await downloading.value).save_as(trace)
    digest = await desk.page.locator(".outcome .digest").inner_text()
    assert hashlib.sha256(trace.read_bytes()).hexdigest() == digest
    await desk.act("Announce for objections", objectionsUntil="2017-04-03T18:00")
    await desk.done()
    await expect(desk.page.locator(".publication")).to_contain_text("Announced for objections")
    await desk.press("Record an objection")
    await desk.fill(by="A reader", text="Work 3 began too late.")
    await desk.dialog.locator("button.main").click()
    await desk.done()
    await desk.press("Confirm")
    await desk.dialog.locator("button.main").click()
    await expect(desk.dialog.get_by_role("alert")).not_to_be_empty()
    await desk.press("Cancel", desk.dialog)
    await desk.press("Answer")
    await desk.fill(answer_zh="已核实", answer_en="It was checked.")
    await desk.dialog.locator("button.main").click()
    await desk.done()
    await expect(desk.page.locator(".objections .kept")).to_contain_text("It was checked.")
    with serving(closed.database_url, clock=OBJECTED) as later:
        desk = await at(sit, organizer, f"#/campaign/{slug}/selection/PASS", at=later)
        await desk.press("Confirm")
        await desk.dialog.locator("button.main").click()
        await desk.done()
        await expect(desk.page.locator(".publication")).to_contain_text("Final")


async def test_lots_are_drawn_by_the_seed_that_was_promised_and_no_other(
    sit: Sit, organizer: Organizer, closed: Server
) -> None:
    promised = hashlib.sha256(SEED.encode()).hexdigest()
    slug = await voted(
        organizer, "lots", {1: 1, 2: 1, 3: 1}, stage("WINNER", 1, "PUBLIC_VOTE", "LOT"), lotDigest=promised
    )
    desk = await at(sit, organizer, f"#/campaign/{slug}/selection", at=closed)
    await computed(desk)
    await desk.fill(seed="seven red dice")
    await desk.press("Draw lots with it")
    await expect(desk.page.get_by_text("This cannot be decided now:")).to_be_visible()
    await desk.press("Take back what was decided, and compute again")
    await desk.fill(seed=SEED)
    await desk.press("Draw lots with it")
    await expect(desk.page.locator(".plan tr.selected")).to_have_count(1)
    await decide(desk)
    await expect(desk.page.locator(".outcome tr.selected")).to_have_count(1)


async def test_a_decision_is_made_by_ticking_with_a_reason_and_corrected_in_public(
    sit: Sit, organizer: Organizer, closed: Server
) -> None:
    slug = await voted(organizer, "ticking", {1: 1, 2: 0, 3: 0}, stage("WINNER", 1, "DECISION", "ALL_IN"))
    desk = await at(sit, organizer, f"#/campaign/{slug}/selection", at=closed, locale="zh-CN", width=360)
    await desk.page.get_by_label("2 2号作品").check()
    await desk.fill(reason_zh="评委会决定")
    await desk.press("计算结果")
    await expect(desk.page.locator(".plan .decision-reason")).to_have_text("决定的理由：评委会决定")
    await decide(desk, "评定")
    await expect(desk.page.locator(".outcome .decision-reason")).to_have_text("决定的理由：评委会决定")
    await desk.act("公布（公示）", objectionsUntil="2017-04-03T18:00")
    await desk.done()
    await desk.page.get_by_label("3 3号作品").check()
    await desk.fill(reason_zh="更正：取3号")
    await desk.press("计算更正")
    await expect(desk.page.locator(".findings")).to_be_visible()
    await desk.page.get_by_label("2 2号作品").uncheck()
    await desk.press("计算更正")
    await expect(desk.page.locator(".changes li")).to_have_count(2)
    await desk.page.locator(".commit").click()
    await desk.dialog.locator("#f-reason-zh").fill("计票员看错一行")
    await desk.dialog.get_by_role("button", name="更正", exact=True).click()
    await desk.done()
    await expect(desk.page.get_by_text("计票员看错一行")).to_be_visible()
    known = (await organizer.api.at(closed).data(STAGES, {"slug": slug}))["campaign"]["stages"][0]["selection"]
    assert [row["project"]["number"] for row in known["rows"] if row["selected"]] == [3]


async def test_a_winner_is_disqualified_and_the_next_takes_the_place_by_a_correction(
    sit: Sit, organizer: Organizer, closed: Server
) -> None:
    slug = await voted(organizer, "removing", {1: 2, 2: 1, 3: 0}, stage("WINNER", 1, "PUBLIC_VOTE", "ALL_IN"))
    await announced(replace(organizer, api=organizer.api.at(closed)), slug, "WINNER", "2017-04-03T18:00:00+08:00")
    desk = await at(sit, organizer, f"#/campaign/{slug}/candidates", at=closed)
    row = desk.page.locator("[data-number='1']")
    await row.locator("summary").click()
    await row.get_by_role("button", name="Disqualify", exact=True).click()
    await expect(desk.dialog.get_by_text("compute a correction on the page “Selection”")).to_be_visible()
    await desk.dialog.locator("#f-reason-zh").fill("材料不实")
    await desk.dialog.locator("button.main").first.click()
    await desk.done()
    await desk.go(f"#/campaign/{slug}/selection")
    await computed(desk, "Compute a correction")
    await expect(desk.page.locator(".changes")).to_contain_text("2 Work 2: rank 2 became 1. Selected now.")


async def test_a_second_round_copies_those_that_passed(sit: Sit, organizer: Organizer, closed: Server) -> None:
    slug = await voted(organizer, "first-round", {1: 2, 2: 1, 3: 0}, stage("TWO", 2, "PUBLIC_VOTE", "ALL_IN"))
    await announced(replace(organizer, api=organizer.api.at(closed)), slug, "TWO", "2017-04-03T18:00:00+08:00")
    desk = await at(sit, organizer, f"#/new/{slug}", at=closed)
    await desk.fill(slug="second-round")
    await desk.page.get_by_label("Its candidates").select_option(
        label="a second round: copy those that passed “Stage TWO”"
    )
    await desk.press("Create draft")
    await expect(desk.page.locator(".candidates > li")).to_have_count(2)
    tree = (await organizer.api.at(closed).data(INPUT, {"slug": "second-round"}, organizer.token))["campaignInput"]
    assert [(each["number"], each["outcome"]) for each in tree["projects"]] == [(1, "CANDIDATE"), (2, "CANDIDATE")]
    assert [each["decided"] for each in tree["stages"]] == [False]
