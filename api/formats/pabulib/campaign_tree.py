"""The campaign that a file is of, as campaign files have it, and what of the file has no place there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.domain.campaigns.projects import MAX_THEMES
from api.domain.exchange.ballot_files import BallotFile
from api.formats.campaign.consistency import MAX_VOTING_SPAN
from api.formats.campaign.project_shapes import MAX_NUMBER
from api.formats.pabulib import names
from api.formats.pabulib.cells import Cell
from api.formats.pabulib.meta import Terms
from api.formats.pabulib.places import zone_of
from api.formats.pabulib.projects import FileProject
from api.formats.pabulib.vocabulary import NO_CURRENCY, NO_LANGUAGE, PLACES

MAX_EDITION = 9_999  # of a campaign
Tree = dict[str, Any]
PLACES_OF_KEYS: Mapping[str, tuple[str | int, ...]] = {  # which keys of META make which part of the tree
    "description": ("title",),
    "unit": ("organizer",),
    "language": ("languages",),
    "currency": ("currency",),
    "edition": ("edition",),
    "date_begin": ("voting_window",),
    "date_end": ("voting_window", "closes_at"),
    "num_projects": ("rules", "choices"),
    "min_length": ("rules", "choices", "minimum"),
    "max_length": ("rules", "choices", "maximum"),
    "min_length_per_category": ("rules", "groups"),
    "max_length_per_category": ("rules", "groups", 0, "maximum"),
    "max_sum_cost": ("rules", "budget"),
    "rule": ("stages",),
}


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file without mistakes. project_columns, vote_columns: the headers."""

    meta: Mapping[str, Cell]
    terms: Terms
    projects: Mapping[str, FileProject]
    project_columns: Sequence[str]
    vote_columns: Sequence[str]
    ballots: int

    def said(self, key: str) -> str:
        """What META has under a key; empty for nothing."""
        return self.meta[key].text if key in self.meta else ""


def ballot_file(read: ReadFile) -> BallotFile:
    """All that a file says besides its ballots."""
    numbers = numbers_of(read.projects)
    ordered = sorted(read.projects.values(), key=lambda project: numbers[project.code])
    official = {project.code: project.votes for project in read.projects.values() if project.votes is not None}
    return BallotFile(
        tree=_tree(read, ordered, numbers),
        ballots=read.ballots,
        official=official or None,
        withdrawn=frozenset(project.code for project in ordered if project.cost is None),
        extras={
            "meta": {key: cell.text for key, cell in read.meta.items() if cell.text},
            "projects": {project.code: dict(project.cells) for project in ordered},
            "order": list(read.projects),  # as the file has them
            "columns": {"projects": list(read.project_columns), "votes": list(read.vote_columns)},
            "ballots": read.ballots,
        },
        lines=_lines(read, ordered),
    )


def _lines(read: ReadFile, projects: Sequence[FileProject]) -> dict[tuple[str | int, ...], int]:
    """Where the places of the tree come from."""
    found = {place: read.meta[key].line for key, place in PLACES_OF_KEYS.items() if key in read.meta}
    return found | {("projects", index): project.line for index, project in enumerate(projects)}


def numbers_of(codes: Sequence[str] | Mapping[str, Any]) -> dict[str, int]:
    """The number of each project: its id where all ids are such numbers, else its place in the file."""
    if all(code.isascii() and code.isdecimal() and code[0] != "0" and int(code) <= MAX_NUMBER for code in codes):
        return {code: int(code) for code in codes}
    return {code: number for number, code in enumerate(codes, 1)}


def _tree(read: ReadFile, projects: Sequence[FileProject], numbers: Mapping[str, int]) -> Tree:
    tag = language_of(read.said("language"))
    zone, opens_at, closes_at = _window(read)
    themes = names.codes((name for project in projects for name in categories(project.cells)), "category")
    districts = names.codes((name for project in projects if (name := place_of(project.cells))), "district")
    winners = sum(bool(project.selected) for project in projects)
    needs_cost = read.terms.limit is not None
    return {
        "slug": names.slug(read.said(key) for key in ("unit", "subunit", "district", "instance")),
        "time_zone": zone,
        "languages": [tag],
        **_texts(read, tag),
        **_optional(read),
        "results_visibility": "LIVE",
        "voting_window": {"opens_at": opens_at, "closes_at": closes_at},
        "rules": _rules(read.terms, len(projects)),
        "stages": [_stage(len(projects), winners, tag, closes_at)],
        "themes": [{"code": code, "name": {tag: name}} for name, code in themes.items()],
        "own_districts": [{"code": code, "name": {tag: name}} for name, code in districts.items()],
        "projects": [
            _project(project, numbers[project.code], tag, (themes, districts), needs_cost=needs_cost)
            | ({"outcome": "WINNER" if project.selected else "NOT_SELECTED"} if winners else {})
            for project in projects
        ],
    }


def _texts(read: ReadFile, tag: str) -> Tree:
    unit, instance = read.said("unit"), read.said("instance")
    title = names.shown(read.said("description")) or names.shown(f"{unit} {instance}") or "?"
    return {"title": {tag: title}, "organizer": {tag: names.shown(unit) or names.shown(read.said("country")) or "?"}}


def _optional(read: ReadFile) -> Tree:
    """What there may be: a number for the edition, and a currency where anything costs something."""
    edition, currency = read.said("edition"), read.said("currency")
    is_number = edition.isascii() and edition.isdecimal() and 0 < int(edition) <= MAX_EDITION
    has_money = read.terms.limit is not None or any(project.cost is not None for project in read.projects.values())
    money = {"currency": currency if _is_currency(currency) else NO_CURRENCY} if has_money else {}
    return {**({"edition": int(edition)} if is_number else {}), **money}


def language_of(text: str) -> str:
    """The tag of a language by its code in ISO 639."""
    return text if text.isascii() and text.isalpha() and text.islower() and len(text) in (2, 3) else NO_LANGUAGE


def _is_currency(text: str) -> bool:
    return text.isascii() and text.isalpha() and text.isupper() and len(text) == 3


def categories(cells: Mapping[str, str]) -> list[str]:
    """The names of a project's themes."""
    return names.listed(cells.get("category", ""))


def place_of(cells: Mapping[str, str]) -> str | None:
    """Where a project is, in the first of the columns that says it."""
    return next((name for column in PLACES if (name := names.place(cells.get(column, ""))) is not None), None)


def summary_of(cells: Mapping[str, str]) -> str | None:
    """What a project is, on one line."""
    text = names.place(cells.get("description", ""))
    return None if text is None else names.shown_at_length(text)


def _window(read: ReadFile) -> tuple[str, datetime, datetime]:
    """From the first midnight to the last on the country's clocks, at most so long as campaigns may be, the end of it."""
    begins, ends = read.terms.begins, read.terms.ends
    if begins is None or ends is None:
        raise ValueError("a file without dates is a mistake that has been found before")
    midnights = [datetime.combine(day, time()) for day in (begins, ends + timedelta(days=1))]
    midnights[0] = max(midnights[0], midnights[1] - MAX_VOTING_SPAN)
    zone = zone_of(read.said("country"), midnights)
    opens_at, closes_at = (midnight.replace(tzinfo=ZoneInfo(zone)) for midnight in midnights)
    if closes_at.timestamp() - opens_at.timestamp() > MAX_VOTING_SPAN.total_seconds():
        opens_at += timedelta(days=1)
    return zone, opens_at, closes_at


def _rules(terms: Terms, projects: int) -> Tree:
    fewest, most = max(terms.fewest or 1, 1), min(terms.most or projects, projects)
    each = {"minimum": terms.fewest_each or None, "maximum": terms.most_each}
    bounds = {key: value for key, value in each.items() if value is not None}
    return {
        "choices": {"minimum": fewest, "maximum": most},
        "quota": {"limit": 1, "period": "CAMPAIGN"},
        **({"groups": [{"group_by": "THEME", **bounds}]} if bounds else {}),
        **({} if terms.limit is None else {"budget": {"limit": f"{terms.limit:f}"}}),
    }


def _stage(projects: int, winners: int, tag: str, closes_at: datetime) -> Tree:
    """The stage that has selected projects; where none is, one whose seats are not known, so that all have a place."""
    named = {"name": {tag: "selected"}, "code": "SELECTED"}  # as the column is called, in whatever language
    if winners:
        return {**named, "seats": winners, "decided": True, "decided_at": closes_at, "ties": ["RECORDED_DECISION"]}
    return {**named, "seats": projects, "decided": False, "kind": "PUBLIC_VOTE", "ties": ["ALL_IN"]}


def _project(
    project: FileProject,
    number: int,
    tag: str,
    codes: tuple[Mapping[str, str], Mapping[str, str]],
    *,
    needs_cost: bool,
) -> Tree:
    themes, districts = codes
    cells, place = project.cells, place_of(project.cells)
    texts = {
        "summary": summary_of(cells),
        "organization": names.place(cells.get("proposer", "")),
    }
    cost = f"{project.cost:f}" if project.cost is not None else "0" if needs_cost else None
    return {
        "number": number,
        "code": project.code,
        "title": {tag: names.shown(cells.get("name", "")) or project.code},
        **{key: {tag: text} for key, text in texts.items() if text is not None},
        **({} if place is None else {"level": "DISTRICT", "district": districts[place]}),
        "themes": [themes[name] for name in categories(cells)[:MAX_THEMES]],
        **({} if cost is None else {"cost": cost}),
    }
