"""Can an expert vote in a stage that the experts' ballot decides, change the vote, and not overwrite another device's?"""

from dataclasses import replace

import pytest
from playwright.async_api import Route, expect

from tests.browser.deciding import announced, stage, voted
from tests.browser.desks import Organizer
from tests.browser.panels import PANEL, RUBRIC, Come, expert
from tests.servers import Server

pytestmark = pytest.mark.browser
BALLOT = {"opensAt": "2017-04-01T08:00:00+08:00", "closesAt": "2017-04-05T18:00:00+08:00"}
HOURS_TO_CLOSE = 106 * 3_600_000  # in milliseconds, from the morning after voting closed, and one more
MINE = "query($slug: String) { viewer { expertBallots(campaign: $slug) { revision projects { number } } } }"


async def test_an_expert_votes_and_changes_the_vote_until_the_close(
    come: Come, organizer: Organizer, closed: Server
) -> None:
    best = stage("BEST", 1, "EXPERT_BALLOT", "ALL_IN", choices={"minimum": 1, "maximum": 2}, **BALLOT)
    stages = stage("PASS", 3, "PUBLIC_VOTE", "ALL_IN"), best
    votes = {1: 2, 2: 1, 3: 1, 4: 0}
    slug = await voted(organizer, "jury", votes, *stages, panel=PANEL, criteria=RUBRIC)
    token = await expert(organizer, slug, "juror")
    visit = await come(at=closed)
    await visit.open(f"#/{slug}")
    await visit.sign_in("juror")
    await visit.page.get_by_role("link", name="Experts' ballot: Stage BEST").click()
    await expect(
        visit.page.get_by_text("Voting waits until the outcome of the stage before is announced.")
    ).to_be_visible()
    later = replace(organizer, api=organizer.api.at(closed))
    await announced(later, slug, "PASS", "2017-04-03T18:00:00+08:00")
    await visit.page.reload()
    rows = visit.page.locator(".choices li")
    await expect(rows).to_have_count(3)
    cast = visit.page.locator(".cast")
    await expect(cast).to_have_attribute("aria-disabled", "true")
    for index in range(3):
        await rows.nth(index).locator("input").check()
    await expect(visit.page.locator(".foot .saving")).to_contain_text("3 chosen, at most 2.")
    await expect(cast).to_have_attribute("aria-disabled", "true")
    await rows.nth(1).locator("input").uncheck()
    await visit.page.reload()  # what was chosen and not cast is kept
    await expect(visit.page.locator(".choices input:checked")).to_have_count(2)
    other = await visit.another_tab()
    await other.open(f"#/{slug}/ballot/BEST")
    await expect(other.page.locator(".choices input:checked")).to_have_count(2)
    await cast.click()
    await expect(visit.page.get_by_text("You voted ")).to_be_visible()
    await other.page.locator(".choices input").last.uncheck()
    await other.page.locator(".cast").click()
    await other.page.get_by_role("button", name="See the one cast elsewhere").click()
    await expect(other.page.get_by_text("You voted ")).to_be_visible()
    await other.page.locator(".cast").click()
    await expect(other.page.locator(".foot .saving")).to_contain_text("Your ballot is cast and counts.")
    ballots = (await later.api.data(MINE, {"slug": slug}, token))["viewer"]["expertBallots"]
    assert [(one["revision"], [each["number"] for each in one["projects"]]) for one in ballots] == [(2, [1])]


async def test_a_ballot_locks_itself_at_its_close(come: Come, organizer: Organizer, closed: Server) -> None:
    only = stage("ONLY", 1, "EXPERT_BALLOT", "ALL_IN", choices={"minimum": 1, "maximum": 2}, **BALLOT)
    slug = await voted(organizer, "locked-jury", {1: 0, 2: 0, 3: 0}, only, panel=PANEL, criteria=RUBRIC)
    await expert(organizer, slug, "slow juror")
    visit = await come(at=closed)
    await visit.page.clock.install()

    async def later(route: Route) -> None:
        if "query Times" not in (route.request.post_data or ""):
            return await route.fallback()
        campaign = {"serverTime": "2017-04-06T08:00:00+08:00", "panel": None, "stages": [{"code": "ONLY", **BALLOT}]}
        return await route.fulfill(json={"data": {"campaign": campaign}})

    await visit.page.route("**/graphql", later)
    await visit.open(f"#/{slug}/ballot/ONLY")
    await visit.sign_in("slow juror")
    first = visit.page.locator(".choices input").first
    await first.check()
    await expect(visit.page.locator(".cast")).to_have_count(1)
    await visit.page.clock.fast_forward(HOURS_TO_CLOSE)
    await expect(visit.page.locator(".cast")).to_have_count(0)
    await expect(first).to_be_disabled()
    await expect(first).to_be_checked()
