"""Which jobs are in one of two worlds that differ in nothing else, and who may know of each?"""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.exchange.jobs import ExportTerms, ImportResult, ImportTerms, Job, JobKind, JobState
from api.domain.exchange.problems import unreadable
from api.domain.texts import Text
from api.storage.database.connection import open_database
from api.storage.imports import SqlImports
from tests.campaigns import both
from tests.jobs import BALLOTS, key_of
from tests.leak_campaigns import CHEN_RUNS, DRAFT, campaign
from tests.stored_jobs import a_job, store

HIDDEN, UNMADE = "hidden", "unmade"  # a campaign that is being imported, and one that an import would make
SECRET = "机密"  # in whatever a job says of itself
TITLE = "正在导入"  # of the hidden campaign
STAFF = frozenset({"organizer", "auditor"})
# By the campaign that is asked about: the number of its job, and the roles that may know of it.
SEEN_BY = {
    "close": (1, STAFF),
    DRAFT: (2, STAFF),
    CHEN_RUNS: (3, STAFF | {"chen"}),
    HIDDEN: (4, frozenset({"organizer"})),
    UNMADE: (5, frozenset({"organizer"})),
}
ASKED = {slug: key_of(number) for slug, (number, _) in SEEN_BY.items()}


def an_export(number: int, by: str, slug: str, content: ExportContent, **more: Any) -> Job:
    return a_job(number, by, campaign=slug, terms=ExportTerms(content, FileFormat.CSV), **more)


def an_import(number: int, by: str, slug: str | None, content: ImportContent, **more: Any) -> Job:
    terms = replace(BALLOTS, content=content, file_name=f"{SECRET}.csv", place=SECRET)
    if content is ImportContent.CAMPAIGN:
        terms = ImportTerms(content, FileFormat.PABULIB, f"{SECRET}.pb", slug_chosen=True)
    problems = (unreadable(Text(SECRET, SECRET), 2),)
    told = {"problems": problems, "problem_count": 1, "result": ImportResult(0, 7, {}, None, {SECRET: 7})}
    return a_job(number, by, campaign=slug, kind=JobKind.IMPORT, terms=terms, **{**told, **more})


def jobs(by: str) -> list[Job]:
    """Of an organizer of all campaigns: exports of what is hidden, paper that waits, and campaigns that are not there yet."""
    done = {"state": JobState.DONE, "received": 9, "size": 9, "sha256": "a" * 64}
    return [
        an_import(1, by, "close", ImportContent.BALLOTS, state=JobState.WAITING_FOR_APPROVAL),
        an_export(2, by, DRAFT, ExportContent.TRAIL, **done),
        an_import(3, by, CHEN_RUNS, ImportContent.BALLOTS, state=JobState.FAILED),
        an_import(4, by, HIDDEN, ImportContent.CAMPAIGN, done=5),
        an_import(5, by, UNMADE, ImportContent.CAMPAIGN, state=JobState.WAITING_FOR_FILE),
        *(
            an_export(10 + number, by, "close", content, **done)
            for number, content in enumerate((ExportContent.RESULTS, ExportContent.REVIEWS, ExportContent.TRAIL))
        ),
    ]


async def prepare(folder: Path, with_draft: Path, by: str) -> dict[str, Path]:
    """Make the databases that worlds begin with: without any job, and with all of them."""
    files = {name: folder / f"{name}.sqlite3" for name in ("no jobs", "jobs")}
    for file in files.values():
        shutil.copyfile(with_draft, file)
    url = f"sqlite://{files['jobs']}"
    async with open_database(url) as database:
        await SqlImports(database).begin(campaign(HIDDEN, title=both(TITLE, TITLE)), (), key_of(4))
    await store(url, *jobs(by))
    return files
