"""Write the section PROJECTS: from the campaign, and from what an imported file said besides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import MAX_THEMES, Outcome, Project
from api.domain.texts import LocalizedText
from api.formats.pabulib import names
from api.formats.pabulib.campaign_tree import categories, place_of, summary_of
from api.formats.pabulib.vocabulary import PLACES, SECTIONS, WITHDRAWN_COST

UNIT_COST = Decimal(1)  # of projects whose cost nobody states
NOTHING = "-"  # where a cell may not be empty
COLUMNS = ("name", "category", "beneficiaries", "selected", "neighborhood", "subunit", "district", "description")
FURTHER_COLUMNS = ("proposer", "public_id", "latitude", "longitude")
MAY_BE_EMPTY = ("category", "beneficiaries", "latitude", "longitude")
Row = dict[str, str]


@dataclass(frozen=True)
class Written:
    """What is written: a campaign, the extras of the file that it was made from, and the votes by position."""

    campaign: Campaign
    extras: Mapping[str, Any]
    votes: Mapping[int, int]
    ballots: int

    def kept(self, key: str) -> str:
        """What the file's META had under a key; empty for nothing."""
        return str(self.extras.get("meta", {}).get(key, "")).replace("\n", " ").strip()

    def kept_of(self, project: Project) -> Mapping[str, str]:
        """What the file had of a project, by column."""
        cells = self.extras.get("projects", {}).get(project.code, {})
        return {column: str(cell).replace("\n", " ").strip() for column, cell in cells.items()}

    def text(self, text: LocalizedText) -> str:
        """A text in the campaign's first language."""
        return text.tagged(self.campaign.languages[0]) or text.translations[0][1]

    @cached_property
    def tells_selected(self) -> bool:
        """Whether it is known which projects were chosen: a decision is public, or the file had it that none was."""
        if any(each.outcome is not Outcome.CANDIDATE for each in self.campaign.projects):
            return True
        stated = {self.kept_of(project).get("selected", "") for project in self.campaign.projects}
        return "0" in stated and stated <= {"", "0"}

    def projects(self) -> Sequence[Project]:
        """In the order of the file, then of their numbers: by it ties are broken."""
        order = {code: place for place, code in enumerate(self.extras.get("order", ()))}
        return sorted(self.campaign.projects, key=lambda each: (order.get(each.code, len(order)), each.number))

    def cost(self, project: Project) -> Decimal:
        """As it is written."""
        if not project.stands:
            return WITHDRAWN_COST
        return UNIT_COST if project.cost is None else project.cost


def ids_of(campaign: Campaign) -> dict[int, str]:
    """The project_id of each project by its position: codes where all can be written so, else numbers."""
    codes = {project.position: project.code for project in campaign.projects if project.code is not None}
    is_clear = len(set(codes.values())) == len(campaign.projects)
    if is_clear and all("," not in code and code.upper() not in SECTIONS for code in codes.values()):
        return codes
    return {project.position: str(project.number) for project in campaign.projects}


def project_rows(written: Written) -> list[list[str]]:
    """The header and the rows of PROJECTS, without columns in which there is nothing."""
    ids = ids_of(written.campaign)
    rows = [(project, _cells(written, project)) for project in written.projects()]
    used = [column for column in (*COLUMNS, *FURTHER_COLUMNS) if any(cells.get(column) for _, cells in rows)]
    table = [["project_id", "cost", "votes", *used]]
    for project, cells in rows:
        first = [ids[project.position], f"{written.cost(project):f}", str(written.votes.get(project.position, 0))]
        table.append([*first, *(cells.get(column) or ("" if column in MAY_BE_EMPTY else NOTHING) for column in used)])
    return table


def _cells(written: Written, project: Project) -> Row:
    kept = written.kept_of(project)
    title = written.text(project.title)
    return {
        "name": kept.get("name", "") if names.shown(kept.get("name", "")) == title else title,
        "category": _category(written, project, kept),
        "beneficiaries": joined(kept.get("beneficiaries", "")),
        "selected": selected(written, project, kept),
        **_places(written, project, kept),
        "description": _description(written, project, kept),
        "proposer": _proposer(written, project, kept),
        "public_id": kept.get("public_id", ""),
        **_coordinates(kept),
    }


def joined(text: str) -> str:
    """A list as the format has it, with nothing around its commas."""
    return ",".join(item.strip() for item in text.split(",") if item.strip())


def _category(written: Written, project: Project, kept: Row | Mapping[str, str]) -> str:
    themes = [written.text(theme.name) for theme in project.themes]
    if categories(kept)[:MAX_THEMES] == themes:
        return joined(kept.get("category", ""))
    return ",".join(name.replace(",", "，") for name in themes)


def selected(written: Written, project: Project, kept: Mapping[str, str]) -> str:
    """Whether it was chosen, in digits: as the file had it, unless that has changed; empty where it is not to be said.

    One that won and was withdrawn is not: the checker refuses a selection of what nobody carries out.
    """
    is_winner, stated = project.stands and project.outcome is Outcome.WINNER, kept.get("selected", "")
    if not written.tells_selected:
        return ""
    return stated if stated and (stated != "0") == is_winner else str(int(is_winner))


def _places(written: Written, project: Project, kept: Mapping[str, str]) -> Row:
    name = None if project.district is None else written.text(project.district.name)
    if place_of(kept) == name:
        return {column: kept.get(column, "") for column in PLACES}
    return {} if name is None else {"district": name}


def _description(written: Written, project: Project, kept: Mapping[str, str]) -> str:
    summary = None if project.summary is None else written.text(project.summary)
    if summary == summary_of(kept):
        return kept.get("description", "")
    return summary or ""


def _proposer(written: Written, project: Project, kept: Mapping[str, str]) -> str:
    name = None if project.organization is None else written.text(project.organization)
    return kept.get("proposer", "") if name == names.place(kept.get("proposer", "")) else name or ""


def _coordinates(kept: Mapping[str, str]) -> Row:
    """Both, where both are such."""
    latitude, longitude = kept.get("latitude", ""), kept.get("longitude", "")
    return {"latitude": latitude, "longitude": longitude} if _is(latitude, 90) and _is(longitude, 180) else {}


def _is(text: str, most: int) -> bool:
    try:
        return abs(float(text.replace(",", "."))) <= most
    except ValueError:
        return False
