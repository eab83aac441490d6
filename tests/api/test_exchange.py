"""Does everything go out and come in again as the descriptions in the schema say, for whoever has nothing but those?"""

import asyncio
import hashlib
import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from api.domain.exchange.formats import EXPORTED, MEDIA_TYPES, ExportContent, FileFormat
from api.testing.sandbox import SandboxClock, SandboxServer
from tests.pabulib_files import approval_file
from tests.servers import SLUG, Client, Json

JOB = """
  id state url uploadUrl received size sha256 done total expiresAt approvable campaign { slug }
  problems { code message(language: EN) ... on FileProblem { line violations } }
  result { projects accepted refused { code count } totals { code official counted } differences { code } }
"""
ASK = f"query Ask($id: ID!) {{ job(id: $id) {{ {JOB} }} }}"
PROBLEMS = "problems { code message(language: EN) path }"
EXPORT = f"""mutation Export($campaign: String!, $content: ExportContent!, $format: FileFormat!) {{
  startExport(campaign: $campaign, content: $content, format: $format) {{ job {{ {JOB} }} {PROBLEMS} }} }}"""
IMPORT = f"mutation Import($input: ImportInput!) {{ startImport(input: $input) {{ job {{ {JOB} }} {PROBLEMS} }} }}"
APPROVE = f"mutation Approve($job: ID!) {{ approveImport(job: $job) {{ job {{ {JOB} }} {PROBLEMS} }} }}"
GRANT = """mutation Grant($viewer: ID!, $campaign: String) {
  grantRole(viewer: $viewer, role: ORGANIZER, campaign: $campaign) { problems { code } } }"""
RESULTS = """query Results($slug: String!) { campaign(slug: $slug) { phase turnout { ballots byChannel { channel ballots } }
  results(first: 100) { nodes { votes project { number code cost } } } } }"""
TRAIL = """query Trail($slug: String!) { trail(campaign: $slug, kinds: [BALLOTS_UPLOADED, BALLOTS_APPROVED, BALLOTS_COUNTED]) {
  nodes { kind actor details { name value } } } }"""
OVER = {"DONE", "FAILED", "CANCELLED", "WAITING_FOR_APPROVAL"}
AFTERWARDS = "2017-04-01T12:00:00+08:00"
PLACE = "五里桥"
PAPER = "选票编号,所选项目\r\n0001,1 2 3 4 5 6 7 8 9 10\r\n0002,1 2 3 4 5 6 7 8 9 11\r\n"


class Desk:
    """Somebody with a token, who does as the descriptions say."""

    def __init__(self, api: Client, token: str) -> None:
        self._api = api
        self.token = token

    async def payload(self, document: str, **variables: Any) -> Json:
        [payload] = (await self._api.data(document, variables, self.token)).values()
        assert (payload["job"] is None) == bool(payload["problems"]), payload
        result: Json = payload
        return result

    async def job(self, document: str, **variables: Any) -> Json:
        payload = await self.payload(document, **variables)
        assert payload["problems"] == []
        job: Json = payload["job"]
        return job

    async def over(self, job: Json) -> Json:
        """The job once it is over, or waits for somebody."""
        async with asyncio.timeout(60):
            while job["state"] not in OVER:
                await asyncio.sleep(0.1)
                job = (await self._api.data(ASK, {"id": job["id"]}, self.token))["job"]
        return job

    async def fetched(self, job: Json) -> tuple[str, bytes]:
        """The media type and the bytes at an address, without a token."""
        response = await self._api.get(job["url"])
        assert response.status == 200, response
        assert (job["size"], job["sha256"]) == (len(response.body), hashlib.sha256(response.body).hexdigest())
        return response.headers["Content-Type"], response.body

    async def exported(self, slug: str, content: ExportContent, format: FileFormat) -> bytes:
        job = await self.over(await self.job(EXPORT, campaign=slug, content=content.name, format=format.name))
        assert (job["state"], job["problems"]) == ("DONE", []), job
        media_type, body = await self.fetched(job)
        assert media_type == MEDIA_TYPES[format]
        return body

    async def uploaded(self, body: bytes, **given: Any) -> Json:
        """The job of an import whose file has been sent, once it is over or waits for an approval."""
        job = await self.job(IMPORT, input=given)
        headers = {"Authorization": f"Bearer {self.token}"}
        url = self._api.server.origin + job["uploadUrl"]
        async with self._api.session.put(url, data=body, headers=headers) as response:
            assert response.status == 202, await response.text()
            assert json.loads(await response.text()) == {"received": len(body), "size": len(body)}
        return await self.over((await self._api.data(ASK, {"id": job["id"]}, self.token))["job"])

    async def results(self, slug: str) -> Json:
        found: Json = (await self._api.data(RESULTS, {"slug": slug}, self.token))["campaign"]
        return found


@pytest.fixture
def organizer(api: Client, pingxuan_server: SandboxServer) -> Desk:
    return Desk(api, pingxuan_server.voters["organizer"].token)


@pytest.fixture
async def second(api: Client, organizer: Desk, pingxuan_server: SandboxServer) -> Desk:
    """Another organizer of the same campaign."""
    chen = pingxuan_server.voters["chen"]
    await api.data(GRANT, {"viewer": chen.id, "campaign": SLUG}, organizer.token)
    return Desk(api, chen.token)


def json_lines(body: bytes) -> list[Json]:
    return [json.loads(line) for line in body.decode().splitlines()]


LOOKS: dict[FileFormat, Callable[[bytes], bool]] = {
    FileFormat.PABULIB: lambda body: body.startswith(b"META\n"),
    FileFormat.CSV: lambda body: body.startswith(b"\xef\xbb\xbf") and b"\r\n" in body,
    FileFormat.JSON_LINES: lambda body: "schema" in json.dumps(json_lines(body)[0]),
    FileFormat.TOML: lambda body: tomllib.loads(body.decode())["slug"] == SLUG,
    FileFormat.REPORT: lambda body: b"<!doctype html>" in body[:100].lower(),
}


async def test_every_content_goes_out_in_every_format_that_holds_it(
    api: Client, organizer: Desk, pingxuan_clock: SandboxClock
) -> None:
    for _ in range(3):
        await api.cast(await api.sign_in())
    pingxuan_clock.set(AFTERWARDS)
    for format, contents in EXPORTED.items():
        for content in (each for each in contents if each is not ExportContent.REVIEWS):
            body = await organizer.exported(SLUG, content, format)
            assert LOOKS[format](body), (content, format, body[:200])
    ballots = json_lines(await organizer.exported(SLUG, ExportContent.BALLOTS, FileFormat.JSON_LINES))
    assert len(ballots) == 3 + 1
    refused = await organizer.payload(EXPORT, campaign=SLUG, content="REVIEWS", format="CSV")
    assert [problem["code"] for problem in refused["problems"]] == ["NO_PANEL"]
    results = (await organizer.exported(SLUG, ExportContent.RESULTS, FileFormat.CSV)).decode("utf-8-sig").splitlines()
    assert len(results) >= 50 + 1


async def test_a_pabulib_file_becomes_a_campaign_and_comes_out_as_it_went_in(api: Client, organizer: Desk) -> None:
    file = approval_file(1).with_meta(date_begin="06.02.2017", date_end="19.02.2017")
    job = await organizer.uploaded(file.content(), content="CAMPAIGN", format="PABULIB", fileName="a.pb")
    assert (job["state"], job["problems"], job["url"], job["uploadUrl"]) == ("DONE", [], None, None), job
    assert job["done"] == job["total"] == len(file.ballots())
    result, slug = job["result"], job["campaign"]["slug"]
    counted: dict[str, int] = {}
    for _, codes in file.ballots():
        for code in codes:
            counted[code] = counted.get(code, 0) + 1
    assert result["accepted"] + sum(each["count"] for each in result["refused"]) == len(file.ballots())
    assert {each["code"]: each["counted"] for each in result["totals"] if each["counted"]} == counted
    first = await organizer.results(slug)
    assert {n["project"]["code"]: n["votes"] for n in first["results"]["nodes"] if n["votes"]} == counted
    assert first["turnout"]["ballots"] == result["accepted"]

    out = await organizer.exported(slug, ExportContent.BALLOTS, FileFormat.PABULIB)
    again = await organizer.uploaded(
        out, content="CAMPAIGN", format="PABULIB", fileName="b.pb", campaign=f"{slug}-again", size=len(out)
    )
    assert (again["state"], again["problems"]) == ("DONE", []), again
    assert again["campaign"] == {"slug": f"{slug}-again"}
    assert again["result"]["differences"] == []
    second = await organizer.results(f"{slug}-again")
    assert second["turnout"] == first["turnout"]
    assert _by_code(second) == _by_code(first)


def _by_code(campaign: Json) -> dict[str, tuple[int, str]]:
    nodes = campaign["results"]["nodes"]
    return {node["project"]["code"]: (node["votes"], node["project"]["cost"]) for node in nodes}


async def test_a_file_that_is_wrong_leaves_nothing_behind(api: Client, organizer: Desk) -> None:
    body = approval_file(1).content().replace(b"vote_type;approval", b"vote_type;ordinal")
    job = await organizer.uploaded(body, content="CAMPAIGN", format="PABULIB", fileName="a.pb", campaign="ranked")
    assert (job["state"], job["campaign"], job["result"]) == ("FAILED", None, None)
    assert [problem["code"] for problem in job["problems"]] == ["UNSUPPORTED_FILE"]
    assert "ordinal" in job["problems"][0]["message"]
    assert (await api.data('{ campaign(slug: "ranked") { slug } }', token=organizer.token))["campaign"] is None


async def test_paper_counts_once_a_second_organizer_has_approved_it(
    api: Client, organizer: Desk, second: Desk, pingxuan_clock: SandboxClock
) -> None:
    given = {"content": "BALLOTS", "format": "CSV", "campaign": SLUG, "place": PLACE, "day": "2017-03-22"}
    pingxuan_clock.set("2017-03-23T09:00:00+08:00")
    job = await organizer.uploaded(PAPER.encode(), fileName="五里桥.csv", **given)
    assert (job["state"], job["problems"], job["approvable"]) == ("WAITING_FOR_APPROVAL", [], False), job
    assert (job["result"]["accepted"], job["result"]["refused"]) == (2, [])
    assert sum(each["counted"] for each in job["result"]["totals"]) == 20
    assert (await organizer.results(SLUG))["turnout"]["ballots"] == 0
    own = await organizer.payload(APPROVE, job=job["id"])
    assert [problem["code"] for problem in own["problems"]] == ["SECOND_ORGANIZER"]

    approved = await second.over(await second.job(APPROVE, job=job["id"]))
    assert (approved["state"], approved["problems"], approved["result"]["accepted"]) == ("DONE", [], 2), approved
    turnout = (await organizer.results(SLUG))["turnout"]
    assert turnout["ballots"] == 2
    assert {each["channel"]: each["ballots"] for each in turnout["byChannel"] if each["ballots"]} == {"PAPER": 2}
    entries = (await api.data(TRAIL, {"slug": SLUG}, organizer.token))["trail"]["nodes"]
    assert [entry["kind"] for entry in entries] == ["BALLOTS_COUNTED", "BALLOTS_APPROVED", "BALLOTS_UPLOADED"]
    assert all(PLACE in json.dumps(entry, ensure_ascii=False) for entry in entries)
    assert len({entry["actor"] for entry in entries if entry["kind"] != "BALLOTS_COUNTED"}) == 2

    again = await organizer.uploaded(PAPER.encode(), fileName="五里桥2.csv", **given)
    if again["state"] == "WAITING_FOR_APPROVAL":
        told = await second.payload(APPROVE, job=again["id"])
        assert [problem["code"] for problem in told["problems"]] == ["BATCH_KNOWN"]
    else:
        assert (again["state"], [problem["code"] for problem in again["problems"]]) == ("FAILED", ["BATCH_KNOWN"])
    assert (await organizer.results(SLUG))["turnout"]["ballots"] == 2


async def test_a_wrong_row_of_paper_is_named_by_its_line(organizer: Desk, pingxuan_clock: SandboxClock) -> None:
    pingxuan_clock.set("2017-03-23T09:00:00+08:00")
    given = {"content": "BALLOTS", "format": "CSV", "campaign": SLUG, "place": PLACE, "day": "2017-03-22"}
    wrong = (PAPER + "0003,1 2 3\r\n").encode()
    job = await organizer.uploaded(wrong, fileName="a.csv", **given)
    assert job["state"] == "FAILED"
    [problem] = job["problems"]
    assert (problem["code"], problem["line"], problem["violations"]) == ("BALLOT_REFUSED", 4, ["TOO_FEW_CHOICES"])
    skipped = await organizer.uploaded(wrong, fileName="a.csv", errorPolicy="SKIP_REFUSED", **given)
    assert (skipped["state"], [each["line"] for each in skipped["problems"]]) == ("WAITING_FOR_APPROVAL", [4])
    assert (skipped["result"]["accepted"], skipped["result"]["refused"]) == (
        2,
        [{"code": "TOO_FEW_CHOICES", "count": 1}],
    )
