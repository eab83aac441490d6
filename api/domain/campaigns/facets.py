"""How many projects of a campaign are in each of its groups, of those that a filter keeps."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.filtering import ProjectFilter
from api.domain.campaigns.groups import Group, Grouping, groups_of
from api.domain.texts import LocalizedText, Text


@dataclass(frozen=True, slots=True)
class Facet:
    """A group by its code, and how many projects are in it; 0 where the filter keeps none."""

    code: str
    name: Text | LocalizedText
    count: int


def facets(campaign: Campaign, filter: ProjectFilter | None) -> Mapping[Grouping, tuple[Facet, ...]]:
    """Count the projects in each group: themes in the campaign's order, districts and levels by code."""
    kept = frozenset(name for name, project in campaign.by_id.items() if filter is None or filter.matches(project))
    groups = groups_of(campaign.by_id)
    counted = {
        grouping: tuple(_facet(group, kept) for group in groups[grouping].values())
        for grouping in (Grouping.DISTRICT, Grouping.LEVEL)
    }
    themes = Counter(theme.code for name in kept for theme in campaign.by_id[name].themes)
    return {**counted, Grouping.THEME: tuple(Facet(t.code, t.name, themes[t.code]) for t in campaign.themes)}


def _facet(group: Group, kept: frozenset[str]) -> Facet:
    return Facet(group.code, group.name, len(group.project_ids & kept))
