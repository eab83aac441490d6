"""Can ballots be told apart and found again, and does the receipt of one that does not count say so?"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.voting import Enter
from tests.servers import Client, Server, edited_campaign, pingxuan, prepare, project_ids, serving

pytestmark = pytest.mark.browser

FIVE_A_DAY = "five-a-day"


@pytest.fixture(scope="module")
def often(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a campaign in which a voter casts five ballots a day."""
    folder = tmp_path_factory.mktemp("often")
    url = f"sqlite://{folder}/selection.sqlite3"
    prepare(url, edited_campaign(folder, FIVE_A_DAY, {"quota": 'quota = { limit = 5, period = "DAY" }'}))
    with serving(url) as server:
        yield server


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_the_ballots_of_one_day_can_be_told_apart(enter: Enter, often: Server, api: Client, locale: str) -> None:
    voters, name = api.at(often), f"voter {uuid4()}"
    token = await voters.sign_in(name)
    ids = []
    for first in range(1, 6):
        cast = await voters.cast(token, (), projectIds=project_ids(range(first, first + 10), FIVE_A_DAY))
        ids.append(cast["ballot"]["id"])
    booth = await enter(locale, 320, at=often)
    await booth.open()
    await booth.review()
    await booth.sign_in(name)
    await booth.open("/#/receipt")
    entries = booth.page.locator(".mine li")
    await expect(entries).to_have_count(5)
    told = await entries.all_inner_texts()
    assert len(set(told)) == 5
    for place, (text, ballot) in enumerate(zip(told, ids, strict=True), 1):
        assert str(place) in text
        assert "09:0" in text
        assert ballot[:12] in text
    await entries.nth(2).get_by_role("link").click()
    await expect(booth.page.locator("#ballot-id")).to_have_text(ids[2])


async def test_a_ballots_number_is_found_however_it_is_written(enter: Enter, api: Client) -> None:
    ballot = (await api.cast(await api.sign_in()))["ballot"]["id"]
    key = ballot.removeprefix("ballot/")
    address = f"{api.server.origin}/#/receipt/{quote(ballot, safe='')}"
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in key)
    booth = await enter("zh-CN", 360)
    for written in (
        key,
        f"  {ballot}\n",
        key.upper(),
        f"Ballot/{key[:13]} {key[13:]}",
        f"\u200b{key}\ufeff",
        wide,
        address,
        f"{address}/cast",
        f"我的回执：{ballot}。",
        quote(address, safe=""),
    ):
        await booth.open("/#/receipt")
        await booth.page.get_by_label("输入回执编号").fill(written)
        await booth.page.get_by_role("button", name="查选票").click()
        await expect(booth.page.locator("#ballot-id")).to_have_text(ballot)
    for path in (key, ballot, f"{ballot}/cast", key.upper()):
        await booth.page.goto("about:blank")
        await booth.open(f"/#/receipt/{path}")
        await expect(booth.page.locator("#ballot-id")).to_have_text(ballot)


async def test_what_was_not_found_stays_to_be_corrected(enter: Enter) -> None:
    booth = await enter()
    await booth.open(f"/#/receipt/{'a' * 26}")
    await expect(booth.page.get_by_role("heading", level=1)).to_have_text("No ballot found")
    await expect(booth.page.get_by_role("alert")).to_contain_text("26 letters or digits")
    await expect(booth.page.get_by_label("Receipt number")).to_have_value("a" * 26)


@pytest.mark.parametrize(
    ("ruling", "title"), [("hold", "选票正在核查"), ("void", "选票已作废"), ("release", "选票已投出并计入")]
)
async def test_a_ballot_that_does_not_count_is_no_success(
    enter: Enter, seeded_2017: Path, tmp_path: Path, ruling: str, title: str
) -> None:
    url = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"
    with serving(url) as server:
        booth = await enter("zh-CN", 360, at=server)
        await booth.open()
        await booth.vote(f"voter {uuid4()}", *range(1, 11))
        ballot = await booth.receipt()
        for one in dict.fromkeys(["hold", ruling]):
            done = pingxuan(url, "ballots", one, ballot, "--reason", "Looked into.")
            assert done.returncode == 0, done.stderr
        heading = booth.page.get_by_role("heading", level=1)
        await booth.page.reload()
        await expect(heading).to_have_text(title)
        await expect(booth.page.locator(".slip")).to_contain_text("投票时间" if ruling == "release" else "不计入")
        await expect(booth.page.locator(".seal")).to_have_count(1 if ruling == "release" else 0)
        assert title in await booth.page.title()
        await booth.page.goto("about:blank")
