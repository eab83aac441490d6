"""Projects, and pages of them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, TypeAlias

import strawberry

from api.content.commonmark import to_html
from api.context import Info
from api.domain.campaigns import campaign, filtering, projects
from api.domain.campaigns.filtering import shuffle_seeds
from api.domain.campaigns.projects import Outcome, ProjectLevel, ProjectOrderField, Standing
from api.domain.ids import ProjectId
from api.domain.paging import PageArgs
from api.execution.shared_parts import BY_LANGUAGE, Room, SharedObject, SharedParts
from api.schema.campaign_contents import Image, Link, VoidedVotes
from api.schema.campaign_details import Figure, Theme
from api.schema.campaigns import LAZY, award_types, campaign_types, district_types, result_types
from api.schema.common.nodes import Node
from api.schema.common.paging import Connection, Edge
from api.schema.common.texts import NO_TEXT, LanguageArgument, TagArgument, optional_own_text, own_text, translated
from api.schema.inputs import Filter, project_filter
from api.schema.search import SearchMatch
from api.services.listing import ProjectOrder, in_district, projects_page
from api.services.snapshots import Snapshot


def projects_shown(campaign: campaign.Campaign, numbers: Iterable[int], info: Info) -> list["Project"]:
    """Return the projects of these numbers, in this order."""
    return list(map(projects_by_number(campaign, info.context.snapshot), numbers))


@strawberry.type(
    description="A project that stands in a campaign. What its source does not state is null, never guessed."
)
class Project(Node, SharedObject):
    """Shows domain.campaigns.projects.Project."""

    value: strawberry.Private[projects.Project]
    stands_in: strawberry.Private[campaign.Campaign]
    number: int = strawberry.field(description="Its number as printed on the notice.")
    title: str = own_text(lambda project: project.value.title, "Its title, the Chinese one exactly as printed.")
    summary: str = own_text(
        lambda project: project.value.summary or NO_TEXT,
        "What it does and for whom, in two or three sentences; empty where the source gives none.",
    )
    organization: str | None = optional_own_text(
        lambda project: project.value.organization, "Who leads it; null where the source names nobody."
    )
    level: ProjectLevel = strawberry.field(description="Who carries it: the city, a district, or not stated.")
    start_year: int | None = strawberry.field(description="The year it began; null where the source gives none.")
    outcome: Outcome = strawberry.field(
        description="How far it has come in the selection; `CANDIDATE` until an outcome is published."
    )
    code: str | None = strawberry.field(
        description="As its organizers write it, such as `M/01/VII`; null where they have only numbers."
    )
    description: str | None = optional_own_text(
        lambda project: project.value.description,
        "A longer text about it, in CommonMark; null where nobody has written one.",
    )
    cost: Decimal | None = strawberry.field(
        description="What it costs, in the campaign's `currency`; null where nobody has said."
    )
    standing: Standing = strawberry.field(description="Whether it can be voted for.")
    standing_reason: str | None = optional_own_text(
        lambda project: project.value.standing_reason, "Why it does not stand; null while it does."
    )

    @classmethod
    def of(cls, campaign: campaign.Campaign, number: int) -> "Project":
        value = campaign.by_number[number]
        return cls(
            id=strawberry.ID(str(ProjectId(campaign.slug, number))),
            value=value,
            stands_in=campaign,
            number=number,
            level=value.level,
            start_year=value.start_year,
            outcome=value.outcome,
            code=value.code,
            cost=value.cost,
            standing=value.standing,
        )

    @strawberry.field(description="What it is about, of its campaign's themes, the most fitting first.")
    def themes(self) -> list[Theme]:
        return [Theme.of(theme) for theme in self.value.themes]

    @strawberry.field(
        description="The `description` as HTML that a page may show as it is: without scripts, without styles, and with no "
        "pictures but this server's own; links go to `http`, `https` and `mailto`. Null where there is no description.",
        metadata=BY_LANGUAGE,
    )
    def description_html(self, info: Info, language: LanguageArgument = None, tag: TagArgument = None) -> str | None:
        text, context = self.value.description, info.context
        shown = None if text is None else translated(text, language or context.language, tag)
        return None if shown is None else to_html(shown, context.root_path)

    @strawberry.field(description="Pictures of it, the most telling first.")
    def images(self) -> list[Image]:
        return [Image.of(image) for image in self.value.images]

    @strawberry.field(description="Pages about it.")
    def links(self) -> list[Link]:
        return [Link.of(link) for link in self.value.links]

    @strawberry.field(description="Since when it does not stand; null while it does.")
    def standing_since(self) -> datetime | None:
        since = self.value.standing_since
        return None if since is None else self.stands_in.calendar.local(since)

    @strawberry.field(description="Which votes for it count nowhere, and why, the earliest decision first.")
    def voided_votes(self) -> list[VoidedVotes]:
        voided = (each for each in self.stands_in.voided_votes if each.position == self.value.position)
        return [VoidedVotes.of(each, self.stands_in) for each in voided]

    @strawberry.field(description="What it has won; null until that is published, and for those that have won nothing.")
    def award(self) -> Annotated["award_types.Award", LAZY] | None:
        return award_types.award_of(self.stands_in, self.value.award)

    @strawberry.field(description="The campaign it stands in.")
    def campaign(self) -> Annotated["campaign_types.Campaign", LAZY]:
        return campaign_types.Campaign.of(self.stands_in)

    @strawberry.field(description="Its district; null for municipal projects and where the source names none.")
    def district(self) -> Annotated["district_types.District", LAZY] | None:
        district = self.value.district
        return None if district is None else district_types.District.of(district, self.stands_in)

    @strawberry.field(description="Numbers about it, as the source states them.")
    def figures(self) -> list[Figure]:
        """Return the figures in the source's order."""
        return [Figure.of(figure) for figure in self.value.figures]

    @strawberry.field(description="Its votes and rank; null while the viewer may not see the standings.")
    async def result(self, info: Info) -> Annotated["result_types.Result", LAZY] | None:
        """Return its result on all voting days."""
        return await result_types.visible_result(self.stands_in, self.number, info)


@strawberry.type(description="A project's place in a list.")
class ProjectEdge(Edge[Project]):
    """One project of a page."""

    filter: strawberry.Private[filtering.ProjectFilter | None]

    @strawberry.field(
        description="Where the words of the filter's `search` were found, by field; empty without a search. Words found "
        "only under `not` are no matches."
    )
    def matches(self) -> list[SearchMatch]:
        found = () if self.filter is None else self.filter.found_in(self.node.value)
        return [SearchMatch.of(match) for match in found]


@strawberry.type(description="A page of projects, as the GraphQL Cursor Connections specification has it.")
class ProjectConnection(Connection[Project]):
    """A page of projects; its keys are their numbers."""

    filter: strawberry.Private[filtering.ProjectFilter | None]

    @strawberry.field(description="The items with their cursors.")
    def edges(self) -> list[ProjectEdge]:
        pairs = zip(self.page.cursors, self.nodes, strict=True)
        return [ProjectEdge(cursor=cursor, node=node, filter=self.filter) for cursor, node in pairs]


ProjectByNumber: TypeAlias = Callable[[int], Project]


def projects_by_number(campaign: campaign.Campaign, snapshot: Snapshot) -> ProjectByNumber:
    """Return a function from numbers to the campaign's projects, each of which is made once for a snapshot."""
    room = snapshot.cached(Room, Room)

    def make(number: int) -> Project:
        project = Project.of(campaign, number)
        project.parts = SharedParts(room)
        return project

    return snapshot.cached((Project, campaign), lambda: cache(make))


def page_of_projects(
    campaign: campaign.Campaign,
    info: Info,
    filter: Filter,
    order: ProjectOrder,
    page_args: PageArgs,
    district: projects.District | None = None,
) -> ProjectConnection:
    """Return a page of a campaign's projects, or of those of a district. Raises ApiError BAD_INPUT."""
    domain_filter = project_filter(filter)
    if district is not None:
        domain_filter = in_district(domain_filter, district)
    if order.has(ProjectOrderField.SHUFFLED):
        order = replace(order, seeds=shuffle_seeds(campaign, info.context.lot_key, info.context.now))
    page = projects_page(campaign, domain_filter, order, page_args, info.context.collation)
    project = projects_by_number(campaign, info.context.snapshot)
    return ProjectConnection(page=page, nodes=[project(number) for number in page.keys], filter=domain_filter)
