"""Do projects come in from a sheet by the rules of campaign files, all of them or none, and back from an export?"""

from datetime import UTC, datetime, timedelta

import pytest

from api.domain.audit_trail import TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ErrorPolicy
from api.domain.campaigns.states import CampaignState
from api.domain.exchange.export_tables import table_of
from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.exchange.jobs import ImportTerms, Job, JobKind, JobState
from api.domain.exchange.problems import FileRefused
from api.domain.exchange.tables import FileHead
from api.domain.texts import Language
from api.formats.campaign.inputs import CampaignTrees
from api.formats.exports.csv_tables import CsvTables
from api.formats.project_sheets import read_project_sheet
from api.ports.jobs import JobEnd
from api.services.audit_trail import AuditRecorder
from api.services.campaign_life import CampaignLife
from api.services.exchange.export_rows import project_row
from api.services.exchange.project_import import ProjectImportHandler
from api.services.snapshots import Snapshots
from api.storage.audit_trail import SqlAuditTrail
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.roles import SqlAccessStore
from api.storage.tallies import SqlTallies
from tests.campaigns import LOADED, OPENS, SLUG, a_campaign
from tests.paper import Killed, Work

EARLIER = OPENS - timedelta(days=7)
TODAY = datetime(2026, 11, 27, tzinfo=UTC)
SHEET = "编号,标题,title_en,主题\n3,新三,New three,THEME_1;THEME_2\n,无编号,No number,\n"


class Sheets:
    """The handler on a database in which a draft is stored."""

    def __init__(self, database: Database) -> None:
        self.database, self.store = database, SqlCampaigns(database)
        audit = AuditRecorder(SqlAuditTrail(database, lambda: EARLIER), b"a secret")
        snapshots = Snapshots(self.store, SqlTallies(database), SqlAccessStore(database))
        life = CampaignLife(self.store, CampaignTrees(), audit, snapshots, lambda: EARLIER, lambda: "salt")
        self.handler = ProjectImportHandler(self.store, life, read_project_sheet)

    def work(self, sheet: str | bytes, policy: ErrorPolicy, by: str | None = "a" * 26) -> Work:
        job = Job(
            id="b" * 26,
            kind=JobKind.IMPORT,
            state=JobState.RUNNING,
            campaign=SLUG,
            terms=ImportTerms(ImportContent.PROJECTS, FileFormat.CSV, "projects.csv", policy=policy),
            requested_by=by,
            language=Language.ZH,
            created_at=TODAY,
            expires_at=TODAY,
        )
        return Work(job, sheet.encode() if isinstance(sheet, str) else sheet)

    async def put(self, sheet: str | bytes, policy: ErrorPolicy = ErrorPolicy.ALL_OR_NOTHING) -> JobEnd:
        return await self.handler.run(self.work(sheet, policy))

    async def campaign(self) -> Campaign:
        found = await self.store.campaign(SLUG)
        assert found is not None
        return found


@pytest.fixture
async def sheets(database: Database) -> Sheets:
    draft = a_campaign(state=CampaignState.DRAFT)
    await SqlCampaigns(database).save(draft, draft.districts, LOADED)
    return Sheets(database)


async def places_of(doing) -> list[tuple[str, int | None, int | None]]:
    with pytest.raises(FileRefused) as failed:
        await doing
    return [(problem.code.name, problem.line, problem.column) for problem in failed.value.file_problems]


async def test_rows_replace_those_with_their_numbers_and_others_are_counted_on(sheets: Sheets) -> None:
    before = await sheets.campaign()
    end = await sheets.put(SHEET)
    assert (end.state, end.result and end.result.projects, end.problem_count) == (JobState.DONE, 2, 0)
    after = await sheets.campaign()
    assert after.by_number[3].title.to(Language.EN) == "New three"
    assert [theme.code for theme in after.by_number[3].themes] == ["THEME_1", "THEME_2"]
    assert after.by_number[3].summary == before.by_number[3].summary  # the sheet does not speak of it
    assert after.by_number[51].title.to(Language.ZH) == "无编号"
    rows = await sheets.database.rows("select kind, actor from trail order by number desc limit 1")
    assert (rows[0]["kind"], rows[0]["actor"] is None) == (TrailKind.PROJECTS_CHANGED.name, False)


async def test_a_second_attempt_adds_nothing(sheets: Sheets) -> None:
    work = sheets.work(SHEET, ErrorPolicy.ALL_OR_NOTHING)
    work.dies_at = 2
    with pytest.raises(Killed):
        await sheets.handler.run(work)
    work.dies_at = None
    await sheets.handler.run(work)
    assert max((await sheets.campaign()).by_number) == 51


async def test_the_validator_s_words_come_with_line_and_column(sheets: Sheets) -> None:
    wrong = "编号,标题,主题,起始年份\n3,,THEME_1,2016\n4,丁,NOTHING,2016\n5,戊,,旧\n"
    assert await places_of(sheets.put(wrong)) == [
        ("INVALID_INPUT", 2, 3),
        ("INVALID_INPUT", 3, 5),
        ("UNREADABLE_FILE", 4, 6),
    ]
    assert (await sheets.campaign()).revision == 1
    fine = f"{wrong}6,己,,\n"
    end = await sheets.put(fine, ErrorPolicy.SKIP_REFUSED)
    assert (end.result and end.result.projects, [problem.line for problem in end.problems]) == (1, [2, 3, 4])
    assert (await sheets.campaign()).by_number[6].title.to(Language.ZH) == "己"


async def test_what_is_frozen_stays(sheets: Sheets) -> None:
    await sheets.database.rows("update campaigns set state = 'ARCHIVED'")
    assert await places_of(sheets.put(SHEET)) == [("WRONG_PHASE", None, None)]


async def test_an_operator_has_no_name_on_the_trail(sheets: Sheets) -> None:
    await sheets.handler.run(sheets.work(SHEET, ErrorPolicy.ALL_OR_NOTHING, by=None))
    (row,) = await sheets.database.rows("select actor from trail where kind = 'PROJECTS_CHANGED'")
    assert row["actor"] is None


@pytest.mark.parametrize("language", Language)
async def test_an_export_comes_in_again_as_it_went_out(sheets: Sheets, language: Language) -> None:
    before = await sheets.campaign()
    table, head = table_of(ExportContent.PROJECTS, before), FileHead(SLUG, EARLIER.date(), language, {})
    writer = CsvTables()
    exported = writer.head(table, head) + writer.rows(table, head, list(map(project_row, before.projects)))
    end = await sheets.put(exported)
    assert (end.result and end.result.projects, end.problem_count) == (50, 0)
    assert (await sheets.campaign()).projects == before.projects
