"""Check that the values of a file, each of which may be valid by itself, are consistent with each other.

Values of a wrong type are skipped (the schema reports them), so one mistake hides no other.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

from api.domain.folding import fold
from api.formats.campaign_toml.decisions import decision_findings
from api.formats.campaign_toml.errors import Finding, Tree, described, key_of
from api.formats.campaign_toml.raw_values import tables, time_at, value_at, values_in

K = TypeVar("K")
MAX_VOTING_SPAN = timedelta(days=366)


def campaign_findings(tree: Tree, districts: list[str] | None) -> list[Finding]:
    """Find the inconsistencies of a campaign file. districts: the codes that exist; None when they are unknown."""
    return [
        *_window(tree),
        *_choices(tree),
        *_stages(tree),
        *decision_findings(tree),
        *_repeated(tree, "stages", "code"),
        *_repeated(tree, "criteria", "code"),
        *_repeated(tree, "projects", "number"),
        *_repeated_titles(tree),
        *(finding for index, project in tables(tree, "projects") for finding in _project(index, project, districts)),
    ]


def districts_findings(tree: Tree) -> list[Finding]:
    """Find the inconsistencies of a districts file."""
    return list(_repeated(tree, "districts", "code"))


def district_codes(tree: Tree) -> list[str]:
    """Return the codes that a districts file defines."""
    return [code for _, code in values_in(tree, "districts", "code", str)]


def _window(tree: Tree) -> Iterator[Finding]:
    opens, closes = time_at(tree, "voting_window", "opens_at"), time_at(tree, "voting_window", "closes_at")
    published = time_at(tree, "published_at")
    place = ("voting_window", "closes_at")
    if opens and closes and closes <= opens:
        yield Finding(place, f"is {described(closes)}, not after opens_at", f"Write a time after {opens.isoformat()}.")
    if opens and closes and closes - opens > MAX_VOTING_SPAN:
        yield Finding(
            place, f"is {described(closes)}, {(closes - opens).days} days after opens_at", "Write at most 366 days."
        )
    if closes and published and published < closes:
        problem = f"is {described(published)}, before voting closes"
        yield Finding(("published_at",), problem, f"Write {closes.isoformat()} or a later time, or leave it out.")


def _choices(tree: Tree) -> Iterator[Finding]:
    minimum, maximum = (value_at(tree, int, "rules", "choices", name) for name in ("minimum", "maximum"))
    projects = value_at(tree, list, "projects")
    if minimum is not None and maximum is not None and minimum > maximum:
        place = ("rules", "choices", "minimum")
        yield Finding(place, f"is {described(minimum)}, more than maximum", f"Write {described(maximum)} or less.")
    if maximum is not None and projects is not None and maximum > len(projects):
        problem = f"is {described(maximum)}, more than there are projects"
        yield Finding(("rules", "choices", "maximum"), problem, f"Write the number {len(projects)} or less.")


def _stages(tree: Tree) -> Iterator[Finding]:
    for (_, previous), (index, seats) in pairwise(values_in(tree, "stages", "seats", int)):
        if seats > previous:
            problem = f"is {described(seats)}, more than the stage before it has"
            yield Finding(
                ("stages", index, "seats"), problem, f"Write {described(previous)} or less, or reorder the stages."
            )
    decided = list(values_in(tree, "stages", "decided", bool))
    first_open = next((index for index, is_decided in decided if not is_decided), None)
    for index, is_decided in decided:
        if is_decided and first_open is not None and index > first_open:
            problem = f"is true, but {key_of(('stages', first_open), tree)} before it is not decided"
            yield Finding(("stages", index, "decided"), problem, "Write false, or decide the stages in their order.")


def _project(index: int, project: Tree, districts: list[str] | None) -> Iterator[Finding]:
    place = ("projects", index, "district")
    level, code = project.get("level"), value_at(project, str, "district")
    if level == "DISTRICT" and "district" not in project:
        yield Finding(
            place, "is missing, but level is DISTRICT", f"Add {_district_options(districts)}, or change level."
        )
    if level in ("MUNICIPAL", "UNSTATED") and "district" in project:
        remedy = 'Write level = "DISTRICT", or remove district.'
        yield Finding(place, f"is {described(project['district'])}, but level is {level}", remedy)
    if code is not None and districts is not None and code not in districts:
        yield Finding(place, f"is {described(code)}, which names no district", f"Write {_district_options(districts)}.")
    yield from _themes(index, project)


def _district_options(districts: list[str] | None) -> str:
    return f"one of {', '.join(code[:12] for code in districts)}" if districts else "a code of the districts file"


def _themes(index: int, project: Tree) -> Iterator[Finding]:
    themes = value_at(project, list, "themes")
    if themes is not None and not 1 <= len(themes) <= 3:
        remedy = "Write one to three themes, the most fitting first."
        yield Finding(("projects", index, "themes"), f"is {described(themes)}", remedy)
    seen = []
    for position, theme in enumerate(themes or []):
        if isinstance(theme, str) and theme in seen:
            yield Finding(
                ("projects", index, "themes", position), f"is {described(theme)} again", "Name each theme once."
            )
        seen.append(theme)


def _repeated(tree: Tree, table: str, name: str) -> Iterator[Finding]:
    type_ = int if name == "number" else str
    for index, first_index, value in _repetitions(values_in(tree, table, name, type_)):
        problem = f"is {described(value)}, as in {table}[{first_index + 1}]"
        yield Finding((table, index, name), problem, f"Give each of [[{table}]] a {name} of its own.")


def _repeated_titles(tree: Tree) -> Iterator[Finding]:
    for language in ("zh", "en"):
        titles = ((i, title) for i, p in tables(tree, "projects") if (title := value_at(p, str, "title", language)))
        for index, first_index, _ in _repetitions((index, fold(title)) for index, title in titles):
            place = ("projects", index, "title", language)
            problem = f"is the title of {key_of(('projects', first_index), tree)} as well"
            yield Finding(place, problem, "Give each project a title of its own, or remove the one that is here twice.")


def _repetitions(values: Iterator[tuple[int, K]]) -> Iterator[tuple[int, int, K]]:
    """Yield each repetition of a value: its index, the index of the first occurrence, and the value."""
    first_indexes: dict[K, int] = {}
    for index, value in values:
        if value in first_indexes:
            yield index, first_indexes[value], value
        first_indexes.setdefault(value, index)
