"""Do files go in and out at the desk: exports, imports over a network that breaks, and ballots on paper by two organizers?"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Route, expect

from tests.browser.deciding import at
from tests.browser.desks import Desk, Organizer, Sit
from tests.browser.test_desk_for_everybody import nothing_grave
from tests.servers import Server, project_ids

pytestmark = pytest.mark.browser
START = """mutation Start($input: ImportInput!) {
  startImport(input: $input) { job { id uploadUrl } problems { message } } }"""
PB = """META
key;value
description;A park or a pool
country;Poland
unit;{unit}
instance;2024
num_projects;2
num_votes;4
budget;1000
vote_type;approval
rule;greedy
date_begin;02.01.2024
date_end;03.01.2024
max_length;1
PROJECTS
project_id;cost;votes;name;selected
P1;500;3;Park;1
P2;600;1;Pool;0
VOTES
voter_id;vote
a;P1
b;P1
c;P2
d;P1,P2
"""


def file(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


async def shown(desk: Desk, state: str) -> None:
    """The job that is shown gets into this state."""
    await expect(desk.page.locator(".job .chip")).to_have_text(state)


async def sent(organizer: Organizer, text: str, **given: Any) -> str:
    """Have a program start an import and send its file whole; the end of the job's address."""
    asked = {"input": {**given, "size": len(text)}}
    payload = (await organizer.api.data(START, asked, organizer.token))["startImport"]
    assert payload["problems"] == []
    url, headers = (
        organizer.api.server.origin + payload["job"]["uploadUrl"],
        {"Authorization": f"Bearer {organizer.token}"},
    )
    async with organizer.api.session.put(url, data=text.encode(), headers=headers) as response:
        assert response.status == 202
    key: str = payload["job"]["id"].removeprefix("job/")
    return key


async def values(desk: Desk, select: str) -> Any:
    """What a field offers."""
    options = desk.page.locator(f"{select} option")
    return await options.evaluate_all("(all) => all.map((one) => one.value)")


async def test_a_file_is_exported_and_fetched_and_is_among_the_recent_ones(
    sit: Sit, organizer: Organizer, closed: Server
) -> None:
    slug = await organizer.campaign("exporting")
    token = await organizer.api.sign_in("a voter whose ballot leaves")
    await organizer.api.cast(token, campaign=slug, projectIds=project_ids([2, 3], slug))
    desk = await at(sit, organizer, f"#/campaign/{slug}/files")
    assert "BALLOTS" not in await values(desk, "#export-content")
    desk = await at(sit, organizer, f"#/campaign/{slug}/files", at=closed, width=360)
    await desk.page.locator("#export-content").select_option("BALLOTS")
    await expect(desk.page.locator("#export-help")).to_contain_text("no voter, no id")
    assert await values(desk, "#export-format") == ["CSV", "PABULIB", "JSON_LINES"]
    await desk.press("Start export")
    await shown(desk, "Done")
    await expect(desk.page.get_by_text("It can be downloaded until ")).to_be_visible()
    async with desk.page.expect_download() as fetched:
        await desk.page.get_by_role("link", name="Download file").click()
    download = await fetched.value
    assert download.suggested_filename.endswith(".csv")
    lines = (await asyncio.to_thread(Path(await download.path()).read_text, "utf-8-sig")).splitlines()
    assert len(lines) == 2
    assert "2017-03-22" in lines[1]
    await desk.page.get_by_role("link", name="Back to files").click()
    await expect(desk.page.locator(".jobs li").first).to_contain_text("Export: ballots (CSV) Done")
    await desk.go("#/files")
    await expect(desk.page.locator(".jobs li").first).to_contain_text("Export: ballots (CSV) Done")


async def test_a_selection_comes_in_from_a_file_whose_upload_broke_off(sit: Sit, organizer: Organizer) -> None:
    desk = await at(sit, organizer, "#/files", width=360)
    await desk.press("Upload and import")
    await expect(desk.page.locator("#file-CAMPAIGN-problem")).to_have_text("Please choose a file.")
    await desk.page.locator("#file-CAMPAIGN").set_input_files(file("votes.csv", "1"))
    await desk.press("Upload and import")
    await expect(desk.page.locator("#file-CAMPAIGN-problem")).to_contain_text("“votes.csv” is of another type")
    desk.request_info.troubled = True
    broken: list[str] = []

    async def once(route: Route) -> None:
        if route.request.method == "PUT" and not broken:
            broken.append(route.request.headers["content-range"])
            await route.abort()
        else:
            await route.fallback()

    await desk.page.route("**/jobs/*/file", once)
    await desk.page.locator("#file-CAMPAIGN").set_input_files(file("parks.pb", PB.format(unit="Desk")))
    await desk.fill(campaign="parks-at-the-desk")
    await desk.press("Upload and import")
    await shown(desk, "Done")
    assert broken == [f"bytes 0-{len(PB.format(unit='Desk')) - 1}/{len(PB.format(unit='Desk'))}"]
    numbers = desk.page.locator(".import-report .numbers")
    await expect(numbers).to_contain_text("Ballots accepted3Ballots refused1Candidates2")
    await expect(desk.page.locator(".import-report")).to_contain_text("Too many choices1")
    await expect(desk.page.get_by_text("Candidates of which the file's totals and the count differ: 1")).to_be_visible()
    await desk.page.get_by_role("link", name="Open the selection").click()
    await expect(desk.page.locator("h1")).to_contain_text("A park or a pool")


async def test_a_file_that_is_wrong_is_refused_by_line_and_nothing_is_kept(sit: Sit, organizer: Organizer) -> None:
    desk = await at(sit, organizer, "#/files", locale="zh-CN")
    wrong = PB.format(unit="Wrong").replace("num_votes;4", "num_votes;many")
    await desk.page.locator("#file-CAMPAIGN").set_input_files(file("wrong.pb", wrong))
    await desk.press("上传并导入")
    await shown(desk, "未成功")
    await expect(desk.page.locator(".wrong-lines li").first).to_contain_text("第8行")
    await expect(desk.page.locator(".import-report")).to_have_count(0)


async def test_an_upload_goes_on_after_a_reload_from_where_it_was(sit: Sit, organizer: Organizer) -> None:
    text = PB.format(unit="Reloaded")
    given = {"content": "CAMPAIGN", "format": "PABULIB", "fileName": "long.pb", "size": len(text)}
    job = (await organizer.api.data(START, {"input": given}, organizer.token))["startImport"]["job"]
    headers = {"Authorization": f"Bearer {organizer.token}", "Content-Range": f"bytes 0-99/{len(text)}"}
    url = organizer.api.server.origin + job["uploadUrl"]
    async with organizer.api.session.put(url, data=text[:100].encode(), headers=headers) as response:
        assert response.status == 200
    desk = await at(sit, organizer, f"#/files/{job['id'].removeprefix('job/')}")
    await expect(desk.page.get_by_text("The upload is not complete; 1 KB have arrived.")).to_be_visible()
    await desk.page.locator("#file-again").set_input_files(file("long.pb", text + "x"))
    await expect(desk.page.locator(".upload .problem")).to_contain_text("This is another file")
    ranges: list[str] = []
    desk.page.on("request", lambda request: ranges.append(request.headers.get("content-range", request.method)))
    await desk.page.locator("#file-again").set_input_files(file("long.pb", text))
    await shown(desk, "Done")
    assert [each for each in ranges if each == "HEAD" or each.startswith("bytes")] == [
        "HEAD",
        f"bytes 100-{len(text) - 1}/{len(text)}",
    ]


async def paper(desk: Desk, text: str, place: str, **more: str) -> None:
    """Upload a batch of paper."""
    await desk.page.locator("summary", has_text="Ballots on paper").click()
    await desk.fill(place=place, day="2017-03-22")
    await desk.choose(**more)
    await desk.page.locator("#file-BALLOTS").set_input_files(file("station.csv", text))
    await desk.press("Upload and check")


async def test_paper_is_checked_by_line_and_counts_once_another_organizer_has_approved_it(
    sit: Sit, organizer: Organizer
) -> None:
    slug = await organizer.campaign("on-paper")
    desk = await at(sit, organizer, f"#/campaign/{slug}/files", width=360)
    await paper(desk, "ballot,choices\n1,1 2\n2,77\n", "Station 3")
    await shown(desk, "Failed")
    await expect(desk.page.locator(".wrong-lines li")).to_contain_text("Line 3: ")
    await desk.page.get_by_role("link", name="Back to files").click()
    await paper(desk, "ballot,choices\n1,1 2\n2,77\n3,2\n", "Station 3", errorPolicy="SKIP_REFUSED")
    await shown(desk, "Waits for a second organizer")
    await expect(desk.page.get_by_text("You have uploaded this batch, so you cannot approve it")).to_be_visible()
    await expect(desk.page.get_by_role("button", name="Approve")).to_have_count(0)
    other = await sit("zh-CN", 360)
    await other.enter("a second organizer")
    await other.go(f"#/campaign/{slug}/files")
    batch = other.page.locator(".waiting-batches li")
    await expect(batch).to_contain_text("Station 3 · 3月22日 · 纸质")
    await expect(batch).to_contain_text("共2张选票，有问题的1行不计入")
    await batch.get_by_role("link", name="查看这一批").click()
    await expect(other.page.locator(".wrong-lines li")).to_contain_text("第3行：单元格B3")
    await expect(other.page.locator("table", has_text="批准后各候选将得的票数")).to_contain_text("候选票数1122")
    await other.page.get_by_role("button", name="批准").click()
    await expect(other.dialog).to_contain_text("Station 33月22日的2张选票立即计入。")
    await other.dialog.locator("button.main").first.click()
    await other.done()
    await shown(other, "完成")
    await shown(desk, "Done")
    await desk.go(f"#/campaign/{slug}")
    await expect(desk.page.locator("table", has_text="Ballots by channel")).to_contain_text("Paper2")
    await desk.go(f"#/campaign/{slug}/trail")
    await expect(desk.page.locator(".trail")).to_contain_text("Station 3")
    await expect(desk.page.locator(".trail")).to_contain_text("ChannelPaper")


async def test_a_batch_that_waits_can_be_cancelled(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("cancelled-paper")
    desk = await at(sit, organizer, f"#/campaign/{slug}/files")
    await paper(desk, "ballot,choices\n1,1\n", "Station 4")
    await shown(desk, "Waits for a second organizer")
    await desk.page.locator(".job .row").get_by_role("button", name="Stop and undo").click()
    await expect(desk.dialog.get_by_role("button", name="Cancel", exact=True)).to_have_count(1)
    await desk.dialog.locator("button.main").first.click()
    await desk.done()
    await shown(desk, "Cancelled")


async def test_candidates_come_from_a_spreadsheet_made_of_the_template(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("sheet", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}/files")
    await desk.page.locator("summary", has_text="Candidates from a spreadsheet").click()
    async with desk.page.expect_download() as fetched:
        await desk.press("Download a template")
    path = await (await fetched.value).path()
    head = (await asyncio.to_thread(Path(path).read_text, "utf-8-sig")).strip()
    columns = head.split(",")
    row = {"number": "7", "title": "七号", "title_en": "Work 7"}
    wrong = ",".join(row.get(column, "") for column in columns).replace("7,", "seven,", 1)
    await desk.page.locator("#file-PROJECTS").set_input_files(file("sheet.csv", f"{head}\n{wrong}\n"))
    await desk.press("Upload candidates")
    await shown(desk, "Failed")
    await expect(desk.page.locator(".wrong-lines li").first).to_contain_text("Line 2: ")
    await desk.page.get_by_role("link", name="Back to files").click()
    await desk.page.locator("summary", has_text="Candidates from a spreadsheet").click()
    right = ",".join(row.get(column, "") for column in columns)
    untitled = right.replace("七号", "").replace("Work 7", "")
    await desk.page.locator("#file-PROJECTS").set_input_files(file("sheet.csv", f"{head}\n{untitled}\n"))
    await desk.press("Upload candidates")
    await shown(desk, "Failed")
    await expect(desk.page.locator(".wrong-lines li").first).to_contain_text("Line 2: “Title or name” is missing")
    await desk.page.get_by_role("link", name="Back to files").click()
    await desk.page.locator("summary", has_text="Candidates from a spreadsheet").click()
    await desk.page.locator("#file-PROJECTS").set_input_files(file("sheet.csv", f"{head}\n{right}\n"))
    await desk.press("Upload candidates")
    await shown(desk, "Done")
    await desk.page.get_by_role("link", name="See the candidates").click()
    await expect(desk.page.locator("[data-number='7']")).to_contain_text("Work 7")


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "dark"), ("en-GB", "light")])
async def test_axe_finds_nothing_serious_about_files(
    sit: Sit, organizer: Organizer, axe: str, locale: str, scheme: str
) -> None:
    slug = await organizer.campaign(f"seen-files-{scheme}")
    draft = await organizer.campaign(f"drawn-files-{scheme}", presented=False)
    text = PB.format(unit=scheme).replace("num_votes;4", "num_votes;many" if scheme == "dark" else "num_votes;4")
    whole = await sent(organizer, text, content="CAMPAIGN", format="PABULIB", fileName=f"{'long_' * 20}.pb")
    rows = "ballot,choices\n1,1 2\n2,77\n"
    batch = {"place": "Station 5", "day": "2017-03-22", "errorPolicy": "SKIP_REFUSED", "campaign": slug}
    station = await sent(organizer, rows, content="BALLOTS", format="CSV", fileName="station.csv", **batch)
    desk = await at(sit, organizer, "#/files", locale=locale, width=320, color_scheme=scheme, reduced_motion="reduce")
    await nothing_grave(desk, axe, "files")
    for address in (f"#/files/{whole}", f"#/campaign/{slug}/files/{station}"):
        await desk.go(address)
        await expect(desk.page.locator(".wrong-lines li").first).to_be_visible()
        await nothing_grave(desk, axe, address)
    for address in (f"#/campaign/{slug}/files", f"#/campaign/{draft}/files"):
        await desk.go(address)
        await desk.page.locator("details.group > summary").click()
        await desk.page.locator("details.group button.main").click()
        await expect(desk.page.locator("details.group .problem:not(:empty)").first).to_be_visible()
        await nothing_grave(desk, axe, address)
