"""Does everything fit on narrow screens in either language, does every time name its zone, and do numbers come as data?"""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.browser.voting import WORDS, Booth, Enter
from tests.servers import SEED, Client, Server, edited_campaign, prepare, project_ids, serving, serving_together

pytestmark = pytest.mark.browser

WIDTH = "document.documentElement.scrollWidth"
TRAY = "document.getElementById('tray').offsetHeight / window.innerHeight"
WIDE_LETTERS = "document.body.style.letterSpacing = '0.06em'"  # fonts differ from machine to machine
ZONES = r"北京时间|China Standard Time|GMT\+8|Asia/Shanghai"
UNSPOKEN = rf"\b\d?\d:\d\d\b(?!:\d\d)(?![^\n。.;]{{0,45}}(?:{ZONES}))"  # a time that no zone follows
COUNTDOWN = r"\d\d:\d\d:\d\d"
SIX = "six-of-fifty"
PUBLISHED = "2017-04-10T10:00:00+08:00"


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a campaign whose next stage has six seats, and of one in another zone."""
    folder = tmp_path_factory.mktemp("six")
    url = f"sqlite://{folder}/selection.sqlite3"
    file = edited_campaign(folder, SIX, {})
    file.write_text(re.sub(r"seats = (30|10)\b", "seats = 6", file.read_text("utf-8")), "utf-8")
    berlin = {
        "time_zone": 'time_zone = "Europe/Berlin"',
        "opens_at": "opens_at = 2017-03-20T08:00:00+01:00",
        "closes_at": "closes_at = 2017-03-31T12:00:00+02:00",
    }
    prepare(url, file, edited_campaign(folder, "berlin", berlin), SEED)
    with serving(url) as server:
        yield server


@pytest.fixture(scope="module")
def phases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Servers of a campaign before its vote, after it, and with its results published; they show them from then on."""
    folder = tmp_path_factory.mktemp("in-sight")
    url = f"sqlite://{folder}/selection.sqlite3"
    told = {"results_visibility": f'results_visibility = "AFTER_PUBLICATION"\npublished_at = {PUBLISHED}'}
    prepare(url, edited_campaign(folder, "phases", told))
    clocks = ("2017-03-20T09:00:00+08:00", "2017-04-01T10:00:00+08:00", "2017-04-11T10:00:00+08:00")
    with serving_together(url, len(clocks), clocks=clocks) as servers:
        yield servers


@pytest.fixture(scope="module")
def last_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the last morning of the vote."""
    url = f"sqlite://{tmp_path_factory.mktemp('last-day')}/selection.sqlite3"
    prepare(url, SEED)
    with serving(url, clock="2017-03-31T09:00:00+08:00") as server:
        yield server


async def unspoken(page: Page) -> list[str]:
    """The lines with times that name no zone."""
    text = re.sub(COUNTDOWN, "", await page.locator("body").inner_text())
    return re.findall(rf".*{UNSPOKEN}.*", text)


async def everywhere(booth: Booth) -> list[tuple[str, int, list[str]]]:
    """How wide each view is and which of its times name no zone, from the first look to the ranking."""
    page, seen = booth.page, []

    async def look(name: str) -> None:
        seen.append((name, await page.evaluate(WIDTH), await unspoken(page)))

    await booth.open()
    await page.evaluate(WIDE_LETTERS)
    await look("the candidates")
    await booth.open("/#/candidate/2")
    await expect(page.get_by_role("dialog").locator("dl")).to_be_visible()
    await look("a candidate")
    await booth.open("/#/")
    await booth.choose(*range(1, 10))
    await booth.review()
    await look("the ballot, before signing in")
    await booth.sign_in(f"voter {uuid4()}")
    await booth.press_cast()
    await look("the ballot, with a choice missing")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await booth.choose(10)
    await booth.review()
    await booth.press_cast()
    await booth.receipt()
    await look("the receipt")
    await booth.open("/#/")
    await booth.choose(*range(11, 21))
    await expect(page.locator("#tray.idle")).to_be_visible()
    await look("the candidates, after voting")
    await booth.review()
    await booth.press_cast()
    await look("the ballot, after voting")
    await booth.open("/#/receipt")
    await expect(page.locator(".mine li")).to_have_count(1)
    await look("where ballots are looked up")
    await booth.open("/#/receipt/nothing")
    await expect(page.get_by_role("alert")).to_be_visible()
    await look("no ballot")
    await booth.open("/#/ranking")
    await expect(page.locator(".standings li").first).to_be_visible()
    await expect(page.locator("canvas")).to_have_count(2)
    await look("the ranking")
    return seen


@pytest.mark.parametrize("locale", sorted(WORDS))
@pytest.mark.parametrize("width", [320, 360, 1280])
async def test_nothing_sticks_out_and_every_time_names_its_zone(enter: Enter, width: int, locale: str) -> None:
    booth = await enter(locale, width, timezone_id="America/New_York")
    seen = await everywhere(booth)
    assert [(name, wide) for name, wide, _ in seen if wide > width] == []
    assert [(name, times) for name, _, times in seen if times] == []


@pytest.mark.parametrize("locale", sorted(WORDS))
async def test_so_it_is_before_and_after_the_vote(enter: Enter, phases: list[Server], locale: str) -> None:
    for server in phases:
        booth = await enter(locale, 320, at=server, timezone_id="Europe/London")
        await booth.open()
        assert await booth.page.evaluate(TRAY) <= 0.13
        for address in ("/", "/#/candidate/2", "/#/ballot", "/#/receipt", "/#/ranking"):
            await booth.open(address)
            await booth.page.evaluate(WIDE_LETTERS)
            await expect(booth.page.locator("[aria-busy=true]")).to_have_count(0)
            assert await booth.page.evaluate(WIDTH) <= 320, address
            assert await unspoken(booth.page) == [], address
        await booth.page.goto("about:blank")


@pytest.mark.parametrize(
    ("locale", "opens", "closes"),
    [("zh-CN", "中欧标准时间", "中欧夏令时间"), ("en-GB", "Central European Standard Time", "Summer Time")],
)
async def test_a_window_between_two_zones_names_both(
    enter: Enter, six: Server, locale: str, opens: str, closes: str
) -> None:
    booth = await enter(locale, 320, at=six)
    await booth.open("/?campaign=berlin")
    await expect(booth.page.locator(".about")).to_contain_text(opens)
    await expect(booth.page.locator(".about")).to_contain_text(closes)
    assert await booth.page.evaluate(WIDTH) <= 320


@pytest.mark.parametrize(("locale", "words"), [("zh-CN", "前6名"), ("en-GB", "First 6")])
async def test_as_many_lead_as_the_next_stage_has_seats(
    enter: Enter, six: Server, api: Client, locale: str, words: str
) -> None:
    voters = api.at(six)
    for last in (0, 4, 8):
        chosen = project_ids([1, 2, 3, 4, 5, 6, *range(last + 10, last + 14)], SIX)
        await voters.cast(await voters.sign_in(), (), campaign=SIX, projectIds=chosen)
    booth = await enter(locale, 360, at=six)
    await booth.open(f"/?campaign={SIX}#/ranking")
    await expect(booth.page.locator(".key.leaders")).to_have_text(words)
    await expect(booth.page.locator(".standings .leading")).to_have_count(6)
    await expect(booth.page.locator(".standings .cut")).to_contain_text("6")
    assert not re.search("前10名|Top ten", await booth.page.locator("main").inner_text())


async def after_voting(booth: Booth) -> Page:
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    await booth.open("/#/")
    await expect(booth.page.locator("#tray.idle")).to_be_visible()
    return booth.page


@pytest.mark.parametrize("locale", sorted(WORDS))
@pytest.mark.parametrize(("width", "most"), [(320, 0.13), (360, 0.1)])
async def test_after_voting_the_tray_takes_little_of_a_phone(
    enter: Enter, locale: str, width: int, most: float
) -> None:
    booth = await enter(locale, width)
    page = await after_voting(booth)
    assert await page.evaluate(TRAY) <= most
    await booth.choose(*range(11, 21))
    assert await page.evaluate(TRAY) <= most
    await page.set_viewport_size({"width": 568, "height": 320})
    assert await page.evaluate(TRAY) <= 0.2


@pytest.mark.parametrize("locale", sorted(WORDS))
async def test_so_it_does_when_there_is_no_next_ballot(enter: Enter, last_day: Server, locale: str) -> None:
    booth = await enter(locale, 320, at=last_day)
    page = await after_voting(booth)
    assert await page.evaluate(TRAY) <= 0.13
    await booth.choose(*range(11, 21))
    assert await page.evaluate(TRAY) <= 0.13


@pytest.mark.parametrize("locale", sorted(WORDS))
async def test_a_button_that_cannot_be_pressed_says_what_to_do_and_not_what_is_shown(enter: Enter, locale: str) -> None:
    booth = await enter(locale, 360)
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 8))
    shown = await booth.page.locator("#state").inner_text()
    told = await booth.told.inner_text()
    assert told not in shown
    assert "3" in told
    assert len(told) > len(booth.word("more").format(3)) + 8
    await booth.told.get_by_role("button").click()
    await expect(booth.page.get_by_role("dialog")).to_have_count(0)
    await booth.choose(8, 9, 10)
    await booth.review()
    await booth.press_cast()
    await booth.receipt()
