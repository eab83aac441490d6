"""Do reviews and the trail go out as the API shows them, to organizers and auditors, and to nobody else?"""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest

from api.domain.exchange.formats import ExportContent, FileFormat
from api.testing.sandbox import SandboxServer, running
from tests.api.test_exchange import EXPORT, Desk
from tests.campaigns import at
from tests.conftest import SETTINGS
from tests.panels import AFTERWARDS, CODES, INVITING, REVIEWING, SLUG, Panelists, campaign_file, project, scores
from tests.servers import Client, Json, codes

REVIEWS = """query Reviews($slug: String!) { campaign(slug: $slug) { panel { reviews {
  state revision assigned comment reason byOrganizer total scores { criterion score } project { number } expert { number name }
  updatedAt } } } }"""
TRAIL = """query Trail($slug: String!) { trail(campaign: $slug, first: 100) { totalCount
  nodes { id at kind actor details { name value } } } }"""
TITLES = """query Titles($slug: String!) { campaign(slug: $slug) { projects(first: 100) { nodes {
  number zh: title(language: ZH) en: title(language: EN) } } } }"""
STAFF_FILES = [(ExportContent.REVIEWS, FileFormat.JSON_LINES), (ExportContent.TRAIL, FileFormat.JSON_LINES)]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """With a campaign that has a panel."""
    file: Path = campaign_file(tmp_path_factory.mktemp("panels"))
    with running([file], at=at(INVITING).isoformat(), settings=SETTINGS) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def panel(http: aiohttp.ClientSession, sandbox: SandboxServer) -> Panelists:
    """Three experts, each of whom has come to another point."""
    sandbox.reset()
    sandbox.clock.set(at(INVITING))
    tokens = {name: voter.token or "" for name, voter in sandbox.voters.items()}
    panel = Panelists(Client(http, sandbox), sandbox, tokens["organizer"], tokens["auditor"])
    await panel.join("Ann", "Bea", "=Cy")
    panel.show(REVIEWING)
    await panel.submit(1, 1, "80", "75", "3.5")
    await panel.done(
        panel.experts[2], "saveReview", project=project(1), input={"scores": scores("45"), "comment": "一言\n=1+1"}
    )
    await panel.done(panel.experts[2], "abstainFromReview", project=project(2), reason="not mine")
    await panel.done(panel.experts[3], "recuseFromReview", project=project(1), reason="a friend's")
    return panel


def rows(body: bytes) -> list[Json]:
    """The lines after the head."""
    return [json.loads(line) for line in body.decode().splitlines()][1:]


@pytest.mark.parametrize("role", ["organizer", "auditor"])
async def test_reviews_go_out_after_the_deadline_as_staff_see_them(panel: Panelists, role: str) -> None:
    desk = Desk(panel.api, getattr(panel, role))
    refused = await desk.payload(EXPORT, campaign=SLUG, content="REVIEWS", format="JSON_LINES")
    assert [problem["code"] for problem in refused["problems"]] == ["TOO_EARLY"]
    panel.show(AFTERWARDS)
    shown = (await panel.api.data(REVIEWS, {"slug": SLUG}, desk.token))["campaign"]["panel"]["reviews"]
    titles = (await panel.api.data(TITLES, {"slug": SLUG}, desk.token))["campaign"]["projects"]["nodes"]
    title = {each["number"]: {"zh": each["zh"], "en": each["en"]} for each in titles}
    found = rows(await desk.exported(SLUG, *STAFF_FILES[0]))
    assert {row["state"] for row in found} >= {"SUBMITTED", "ABSTAINED", "RECUSED"}

    def in_order(each: Json) -> tuple[int, int]:
        return each["expert"], each["project"]

    expected = [
        {
            "expert": review["expert"]["number"],
            "expert_name": review["expert"]["name"],
            "project": review["project"]["number"],
            "title": title[review["project"]["number"]],
            "state": review["state"],
            "assigned": review["assigned"],
            "scores": {each["criterion"]: Decimal(each["score"]) for each in review["scores"]},
            "total": None if review["total"] is None else Decimal(review["total"]),
            "comment": review["comment"],
            "reason": review["reason"],
            "by_organizer": review["byOrganizer"],
            "revision": review["revision"],
            "updated_at": None if review["updatedAt"] is None else datetime.fromisoformat(review["updatedAt"]),
        }
        for review in shown
    ]
    read = [
        {
            **row,
            "scores": {code: Decimal(score) for code, score in row["scores"].items()},
            "total": None if row["total"] is None else Decimal(row["total"]),
            "updated_at": None if row["updated_at"] is None else datetime.fromisoformat(row["updated_at"]),
        }
        for row in found
    ]
    assert sorted(read, key=in_order) == sorted(expected, key=in_order)
    sheet = (await desk.exported(SLUG, ExportContent.REVIEWS, FileFormat.CSV)).decode("utf-8-sig")
    assert len(sheet.splitlines()) >= len(found) + 1
    assert all(code in sheet for code in CODES)
    assert "'=Cy" in sheet


@pytest.mark.parametrize("role", ["organizer", "auditor"])
async def test_the_trail_goes_out_as_staff_see_it(panel: Panelists, role: str) -> None:
    desk = Desk(panel.api, getattr(panel, role))
    shown = (await panel.api.data(TRAIL, {"slug": SLUG}, desk.token))["trail"]
    assert shown["totalCount"] == len(shown["nodes"]) > 5
    found = rows(await desk.exported(SLUG, *STAFF_FILES[1]))
    entries = {
        (
            datetime.fromisoformat(each["at"]),
            each["kind"],
            each["actor"],
            tuple(sorted((detail["name"], detail["value"]) for detail in each["details"])),
        )
        for each in shown["nodes"]
    }
    read = {
        (datetime.fromisoformat(row["at"]), row["kind"], row["actor"], tuple(sorted(row["details"].items())))
        for row in found
    }
    assert entries <= read
    assert {kind for _, kind, _, _ in read - entries} <= {"FILE_EXPORTED"}
    assert [row["number"] for row in found] == sorted(row["number"] for row in found)


async def test_nobody_else_gets_reviews_or_the_trail(panel: Panelists) -> None:
    panel.show(AFTERWARDS)
    others = {panel.experts[1]: "FORBIDDEN", await panel.api.sign_in(): "FORBIDDEN", None: "UNAUTHENTICATED"}
    for content, format in STAFF_FILES:
        for token, code in others.items():
            answer = await panel.api.ask(
                EXPORT, {"campaign": SLUG, "content": content.name, "format": format.name}, token
            )
            assert codes(answer) == [code], (content, answer)
        desk = Desk(panel.api, panel.organizer)
        job = await desk.over(await desk.job(EXPORT, campaign=SLUG, content=content.name, format=format.name))
        path = job["url"].partition("?")[0]
        for token in others:
            headers = {} if token is None else {"Authorization": f"Bearer {token}"}
            response = await panel.api.get(path, headers=headers)
            assert response.status in {401, 404}, (content, response)
