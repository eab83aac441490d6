"""Does the desk do what cannot be taken back, and show who may only look what he may not do?"""

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.desks import VIEWER, Desk, Organizer, Sit
from tests.servers import Server, pingxuan, project_ids, serving

pytestmark = pytest.mark.browser

AFTERWARDS = "2017-04-01T09:00:00+08:00"
KNOWN = """query($slug: String!) {
  campaign(slug: $slug) { phase turnout { ballots held voided } }
  projects(campaign: $slug, first: 10) { nodes { number standing standingReason } }
}"""


async def at(sit: Sit, organizer: Organizer, address: str, **more: Any) -> Desk:
    """The organizer at an address of the desk."""
    desk = await sit(**more)
    await desk.open(address)
    await desk.sign_in(organizer.name)
    await expect(desk.page.locator("#main h1")).to_be_visible()
    await expect(desk.page.locator("#main #guest")).to_have_count(0)
    return desk


async def known(organizer: Organizer, slug: str) -> dict[str, Any]:
    return await organizer.api.data(KNOWN, {"slug": slug}, organizer.token, language="en")


async def test_a_candidate_is_disqualified_and_votes_are_voided(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("ruling")
    desk = await at(sit, organizer, f"#/campaign/{slug}/candidates", width=360)
    await expect(desk.page.get_by_text("can no longer be added or removed")).to_be_visible()
    await expect(desk.page.get_by_role("button", name="Add a candidate")).to_have_count(0)

    row = desk.page.locator("[data-number='2']")
    await row.locator("summary").click()
    await row.get_by_role("button", name="Disqualify").click()
    await desk.fill(reason_zh="材料不实", reason_en="The papers were false.")
    await desk.choose(replacement="REFILL")
    await desk.dialog.locator("button.main").first.click()
    await desk.done()
    await expect(row.locator(".standing")).to_have_text("Disqualified")
    await expect(row).to_contain_text("The papers were false.")
    await expect(row.locator("button, summary")).to_have_count(0)

    row = desk.page.locator("[data-number='3']")
    await row.locator("summary").click()
    await row.get_by_role("button", name="Void some votes").click()
    await desk.fill(reason_zh="买票", reason_en="Votes were bought.", **{"from": "2017-03-22T08:00"})
    await desk.dialog.locator("button.main").first.click()
    await desk.done()

    found = await known(organizer, slug)
    assert [one["standing"] for one in found["projects"]["nodes"]][1] == "DISQUALIFIED"
    await desk.page.goto(f"{organizer.api.server.origin}/c/{slug}#/candidate/3")
    seen = desk.page.get_by_role("dialog").locator(".standing")
    await expect(seen).to_contain_text("are void and do not count. Votes were bought.")
    await desk.open(f"#/campaign/{slug}/trail")
    await expect(desk.page.locator(".trail li").first).to_contain_text("Votes voided")
    await expect(desk.page.locator(".trail li").first).to_contain_text("Votes were bought.")


async def test_a_misprint_is_corrected_while_people_vote(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("misprint")
    desk = await at(sit, organizer, f"#/campaign/{slug}/candidates")
    await desk.page.locator("[data-number='1'] .edit").click()
    await expect(desk.page.get_by_role("button", name="Remove this candidate")).to_have_count(0)
    await desk.fill(title_en="Work one")
    await desk.press("Save candidates")
    await expect(desk.page.locator(".notice")).to_have_text("Saved.")
    await expect(desk.page.locator("[data-number='1']")).to_contain_text("Work one")


async def test_ballots_are_held_released_and_voided(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("crowd")
    voters = await asyncio.gather(*(organizer.api.sign_in() for _ in range(30)))
    ids = project_ids([1, 2], slug)
    await asyncio.gather(*(organizer.api.cast(voter, campaign=slug, projectIds=ids) for voter in voters))
    desk = await at(sit, organizer, f"#/campaign/{slug}/suspicions", width=360)
    crowd = desk.page.locator(".suspicions > li", has_text="Many equal ballots")
    while not await crowd.count():
        await desk.page.reload()
        await expect(desk.page.locator(".head h1")).to_be_visible()
    for name, outcome in [("Hold", "30 held and 0"), ("Release", "0 held and 0"), ("Void", "0 held and 30")]:
        await crowd.get_by_role("button", name=name, exact=True).click()
        await desk.fill(reason="Thirty equal ballots within a minute.")
        await desk.dialog.locator("button.main").first.click()
        await desk.done()
        await expect(crowd).to_contain_text(f"30 ballots, of which {outcome} voided")
    await expect(crowd.get_by_role("button")).to_have_count(0)
    await desk.go(f"#/campaign/{slug}")
    await expect(desk.page.locator(".numbers dd").nth(2)).to_have_text("30")


async def test_an_archived_campaign_can_be_read_and_not_changed(
    sit: Sit, organizer: Organizer, desk_server: Server
) -> None:
    slug = await organizer.campaign("archiving")
    with serving(desk_server.database_url, clock=AFTERWARDS) as later:
        desk = await at(sit, organizer, f"#/campaign/{slug}", width=360, at=later)
        await desk.act("Archive", reason_zh="工作已结束")
        await desk.done()
        await expect(desk.page.locator(".head .phase")).to_have_text("Archived")
        await expect(desk.page.get_by_role("button", name="Archive")).to_have_count(0)
        await desk.go(f"#/campaign/{slug}/settings")
        await expect(desk.page.get_by_text("This selection is archived")).to_be_visible()
        await expect(desk.page.locator("#f-title-en")).to_be_disabled()
        await expect(desk.page.get_by_role("button", name="Save settings")).to_have_count(0)
        await desk.go(f"#/campaign/{slug}/candidates")
        await expect(desk.page.locator(".candidates > li")).to_have_count(4)
        await expect(desk.page.locator(".candidates button, .candidates summary")).to_have_count(0)
        await desk.page.close()


async def test_an_auditor_reads_the_settings_and_is_told_why_they_stand_still(
    sit: Sit, organizer: Organizer, desk_server: Server
) -> None:
    slug = await organizer.campaign("audited")
    token = await organizer.api.sign_in("an auditor")
    viewer = (await organizer.api.data(VIEWER, token=token))["viewer"]["id"]
    done = await asyncio.to_thread(pingxuan, desk_server.database_url, "grant", "AUDITOR", viewer)
    assert done.returncode == 0, done.stderr
    desk = await sit(width=360)
    await desk.open("#/me")
    await desk.sign_in("an auditor")
    await expect(desk.page.locator("#viewer-id")).to_be_visible()
    await desk.until_staff()
    await desk.go(f"#/campaign/{slug}/settings")
    await expect(desk.page.get_by_text("You may read this and not change it")).to_be_visible()
    await expect(desk.page.locator("#f-title-en")).to_be_disabled()
