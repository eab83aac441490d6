"""What rules say of the rows of a file, for whoever has the file and not the API."""

from api.domain.texts import Text
from api.domain.voting.rules.base import Violation, listed
from api.domain.voting.rules.eligible_projects import UnknownProjects


def message_of(violation: Violation) -> Text:
    """What is wrong with a row, and what to do about it in the file."""
    if not isinstance(violation, UnknownProjects):
        return violation.message
    projects = listed(violation.project_ids)
    return Text(
        "该评选没有这些项目：{projects}。请更正此行，或先加入项目。",
        "The campaign has no project {projects}. Correct the row, or add the project first.",
        projects=projects,
    )
