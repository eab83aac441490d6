"""Import projects of a campaign from a sheet, by the validator that serves putProjects."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ActFailed, ErrorPolicy, Problem
from api.domain.exchange.jobs import ImportResult, ImportTerms, JobState
from api.domain.exchange.problems import MAX_KEPT_PROBLEMS, FileProblem, FileRefused, unreadable
from api.domain.exchange.project_rows import ProjectRow, project_trees
from api.domain.texts import Text
from api.ports import Campaigns
from api.ports.exchange import ProjectSheetReader
from api.ports.jobs import JobEnd
from api.services.campaign_acts import unknown_campaign
from api.services.campaign_life import CampaignLife
from api.services.exchange.uploads import whole_file
from api.services.jobs.work import JobWork

PROJECTS = "projects"


@dataclass(frozen=True, slots=True)
class ProjectImportHandler:
    """A JobHandler of imports of PROJECTS."""

    campaigns: Campaigns
    life: CampaignLife
    read: ProjectSheetReader

    async def run(self, work: JobWork) -> JobEnd:
        """Put the projects of the file. Raises FileRefused, and ActFailed, as when they are frozen."""
        slug, terms = work.job.campaign or "", work.job.terms
        campaign = await self.campaigns.campaign(slug)
        if campaign is None:
            raise unknown_campaign(slug)
        if not isinstance(terms, ImportTerms):
            raise TypeError(f"the job {work.job.id} is no import")
        content = await whole_file(work)
        districts = await self.campaigns.districts()
        rows, problems = await asyncio.to_thread(self.read, content, campaign, districts)
        if not rows and not problems:
            raise FileRefused([_no_projects()])
        stored = await self.life.written_back(campaign)
        trees = project_trees(rows, stored[PROJECTS], await _first_number(work, campaign))
        if problems and (terms.policy is ErrorPolicy.ALL_OR_NOTHING or not rows):
            raise FileRefused(_in_order([*problems, *await self._others(stored, trees, rows)]))
        try:
            _, put = await self.life.put_projects(slug, work.job.requested_by, trees, None, terms.policy)
        except ActFailed as failed:
            raise FileRefused(_in_order([*problems, *_placed(failed.problems, rows)])) from failed
        found = _in_order([*problems, *_placed(put.problems, rows)])
        await work.progress(len(rows), len(rows))
        return JobEnd(JobState.DONE, ImportResult(len(put.numbers)), found[:MAX_KEPT_PROBLEMS], len(found))

    async def undo(self, work: JobWork) -> None:
        """Nothing is stored before everything is, in one transaction."""

    async def _others(
        self, stored: Mapping[str, Any], trees: Sequence[Mapping[str, Any]], rows: Sequence[ProjectRow]
    ) -> Sequence[FileProblem]:
        """What is wrong by the rules of campaign files with the rows that could be read, where nothing will be stored."""
        numbers = {tree["number"] for tree in trees}
        others = [tree for tree in stored[PROJECTS] if tree["number"] not in numbers]
        found = self.life.check(dict(stored), [*trees, *others], await self.campaigns.districts())
        return [each for each in _placed(found, rows) if each.line is not None]


async def _first_number(work: JobWork, campaign: Campaign) -> int:
    """From where on rows without a number are counted: the same in every attempt, of which an earlier one may have stored."""
    if work.job.checkpoint is None:
        number = max(campaign.by_number, default=0) + 1
        await work.progress(0, checkpoint=str(number))
        return number
    return int(work.job.checkpoint)


def _placed(problems: Sequence[Problem], rows: Sequence[ProjectRow]) -> list[FileProblem]:
    """Problems of putProjects with their places in the file."""
    return [_of_file(problem, rows) for problem in problems]


def _of_file(problem: Problem, rows: Sequence[ProjectRow]) -> FileProblem:
    match problem.path:
        case ("projects", index, *keys) if index.isdecimal() and int(index) < len(rows):
            row = rows[int(index)]
            key = re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", keys[0]) if keys else ""
            return FileProblem(problem.code, problem.message, problem.path, row.line, row.columns.get(key, 1))
    return FileProblem(problem.code, problem.message, problem.path)


def _in_order(problems: Sequence[FileProblem]) -> list[FileProblem]:
    return sorted(problems, key=lambda each: (each.line or 0, each.column or 0))


def _no_projects() -> FileProblem:
    return unreadable(
        Text(
            "文件中没有项目。请在标题下每行写一个。",
            "The file has no projects. Write one in each row below the headings.",
        ),
        1,
    )
