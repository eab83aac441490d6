"""Filters, search and sort orders of projects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Outcome, Project, ProjectLevel, ProjectOrderField, Standing
from api.domain.campaigns.search import Match, Search
from api.domain.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class CostRange:
    """Costs from minimum to maximum, both included; None for no such bound."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def holds(self, cost: Decimal | None) -> bool:
        """Return whether a cost lies in it; one that is not known does not."""
        return (
            cost is not None
            and (self.minimum is None or cost >= self.minimum)
            and (self.maximum is None or cost <= self.maximum)
        )


@dataclass(frozen=True)
class ProjectFilter:
    """Matches a project that meets every condition; inside a list any value suffices. None: no condition.

    exclude: what this filter matches is left out. any_of: one of these matches too. within: only what this filter matches too.
    """

    districts: tuple[str, ...] | None = None
    levels: tuple[ProjectLevel, ...] | None = None
    themes: tuple[str, ...] | None = None
    numbers: tuple[int, ...] | None = None
    outcomes: tuple[Outcome, ...] | None = None
    codes: tuple[str, ...] | None = None
    standings: tuple[Standing, ...] | None = None
    cost: CostRange | None = None
    search: str | None = None
    any_of: "tuple[ProjectFilter, ...] | None" = None
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
            and (self.codes is None or project.code in self.codes)
            and (self.standings is None or project.standing in self.standings)
            and (self.cost is None or self.cost.holds(project.cost))
            and (self.any_of is None or any(each.matches(project) for each in self.any_of))
            and (self.search is None or self._search.matches(project))
            and (self.exclude is None or not self.exclude.matches(project))
            and (self.within is None or self.within.matches(project))
        )

    def found_in(self, project: Project) -> tuple[Match, ...]:
        """Return where the searches that the project had to meet have found their words; () without a search."""
        filters = [each for each in self.any_of or () if each.matches(project)]
        filters += [] if self.within is None else [self.within]
        found = [*self._search.found_in(project), *(match for each in filters for match in each.found_in(project))]
        return tuple(dict.fromkeys(found))


def shuffle_seeds(campaign: Campaign, viewer: str, now: datetime) -> tuple[str, str]:
    """Return what decides the shuffled order of today, and of the voting day before, in which a list may go on.

    viewer: the pseudonym of whoever is signed in, or "". Before voting opens and after it has closed the order stays.
    """
    days = campaign.calendar.days
    place = max(0, sum(day <= campaign.calendar.day_of(now) for day in days) - 1)
    today, before = (f"{campaign.slug}\0{viewer}\0{days[each]}" for each in (place, max(0, place - 1)))
    return today, before


def project_sort_key(
    field: ProjectOrderField, text_key: Callable[[LocalizedText], Any], seed: str = ""
) -> Callable[[Project], Any]:
    """Return the key function for this field; it gives None for a project without such a value.

    text_key: the place of a text among others, in the caller's language. seed: what decides a shuffled order.
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
        case ProjectOrderField.COST:
            return lambda project: project.cost
        case ProjectOrderField.SHUFFLED:
            return lambda project: sha256(f"{seed}\0{project.number}".encode()).digest()
