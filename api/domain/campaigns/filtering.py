"""Filters, search and sort orders of projects."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from api.domain.campaigns.projects import Outcome, Project, ProjectLevel, Theme
from api.domain.texts import Language, folded


@dataclass(frozen=True)
class ProjectFilter:
    """Matches a project that meets every condition; inside a list any value suffices. None: no condition.

    exclude: what this filter matches is left out. within: only what this filter matches too.
    """

    districts: tuple[str, ...] | None = None
    levels: tuple[ProjectLevel, ...] | None = None
    themes: tuple[Theme, ...] | None = None
    numbers: tuple[int, ...] | None = None
    outcomes: tuple[Outcome, ...] | None = None
    search: str | None = None
    exclude: "ProjectFilter | None" = None
    within: "ProjectFilter | None" = None

    @cached_property
    def _districts(self) -> frozenset[str]:
        return frozenset(self.districts or ())

    @cached_property
    def _numbers(self) -> frozenset[int]:
        return frozenset(self.numbers or ())

    @cached_property
    def _themes(self) -> frozenset[Theme]:
        return frozenset(self.themes or ())

    @cached_property
    def _folded_search(self) -> str:
        return folded(self.search or "")

    def matches(self, project: Project) -> bool:
        """Return whether the project meets all conditions."""
        return (
            (self.districts is None or (project.district is not None and project.district.code in self._districts))
            and (self.levels is None or project.level in self.levels)
            and (self.themes is None or not self._themes.isdisjoint(project.themes))
            and (self.numbers is None or project.number in self._numbers)
            and (self.outcomes is None or project.outcome in self.outcomes)
            and (self.search is None or self._folded_search in project.searchable)
            and (self.exclude is None or not self.exclude.matches(project))
            and (self.within is None or self.within.matches(project))
        )


class ProjectOrderField(Enum):
    """By what projects are listed. Equal values are listed by number."""

    NUMBER = "The number printed on the notice."
    TITLE = "The title in the caller's language: Chinese by pinyin for all common characters, English by letter."
    DISTRICT = "The code of the district; projects without one come last, whatever the direction."
    START_YEAR = "The year it began; projects whose source gives none come last, whatever the direction."


def title_key(project: Project, language: Language) -> Any:
    """Return the sort key of a title. GB 18030 lists the 3,755 most common Chinese characters by pinyin."""
    title = project.title.to(language)
    return title.encode("gb18030") if language is Language.ZH else folded(title)


def project_sort_key(field: ProjectOrderField, language: Language) -> Callable[[Project], Any]:
    """Return the key function for this field; it gives None for a project without such a value."""
    match field:
        case ProjectOrderField.NUMBER:
            return lambda project: project.number
        case ProjectOrderField.TITLE:
            return lambda project: title_key(project, language)
        case ProjectOrderField.DISTRICT:
            return lambda project: project.district and project.district.code
        case ProjectOrderField.START_YEAR:
            return lambda project: project.start_year
