"""How many projects there are in each group of a campaign."""

import strawberry

from api.domain.campaigns import campaign, facets
from api.domain.campaigns.filtering import ProjectFilter
from api.domain.campaigns.groups import Grouping
from api.schema.common.texts import text


@strawberry.type(description="A group of projects, and how many of them a filter keeps.")
class Facet:
    """Shows domain.campaigns.facets.Facet."""

    facet: strawberry.Private[facets.Facet]
    value: str = strawberry.field(description="What a `ProjectFilter` names it by: a code, or the name of a level.")
    name: str = text(lambda facet: facet.facet.name, "Its name for people.")
    count: int = strawberry.field(description="How many projects of it the filter keeps; 0 where it keeps none.")

    @classmethod
    def of(cls, facet: facets.Facet) -> "Facet":
        return cls(facet=facet, value=facet.code, count=facet.count)


@strawberry.type(
    description="How many projects there are in each group, of those that a filter keeps: what a front-end shows beside the "
    "boxes that one ticks."
)
class Facets:
    """Shows domain.campaigns.facets.facets."""

    districts: list[Facet] = strawberry.field(description="By district, in the order of the codes.")
    levels: list[Facet] = strawberry.field(description="By who carries them.")
    themes: list[Facet] = strawberry.field(
        description="By theme, in the campaign's order; a project of several themes counts for each."
    )

    @classmethod
    def of(cls, campaign: campaign.Campaign, filter: ProjectFilter | None) -> "Facets":
        counted = facets.facets(campaign, filter)
        districts, levels, themes = (
            [Facet.of(facet) for facet in counted[grouping]]
            for grouping in (Grouping.DISTRICT, Grouping.LEVEL, Grouping.THEME)
        )
        return cls(districts=districts, levels=levels, themes=themes)
