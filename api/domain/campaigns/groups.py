"""The groups that a campaign's projects form: by theme, by district and by level."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, assert_never

from api.domain.campaigns.projects import Project, ProjectLevel
from api.domain.texts import LocalizedText, Text


class Grouping(Enum):
    """By what projects are grouped."""

    THEME = "By theme; a project of several themes is in several groups."
    DISTRICT = "By district; projects without one are in no group."
    LEVEL = "By who carries them: the city, a district, or not stated."


@dataclass(frozen=True, slots=True)
class Group:
    """Projects that have something in common, by their ids; code: of their theme, district or level."""

    code: str
    name: Text | LocalizedText
    project_ids: frozenset[str]


Groups: TypeAlias = Mapping[Grouping, Mapping[str, Group]]

LEVELS: Mapping[ProjectLevel, Text] = {
    ProjectLevel.MUNICIPAL: Text("市级", "municipal"),
    ProjectLevel.DISTRICT: Text("区级", "district"),
    ProjectLevel.UNSTATED: Text("未注明级别", "level not stated"),
}


def groups_of(projects: Mapping[str, Project]) -> Groups:
    """All groups of these projects, which are given by their ids; none is empty."""
    return {grouping: _groups(projects, grouping) for grouping in Grouping}


def _groups(projects: Mapping[str, Project], grouping: Grouping) -> Mapping[str, Group]:
    names: dict[str, Text | LocalizedText] = {}
    members: dict[str, set[str]] = {}
    for project_id, project in projects.items():
        for code, name in memberships(project, grouping):
            names[code] = name
            members.setdefault(code, set()).add(project_id)
    return {code: Group(code, names[code], frozenset(members[code])) for code in sorted(names)}


def memberships(project: Project, grouping: Grouping) -> Iterator[tuple[str, Text | LocalizedText]]:
    """The groups that a project is in, by code and name."""
    match grouping:
        case Grouping.THEME:
            yield from ((theme.code, theme.name) for theme in project.themes)
        case Grouping.DISTRICT:
            if project.district is not None:
                yield project.district.code, project.district.name
        case Grouping.LEVEL:
            yield project.level.name, LEVELS[project.level]
        case _:
            assert_never(grouping)
