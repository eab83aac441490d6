"""Who may do what at the desk: roles given and taken there, rulings on ballots, and copies that lose nothing?"""

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.desks import CREATE, PUT, Organizer, Sit, campaign_input
from tests.servers import project_ids

INPUT = "query Input($slug: String!) { campaignInput(campaign: $slug) }"


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def named(code: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": both(zh, en), **more}


RICH = {
    "languages": ["zh", "en", "ug"],
    "edition": 3,
    "candidateTerm": {**both("作品", "work"), "other": [{"tag": "ug", "text": "ئەسەر"}]},
    "currency": "CNY",
    "source": {"publisher": "区报", "published": "2017-03-01", "url": "https://example.org/notice"},
    "resultsVisibility": "DAILY",
    "resultsAt": "09:00",
    "themes": [
        named("CARE", "助老", "Care", description=both("为老服务", "For older people")),
        named("GREEN", "环保", "Green"),
    ],
    "ownDistricts": [named("EAST", "东片", "East"), named("WEST", "西片", "West")],
    "awards": [named("FIRST", "一等奖", "First prize", seats=1)],
    "criteria": [named("NEW", "新颖", "Novelty")],
    "rules": {
        "votes": {"limit": 10, "perProject": 2, "period": "DAY"},
        "hours": {"from": "09:00", "until": "22:00"},
        "eligibility": {
            "claims": [{"claim": "residence", "values": ["310101"]}],
            "description": both("居民", "Residents"),
        },
    },
    "stages": [
        named("ENTRY", "报名", "Entries", seats=20, decided=True, decidedAt="2017-03-01T00:00:00+08:00"),
        named("WINNER", "获选", "Winners", seats=1, ties=["FURTHER_CRITERION", "LOT"], formula="votes"),
    ],
}
PROJECT = {
    "number": 12,
    "code": "M/01/VII",
    "title": both("一件作品", "A work"),
    "summary": both("简介", "Summary"),
    "description": both("**详细**", "**More**"),
    "organization": both("街道", "A street"),
    "level": "DISTRICT",
    "district": "EAST",
    "themes": ["GREEN", "CARE"],
    "startYear": 2011,
    "figures": [
        {
            "label": both("人数", "People"),
            "value": "300",
            "valueEn": "3 hundred",
            "unit": both("人", "people"),
            "year": 2016,
        }
    ],
    "links": [{"title": both("报道", "A report"), "url": "https://example.org/report"}],
    "cost": "1200.50",
}


@pytest.mark.browser
async def test_a_copy_loses_nothing_and_saving_what_nobody_changed_changes_nothing(
    sit: Sit, organizer: Organizer
) -> None:
    await organizer.do(CREATE, input={**campaign_input("original"), **RICH})
    await organizer.do(
        PUT,
        campaign="original",
        projects=[PROJECT, {**PROJECT, "number": 40, "code": "M/02", "title": both("二", "Two")}],
    )
    desk = await sit()
    await desk.open("#/campaign/original/settings")
    await desk.sign_in(organizer.name)
    await desk.press("Save settings")
    await expect(desk.page.locator(".notice")).to_have_text("Nothing has changed.")
    await desk.go("#/new/original")
    await desk.fill(slug="copied")
    await desk.press("Create draft")
    await expect(desk.page.locator(".candidates > li")).to_have_count(2)
    original, copied = [
        (await organizer.api.data(INPUT, {"slug": slug}, organizer.token))["campaignInput"]
        for slug in ("original", "copied")
    ]
    assert copied == {key: value for key, value in original.items() if key != "source"} | {"slug": "copied"}


@pytest.mark.browser
async def test_whoever_has_no_role_shows_his_id_and_is_given_one_at_the_desk(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("people")
    newcomer = await sit("zh-CN", 360)
    await newcomer.open()
    await newcomer.sign_in("a newcomer")
    await expect(newcomer.page.get_by_role("heading", name="您在这里还没有权限")).to_be_visible()
    viewer = await newcomer.page.locator("#viewer-id").inner_text()
    desk = await sit()
    await desk.open(f"#/campaign/{slug}/people")
    await desk.sign_in(organizer.name)
    await desk.press("Grant a role")
    await desk.fill(viewer=viewer, reason_zh="负责监督")
    await desk.choose(role="AUDITOR")
    await desk.dialog.locator("button.main").click()
    await desk.done()
    await expect(desk.page.locator(".people > li", has_text=viewer)).to_contain_text("Auditor")
    await newcomer.until_staff()
    await newcomer.go(f"#/campaign/{slug}")
    await expect(newcomer.page.locator(".head h1")).to_contain_text(f"评选{slug}")
    await expect(newcomer.page.get_by_role("button", name="暂停投票")).to_have_count(0)
    await desk.page.locator(".people > li", has_text=viewer).get_by_role("button").click()
    await desk.fill(reason_zh="任期已满")
    await desk.dialog.locator("button.main").click()
    await desk.done()
    await expect(desk.page.locator(".people > li", has_text=viewer)).to_have_count(0)


@pytest.mark.browser
async def test_a_burst_is_held_at_the_desk(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("burst")
    voters = await asyncio.gather(*(organizer.api.sign_in() for _ in range(30)))
    ids = project_ids([1, 2], slug)
    await asyncio.gather(*(organizer.api.cast(voter, campaign=slug, projectIds=ids) for voter in voters))
    desk = await sit(width=360)
    await desk.open(f"#/campaign/{slug}/suspicions")
    await desk.sign_in(organizer.name)
    crowd = desk.page.locator(".suspicions > li", has_text="Many equal ballots")
    while "30 ballots" not in " ".join(await crowd.all_inner_texts()):  # what arrived of it is told within two seconds
        await desk.page.reload()
        await expect(desk.page.locator(".head h1")).to_be_visible()
    await crowd.get_by_role("button", name="Hold").click()
    await desk.fill(reason="一分钟内三十张完全相同的选票。")
    await desk.dialog.locator("button.main").click()
    await desk.done()
    await expect(crowd).to_contain_text("30 ballots, of which 30 held")
    await desk.go(f"#/campaign/{slug}")
    await expect(desk.page.locator(".numbers dd").nth(1)).to_have_text("30")


@pytest.mark.browser
async def test_nobody_else_confirms_what_cannot_be_taken_back(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("confirming", presented=False)
    desk = await sit()
    await desk.open(f"#/campaign/{slug}")
    await desk.sign_in(organizer.name)
    await expect(desk.page.locator(".head h1")).to_be_visible()
    await desk.page.evaluate("() => sessionStorage.removeItem('pingxuan:signed-in')")
    await desk.page.reload()  # as in a tab that is new, where the session is as old as it may be
    await desk.press("Present selection")
    await desk.fill(reason_zh="会议通过")
    await desk.dialog.locator("button.main").first.click()
    await desk.sign_in("somebody else", ".dialog")
    await expect(desk.page.locator("#viewer-id")).to_be_visible()
    await desk.done()
    known = await organizer.api.data(
        "query($slug: String) { campaign(slug: $slug) { phase } }", {"slug": slug}, organizer.token
    )
    assert known["campaign"]["phase"] == "DRAFT"


@pytest.mark.browser
async def test_candidates_that_cannot_be_copied_wait_to_be_mended(sit: Sit, organizer: Organizer) -> None:
    await organizer.do(CREATE, input={**campaign_input("themed"), **RICH})
    await organizer.do(PUT, campaign="themed", projects=[PROJECT])
    desk = await sit()
    await desk.open("#/new/themed")
    await desk.sign_in(organizer.name)
    await desk.fill(slug="without-themes")
    for _ in RICH["themes"]:
        await desk.page.get_by_role("button", name="Remove: Categories 1").click()
    await desk.press("Create draft")
    await expect(desk.page.get_by_text("Changes that were not saved last time are still here.")).to_be_visible()
    await expect(desk.page.locator("[data-number='12'] .problem").first).to_be_visible()
