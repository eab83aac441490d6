"""Does every content leave whole, in every format, as its viewer sees it, from either database?"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import jsonschema_rs
import pytest

from api.bootstrap.database import open_snapshots
from api.bootstrap.exports import open_exports
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.digest import rules_digest
from api.domain.campaigns.problems import ActFailed, ProblemCode
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.export_tables import THRESHOLD
from api.domain.exchange.formats import EXPORTED, ExportContent, FileFormat
from api.domain.exchange.jobs import ExportTerms, Job, JobState
from api.domain.exchange.project_rows import project_trees
from api.domain.people.access import Grant
from api.domain.people.identity import Role
from api.domain.texts import Language
from api.formats.campaign.inputs import CampaignTrees
from api.formats.campaign_toml.reader import read_campaign_file
from api.formats.project_sheets import read_project_sheet
from api.instrumentation import NO_INSTRUMENTATION
from api.services.audit_trail import AuditRecorder
from api.services.casting import BallotCasting
from api.services.exchange.exporting import ExportHandler
from api.services.exchange.views import ExportViews
from api.services.panel_scores import PanelScores
from api.storage.audit_trail import SqlAuditTrail
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import Database
from api.storage.reviews import SqlPanels
from api.storage.roles import SqlAccessStore
from tests.campaigns import CLOSES, DURING, LOADED, SLUG, a_campaign, a_project
from tests.contracts.test_ballot_box import admission
from tests.exported import AFTER, TITLES, as_cells, keep, lines, records, review, schema, the_campaign, view, whole
from tests.jobs import an_export

CSV, JSON_LINES = FileFormat.CSV, FileFormat.JSON_LINES


@pytest.fixture
async def stored(database: Database) -> Database:
    await keep(database, the_campaign(), ballots=240)
    await review(database)
    return database


async def test_csv_says_what_json_lines_say_and_these_keep_to_their_schema(stored: Database) -> None:
    seen = await view(stored)
    for content in set(ExportContent) - {ExportContent.BALLOTS}:
        head, rows = lines(await whole(stored, content, JSON_LINES, seen))
        validator = jsonschema_rs.Draft202012Validator(schema(content), validate_formats=True)
        for line in (head, *rows):
            validator.validate(line)
        assert head["schema"] == f"pingxuan/{content.name.lower()}/1"
        assert (head["campaign"], head["made_on"]) == (SLUG, "2017-04-30")
        assert rows
        expected = [as_cells(content, seen.campaign, row, Language.ZH) for row in rows]
        assert records(await whole(stored, content, CSV, seen)) == expected, content


async def test_ballots_count_up_to_the_results_in_another_order_each_time(stored: Database) -> None:
    seen = await view(stored)
    head, rows = lines(await whole(stored, ExportContent.BALLOTS, JSON_LINES, seen))
    validator = jsonschema_rs.Draft202012Validator(schema(ExportContent.BALLOTS), validate_formats=True)
    for line in (head, *rows):
        validator.validate(line)
    assert head["ballots"] == len(rows) == 240
    votes = Counter(number for row in rows for number in row["projects"])
    _, results = lines(await whole(stored, ExportContent.RESULTS, JSON_LINES, seen))
    assert votes == {row["number"]: row["votes"] for row in results}
    again = records(await whole(stored, ExportContent.BALLOTS, CSV, seen))
    first = [as_cells(ExportContent.BALLOTS, seen.campaign, row, Language.ZH) for row in rows]
    assert again != first
    assert sorted(again) == sorted(first)


async def test_texts_of_every_kind_arrive(stored: Database) -> None:
    seen = await view(stored, language=Language.EN)
    _, rows = lines(await whole(stored, ExportContent.PROJECTS, JSON_LINES, seen))
    assert tuple(row["title"]["zh"] for row in rows[: len(TITLES)]) == TITLES
    file = (await whole(stored, ExportContent.PROJECTS, CSV, seen)).decode()
    assert file.startswith("\ufeffnumber,code,title_zh,title_en,")
    assert not any(line.startswith(("=", "-")) for line in file.splitlines())
    assert "\"'=HYPERLINK" in file
    assert ",'001," in file


async def test_a_file_of_the_campaign_makes_an_equal_one(stored: Database, tmp_path) -> None:
    seen = await view(stored)
    file = tmp_path / "again.toml"
    file.write_bytes(await whole(stored, ExportContent.CAMPAIGN, FileFormat.TOML, seen))
    again, _ = read_campaign_file(file)
    assert rules_digest(again) == rules_digest(seen.campaign)
    assert [(each.title, each.cost, each.themes) for each in again.projects] == [
        (each.title, each.cost, each.themes) for each in seen.campaign.projects
    ]


@pytest.mark.parametrize("language", Language)
async def test_an_organizers_upload_takes_exported_projects_as_they_are(stored: Database, language: Language) -> None:
    seen = await view(stored, language=language)
    content = await whole(stored, ExportContent.PROJECTS, CSV, seen)
    rows, problems = read_project_sheet(content, seen.campaign, {each.code: each for each in seen.campaign.districts})
    assert problems == []
    tree = CampaignTrees().tree(seen.campaign, ())
    sent = project_trees(rows, [], 1)
    again = CampaignTrees().read(
        {**tree, "projects": sent}, {each.code: each for each in seen.campaign.districts}, draft=False
    )
    assert isinstance(again, Campaign), again
    assert again.projects == seen.campaign.projects


async def test_small_numbers_of_the_turnout_are_withheld(stored: Database) -> None:
    head, rows = lines(await whole(stored, ExportContent.TURNOUT, JSON_LINES, await view(stored)))
    assert head["threshold"] == THRESHOLD == 10
    shown = [row["ballots"] for row in rows if not row["withheld"]]
    assert all(number == 0 or number >= THRESHOLD for number in shown)
    assert any(row["withheld"] for row in rows)
    assert all((row["ballots"] is None) == row["withheld"] for row in rows)


async def test_reviews_stay_blind_until_the_deadline_that_is_stored(stored: Database) -> None:
    early = await view(stored, CLOSES - timedelta(seconds=1))
    for format in (CSV, JSON_LINES):
        with pytest.raises(ActFailed) as refusal:
            await whole(stored, ExportContent.REVIEWS, format, early)
        assert [problem.code for problem in refusal.value.problems] == [ProblemCode.TOO_EARLY]
    _, rows = lines(await whole(stored, ExportContent.REVIEWS, JSON_LINES, await view(stored, CLOSES)))
    assert [(row["state"], row["scores"], row["total"], row["reason"]) for row in rows] == [
        ("SUBMITTED", {"CRAFT": "80", "IDEA": "9.5"}, "57.5", None),
        ("ABSTAINED", {}, None, "Not my field"),
    ]


async def test_a_campaign_without_ballots_and_panel_is_exported(database: Database) -> None:
    await keep(database, a_campaign())
    seen = await view(database)
    for content in (ExportContent.BALLOTS, ExportContent.RESULTS, ExportContent.TURNOUT):
        head, rows = lines(await whole(database, content, JSON_LINES, seen))
        assert head["schema"]
        assert len(rows) == {ExportContent.BALLOTS: 0, ExportContent.RESULTS: 50, ExportContent.TURNOUT: 1}[content]
    with pytest.raises(ActFailed, match="no panel"):
        await whole(database, ExportContent.REVIEWS, CSV, seen)


async def test_five_thousand_projects_are_exported(database: Database) -> None:
    projects = tuple(a_project(number, district=None) for number in range(1, 5_001))
    await keep(database, a_campaign(projects=projects))
    for number in range(20):
        await SqlBallotBox(database).admit(admission(number, positions=frozenset({1, 2_500, 5_000 - number})))
    seen = await view(database)
    for content in (ExportContent.PROJECTS, ExportContent.RESULTS):
        _, rows = lines(await whole(database, content, JSON_LINES, seen))
        assert len(rows) == len(records(await whole(database, content, CSV, seen))) == 5_000
    _, ballots = lines(await whole(database, ExportContent.BALLOTS, JSON_LINES, seen))
    assert sorted(ballots[0]["projects"])[:2] == [1, 2_500]
    assert sorted(row["projects"][2] for row in ballots) == list(range(4_981, 5_001))


async def test_two_exports_while_ballots_are_cast_are_each_of_one_moment(stored: Database) -> None:
    seen, done = await view(stored, DURING), asyncio.Event()

    async def vote() -> None:
        number = 1_000
        while not done.is_set():
            await SqlBallotBox(stored).admit(admission(number, positions=frozenset({1, 2})))
            number += 1

    async def export() -> None:
        file = (await whole(stored, ExportContent.BALLOTS, FileFormat.PABULIB, seen)).decode()
        before, _, ballots = file.partition("VOTES\nvoter_id;vote;voting_method\n")
        said = next(line for line in before.splitlines() if line.startswith("num_votes;"))
        votes = Counter(name for line in ballots.splitlines() for name in line.split(";")[1].split(","))
        assert said == f"num_votes;{len(ballots.splitlines())}"
        rows = [line.split(";") for line in before.partition("PROJECTS\n")[2].splitlines()]
        assert votes["005"] == 0
        assert {row[0]: row[2] for row in rows}["5"] == str(votes["5"])

    voting = asyncio.create_task(vote())
    try:
        await asyncio.gather(export(), export())
    finally:
        done.set()
        await voting


async def test_what_a_format_does_not_hold_is_refused_with_those_that_do(stored: Database) -> None:
    seen = await view(stored)
    for format, held in EXPORTED.items():
        for content in set(ExportContent) - set(held):
            with pytest.raises(ActFailed, match=r"Choose .*CSV or JSON_LINES") as refusal:
                await whole(stored, content, format, seen)
            assert refusal.value.problems[0].code is ProblemCode.UNSUPPORTED_FORMAT


@dataclass
class Work:
    """What a worker gives the handler, and what came of it."""

    job: Job
    file: bytes = b""
    told: list[tuple[int, int | None]] = field(default_factory=list)

    def pieces(self) -> AsyncIterator[bytes]:
        raise AssertionError("an export has no file before")

    async def progress(self, done: int, total: int | None = None, *_: object) -> None:
        self.told.append((done, total))

    async def write(self, piece: bytes) -> None:
        self.file += piece


def handler(database: Database, now: datetime = AFTER) -> ExportHandler:
    panels, snapshots = SqlPanels(database), open_snapshots(database)
    audit = AuditRecorder(SqlAuditTrail(database, lambda: now), b"a secret")
    casting = BallotCasting(None, None, audit, None, NO_INSTRUMENTATION)  # type: ignore[arg-type]  # nothing is cast
    return ExportHandler(
        open_exports(database), ExportViews(snapshots, casting, panels, PanelScores(panels), audit, lambda: now)
    )


async def test_a_job_writes_what_its_requester_may_see_and_tells_how_far_it_is(stored: Database) -> None:
    work = Work(an_export(1, campaign=SLUG, terms=ExportTerms(ExportContent.BALLOTS, JSON_LINES)))
    assert (await handler(stored).run(work)).state is JobState.DONE
    head, rows = lines(work.file)
    assert head["ballots"] == len(rows) == 240
    assert work.told[0] == (0, 240)
    assert work.told[-1] == (240, 240)


@pytest.mark.parametrize("content", [ExportContent.REVIEWS, ExportContent.TRAIL])
async def test_a_job_of_somebody_who_is_no_staff_any_more_writes_nothing(
    stored: Database, content: ExportContent
) -> None:
    work = Work(an_export(1, campaign=SLUG, requested_by="s" * 26, session_roles=(), terms=ExportTerms(content, CSV)))
    with pytest.raises(ApiError) as refusal:
        await handler(stored).run(work)
    assert refusal.value.code is ErrorCode.FORBIDDEN
    await SqlAccessStore(stored).grant(Grant("s" * 26, Role.AUDITOR, SLUG), LOADED)
    again = Work(work.job)
    await handler(stored).run(again)
    assert work.file == b""
    assert again.file
