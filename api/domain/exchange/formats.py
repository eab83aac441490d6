"""The formats of files, and what they may hold."""

from enum import Enum

from api.domain.campaigns.problems import ActFailed, ProblemCode, refused
from api.domain.texts import Text, joined


class FileFormat(Enum):
    """How a file is written."""

    PABULIB = "The exchange format of participatory budgeting, `.pb`: campaign, projects and ballots in one file."
    CSV = "Comma-separated values in UTF-8, for people and their spreadsheets."
    JSON_LINES = "A JSON object a line, for programs; the first line names the schema and its version."
    TOML = "A campaign file, as `pingxuan load` takes it."
    REPORT = "The report of a selection, as one HTML page."


class ExportContent(Enum):
    """What an export holds."""

    CAMPAIGN = "The campaign: its texts, rules, stages and projects."
    PROJECTS = "The projects, one a row."
    BALLOTS = (
        "The ballots that count, in random order: of each its voting day, its channel and its projects. "
        "No voter, no id, no time of the day."
    )
    RESULTS = "The ranking: votes, shares and ranks."
    TURNOUT = "How many ballots were cast by voting day, hour and channel. Small numbers are withheld."
    REVIEWS = "The experts' reviews, for staff."
    TRAIL = "The audit trail of the campaign, for staff."


class ImportContent(Enum):
    """What an import brings."""

    CAMPAIGN = "A campaign that there is not yet, with its ballots where the file has any."
    PROJECTS = "Projects of a campaign that is being prepared."
    BALLOTS = "Ballots of a polling place, on paper or cast there. A second organizer approves them."


FOR_STAFF = (ExportContent.REVIEWS, ExportContent.TRAIL)
EXPORTED = {
    FileFormat.PABULIB: (ExportContent.BALLOTS,),
    FileFormat.CSV: tuple(ExportContent),
    FileFormat.JSON_LINES: tuple(ExportContent),
    FileFormat.TOML: (ExportContent.CAMPAIGN,),
    FileFormat.REPORT: (ExportContent.RESULTS,),
}
IMPORTED = {
    FileFormat.PABULIB: (ImportContent.CAMPAIGN,),
    FileFormat.TOML: (ImportContent.CAMPAIGN,),
    FileFormat.CSV: (ImportContent.PROJECTS, ImportContent.BALLOTS),
}
SUFFIXES = {
    FileFormat.PABULIB: ".pb",
    FileFormat.CSV: ".csv",
    FileFormat.JSON_LINES: ".jsonl",
    FileFormat.TOML: ".toml",
    FileFormat.REPORT: ".html",
}
MEDIA_TYPES = {
    FileFormat.PABULIB: "text/plain; charset=utf-8",
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.JSON_LINES: "application/jsonl; charset=utf-8",
    FileFormat.TOML: "application/toml; charset=utf-8",
    FileFormat.REPORT: "text/html; charset=utf-8",
}


def unsupported(format: FileFormat, content: ExportContent | ImportContent) -> ActFailed:
    """The refusal of a content that this format does not hold; the message says which formats do."""
    table = EXPORTED if isinstance(content, ExportContent) else IMPORTED
    fitting = [each.name for each, contents in table.items() if content in contents]
    return refused(
        ProblemCode.UNSUPPORTED_FORMAT,
        Text(
            "{format}不能承载{content}，请改用{fitting}。",
            "{format} does not hold {content}. Choose {fitting}.",
            format=format.name,
            content=content.name,
            fitting=joined(fitting, "、", " or "),
        ),
        *(("format",) if isinstance(content, ExportContent) else ("input", "format")),
    )
