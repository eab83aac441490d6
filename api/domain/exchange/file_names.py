"""What the file of an export is called, for programs and for people."""

import re
from collections.abc import Mapping

from api.domain.campaigns.directory import Directory
from api.domain.exchange.formats import SUFFIXES, ExportContent
from api.domain.exchange.jobs import ExportTerms, Job
from api.domain.texts import Text

MAX_TITLE = 60  # characters of a title in a name
UNSAFE = re.compile(
    r'[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069<>:"/\\|?*]+'
)  # on some system or screen
CONTENTS: Mapping[ExportContent, Text] = {
    ExportContent.CAMPAIGN: Text("评选", "campaign"),
    ExportContent.PROJECTS: Text("项目", "projects"),
    ExportContent.BALLOTS: Text("选票", "ballots"),
    ExportContent.RESULTS: Text("结果", "results"),
    ExportContent.TURNOUT: Text("投票情况", "turnout"),
    ExportContent.REVIEWS: Text("评审", "reviews"),
    ExportContent.TRAIL: Text("操作记录", "trail"),
}


def file_names(job: Job, directory: Directory) -> tuple[str, str]:
    """The name in ASCII, and the one with the campaign's title, where the directory has it."""
    slug, suffix = job.campaign or job.id, SUFFIXES[job.format]
    if not isinstance(job.terms, ExportTerms):
        return f"{slug}{suffix}", job.terms.file_name
    content = CONTENTS[job.terms.content]
    campaign = directory.campaigns.get(slug)
    title = slug if campaign is None else UNSAFE.sub(" ", campaign.title.to(job.language))[:MAX_TITLE].strip()
    return f"{slug}-{content.en}{suffix}", f"{title}-{content.to(job.language)}{suffix}"
