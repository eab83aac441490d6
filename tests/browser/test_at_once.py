"""Do four browsers that score, plan and commit at once leave every score, and one outcome?"""

import asyncio
from dataclasses import replace

import pytest
from playwright.async_api import expect

from tests.browser.deciding import at, computed, stage, voted
from tests.browser.desks import Desk, Organizer, Sit
from tests.browser.panels import PANEL, RUBRIC, Come, Reviewer, expert, reviews
from tests.servers import Server

pytestmark = pytest.mark.browser
FOUR = range(4)
NUMBERS = (1, 2, 3)
KNOWN = """query($slug: String) {
  campaign(slug: $slug) { stages { selection { version state digest } } }
  trail(campaign: $slug, first: 50) { nodes { kind } } }"""


async def scored(visit: Reviewer, slug: str, name: str, score: str) -> None:
    """Submit a review of each project, by touch."""
    await visit.open(f"#/{slug}")
    await visit.sign_in(name)
    for number in NUMBERS:
        await visit.go(f"#/{slug}/{number}")
        await expect(visit.page.locator("h1")).to_have_text(f"Work {number}")
        await visit.touch("INNOVATION", score)
        await visit.type("EFFECT", score)
        await visit.submit()
        await expect(visit.page.locator(".state .chip")).to_have_text("Submitted")


async def committed(desk: Desk) -> bool:
    """Whether the outcome that is seen was stored by this desk."""
    await desk.dialog.get_by_role("button", name="Decide", exact=True).click()
    refusal = desk.dialog.get_by_role("alert").locator("p")
    await expect(refusal.or_(desk.page.locator(".publication")).first).to_be_visible()
    return await refusal.count() == 0


async def test_four_browsers_score_plan_and_commit_at_once(
    come: Come, sit: Sit, organizer: Organizer, closed: Server
) -> None:
    panel = PANEL | {"closesAt": "2017-03-31T20:00:00+08:00"}
    formula = [{"source": "PUBLIC_VOTE", "weight": "10"}, {"source": "EXPERT_SCORES", "weight": "0.5"}]
    best = stage("BEST", 1, "EXPERT_SCORES", "ALL_IN", inputs=formula)
    slug = await voted(organizer, "at-once", {1: 0, 2: 2, 3: 1}, best, panel=panel, criteria=RUBRIC)
    names = [f"expert {n} of four" for n in FOUR]
    tokens = [await expert(organizer, slug, name) for name in names]
    visits = [await come() for _ in FOUR]
    scores = ("5", "6", "7", "8")
    await asyncio.gather(*map(scored, visits, [slug] * 4, names, scores))
    for token, score in zip(tokens, scores, strict=True):
        mine = await reviews(organizer, token, slug)
        given = [{float(one["score"]) for one in mine[number]["scores"]} for number in NUMBERS]
        assert given == [{float(score)}] * len(NUMBERS)
        assert {mine[number]["state"] for number in NUMBERS} == {"SUBMITTED"}

    desks = [await at(sit, organizer, f"#/campaign/{slug}/selection", at=closed) for _ in FOUR]
    await asyncio.gather(*(computed(desk) for desk in desks))
    digests = [await desk.page.locator(".plan .digest").inner_text() for desk in desks]
    assert len(set(digests)) == 1
    for desk in desks:
        await desk.page.locator(".commit").click()
    assert sorted(await asyncio.gather(*map(committed, desks))) == [False, False, False, True]
    later = replace(organizer, api=organizer.api.at(closed))
    known = await later.api.data(KNOWN, {"slug": slug}, organizer.token)
    assert known["campaign"]["stages"] == [{"selection": {"version": 1, "state": "PROVISIONAL", "digest": digests[0]}}]
    assert [node["kind"] for node in known["trail"]["nodes"]].count("SELECTION_COMMITTED") == 1
