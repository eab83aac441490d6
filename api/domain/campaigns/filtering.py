"""Filters, search and sort orders of projects."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from api.domain.campaigns.projects import Outcome, Project, ProjectLevel
from api.domain.campaigns.search import Match, Search
from api.domain.texts import LocalizedText


@dataclass(frozen=True)
class ProjectFilter:
    """Matches a project that meets every condition; inside a list any value suffices. None: no condition.

    exclude: what this filter matches is left out. within: only what this filter matches too.
    """

    districts: tuple[str, ...] | None = None
    levels: tuple[ProjectLevel, ...] | None = None
    themes: tuple[str, ...] | None = None
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
    def _themes(self) -> frozenset[str]:
        return frozenset(self.themes or ())

    @cached_property
    def _search(self) -> Search:
        return Search(self.search or "")

    def matches(self, project: Project) -> bool:
        """Return whether the project meets all conditions."""
        return (
            (self.districts is None or (project.district is not None and project.district.code in self._districts))
            and (self.levels is None or project.level in self.levels)
            and (self.themes is None or not self._themes.isdisjoint(theme.code for theme in project.themes))
            and (self.numbers is None or project.number in self._numbers)
            and (self.outcomes is None or project.outcome in self.outcomes)
            and (self.search is None or self._search.matches(project))
            and (self.exclude is None or not self.exclude.matches(project))
            and (self.within is None or self.within.matches(project))
        )

    def found_in(self, project: Project) -> tuple[Match, ...]:
        """Return where the searches that the project had to meet have found their words; () without a search."""
        found = self._search.found_in(project)
        return found if self.within is None else (*found, *self.within.found_in(project))


class ProjectOrderField(Enum):
    """By what projects are listed. Equal values are listed by number."""

    NUMBER = "The number printed on the notice."
    TITLE = (
        "The title in the caller's language: Chinese by pinyin, English by letter. Quotes and other punctuation count only "
        "between titles that are equal without them, and 第2 comes before 第10."
    )
    DISTRICT = "The code of the district; projects without one come last, whatever the direction."
    START_YEAR = "The year it began; projects whose source gives none come last, whatever the direction."


def project_sort_key(field: ProjectOrderField, text_key: Callable[[LocalizedText], Any]) -> Callable[[Project], Any]:
    """Return the key function for this field; it gives None for a project without such a value.

    text_key: the place of a text among others, in the caller's language.
    """
    match field:
        case ProjectOrderField.NUMBER:
            return lambda project: project.number
        case ProjectOrderField.TITLE:
            return lambda project: text_key(project.title)
        case ProjectOrderField.DISTRICT:
            return lambda project: project.district and project.district.code
        case ProjectOrderField.START_YEAR:
            return lambda project: project.start_year
