"""Queries about campaigns, districts and projects, and about anything by its id."""

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeAlias

import strawberry

from api.context import Info
from api.domain.campaigns.directory import Directory
from api.domain.errors import bad_input
from api.domain.ids import (
    BallotId,
    CampaignId,
    DistrictId,
    ExpertId,
    JobId,
    NodeId,
    ProjectId,
    ResultId,
    ReviewId,
    parse_id,
)
from api.domain.paging import page
from api.domain.texts import Text
from api.resolvers.ballots import find_ballots
from api.resolvers.jobs import find_job
from api.schema.ballots import Ballot
from api.schema.campaigns.campaign_types import Campaign
from api.schema.campaigns.district_types import District
from api.schema.campaigns.project_types import Project, ProjectConnection, page_of_projects, projects_by_number
from api.schema.campaigns.result_types import visible_result
from api.schema.common.nodes import Node
from api.schema.common.paging import After, Before, Connection, First, Last, page_args
from api.schema.inputs import CampaignArgument, Filter, OrderProjects, ThenProjects, project_order
from api.schema.reviews import find_expert, find_review

ListedId: TypeAlias = CampaignId | DistrictId | ProjectId | ResultId
MAX_NODES = 100  # ids that `nodes` takes at once
Id = Annotated[
    strawberry.ID, strawberry.argument(description="An id as this API has given it, such as `district/310115`.")
]
Ids = Annotated[
    list[strawberry.ID], strawberry.argument(description=f"Ids as this API has given them, at most {MAX_NODES}.")
]
Code = Annotated[
    str, strawberry.argument(description="Its code: in GB/T 2260, such as `310115`, or as its campaign has it.")
]
GazetteerCampaign = Annotated[
    str | None, strawberry.argument(description="The slug of a campaign that has districts of its own.")
]
ProjectCode = Annotated[str | None, strawberry.argument(description="How its organizers write it, such as `M/01/VII`.")]
Number = Annotated[int | None, strawberry.argument(description="Its number as printed on the notice.")]


async def _find_nodes(info: Info, ids: Sequence[str]) -> list[Node | None]:
    """Find what these ids name, the ballots with one query. Raises ApiError BAD_INPUT for a text that is no id."""
    names = [_parse(text) for text in ids]
    ballots = await find_ballots(info, [name.key for name in names if isinstance(name, BallotId)])
    return [await find_node(info, name, ballots) for name in names]


def _parse(text: str) -> NodeId:
    name = parse_id(text)
    if name is None:
        raise bad_input(
            Text(
                "“{text}”不是有效的id。id形如campaign/shanghai-2017、district/310115、project/shanghai-2017/17。",
                "“{text}” is no id. Ids look like campaign/shanghai-2017, district/310115, project/shanghai-2017/17.",
                text=text[:80],
            ),
        )
    return name


async def find_node(info: Info, name: NodeId, ballots: Mapping[str, Ballot]) -> Node | None:
    """Find what an id names; ballots: those that were found, by their keys."""
    if isinstance(name, BallotId):
        return ballots.get(name.key)
    if isinstance(name, JobId):
        return await find_job(info, name.key)
    if isinstance(name, ExpertId):
        return await find_expert(info, name)
    return await find_review(info, name) if isinstance(name, ReviewId) else await _listed(info, name)


def check_number(ids: Sequence[object], argument: str) -> None:
    """Raise ApiError BAD_INPUT where an argument names more than are looked up at once."""
    if len(ids) > MAX_NODES:
        raise bad_input(
            Text(
                "{argument}最多{max_nodes}个，收到{ids}个。",
                "{argument} takes at most {max_nodes} ids; it had {ids}.",
                argument=argument,
                max_nodes=MAX_NODES,
                ids=len(ids),
            ),
            argument=argument,
            limit="nodes",
            most=MAX_NODES,
            actual=len(ids),
        )


async def _listed(info: Info, name: ListedId) -> Node | None:
    """Find what the directory has under an id, or the result of a project in it."""
    directory = info.context.snapshot.directory
    if isinstance(name, DistrictId):
        return _district(directory, name)
    campaign = directory.campaigns.get(name.slug if isinstance(name, CampaignId) else name.campaign)
    if campaign is None or isinstance(name, CampaignId):
        return None if campaign is None else Campaign.of(campaign)
    if name.number not in campaign.by_number:
        return None
    if isinstance(name, ProjectId):
        return projects_by_number(campaign, info.context.snapshot)(name.number)
    known_day = name.day is None or name.day in campaign.calendar.days
    return await visible_result(campaign, name.number, info, name.day) if known_day else None


def _district(directory: Directory, name: DistrictId) -> District | None:
    """Find a district of the shared gazetteer, or of a campaign's own."""
    if not name.gazetteer:
        shared = directory.districts.get(name.code)
        return None if shared is None else District.of(shared)
    campaign = directory.campaigns.get(name.gazetteer)
    own = campaign.own_districts if campaign is not None else ()
    return next((District.of(district, campaign) for district in own if district.code == name.code), None)


@strawberry.type
class CampaignQueries:
    """Root fields that read the directory."""

    @strawberry.field(description="Anything by its id; null when nothing has that id.")
    async def node(self, info: Info, id: Id) -> Node | None:
        """One thing."""
        return (await _find_nodes(info, [id]))[0]

    @strawberry.field(
        description="Several things by their ids, in the order of the ids; null for each that does not exist."
    )
    async def nodes(self, info: Info, ids: Ids) -> list[Node | None] | None:
        """Many things."""
        check_number(ids, "ids")
        return await _find_nodes(info, ids)

    @strawberry.field(description="Every campaign, the latest opening first.")
    def campaigns(
        self, info: Info, first: First = 20, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Campaign] | None:
        """A page of the campaigns."""
        campaigns = info.context.snapshot.directory.newest_first
        identity = ("campaigns", tuple(campaign.slug for campaign in campaigns))
        listed = page(range(len(campaigns)), identity, page_args(first, after, last, before))
        return Connection(page=listed, nodes=[Campaign.of(campaigns[position]) for position in listed.keys])

    @strawberry.field(description="A campaign by its slug, null when there is none; without a slug the featured one.")
    def campaign(self, info: Info, slug: CampaignArgument = None) -> Campaign | None:
        """One campaign."""
        directory = info.context.snapshot.directory
        campaign = directory.featured(info.context.now) if slug is None else directory.campaigns.get(slug)
        return None if campaign is None else Campaign.of(campaign)

    @strawberry.field(description="Every district, by code, whether or not it has a candidate.")
    def districts(self, info: Info) -> list[District]:
        """All districts."""
        districts = info.context.snapshot.directory.districts
        return [District.of(districts[code]) for code in sorted(districts)]

    @strawberry.field(
        description="A district by its code; null when there is none. One of a campaign's own needs the campaign."
    )
    def district(self, info: Info, code: Code, campaign: GazetteerCampaign = None) -> District | None:
        """One district."""
        own = campaign is not None and bool(info.context.campaign(campaign).own_districts)
        return _district(info.context.snapshot.directory, DistrictId(code, campaign or "" if own else ""))

    @strawberry.field(description="The projects that stand in a campaign.")
    def projects(
        self,
        info: Info,
        campaign: CampaignArgument = None,
        filter: Filter = None,
        order_by: OrderProjects = None,
        then_by: ThenProjects = None,
        first: First = 20,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> ProjectConnection | None:
        """A page of the projects."""
        args = page_args(first, after, last, before)
        selected = info.context.campaign(campaign)
        order = project_order(order_by, then_by, selected.project_order)
        return page_of_projects(selected, info, filter, order, args)

    @strawberry.field(
        description="A project by its number in a campaign, or by its code; null when there is none. With both, it has both."
    )
    def project(
        self, info: Info, number: Number = None, campaign: CampaignArgument = None, code: ProjectCode = None
    ) -> Project | None:
        """One project."""
        if number is None and code is None:
            raise bad_input(
                Text("请给出项目的number或code。", "Give the project's number or its code."), argument="number"
            )
        found = info.context.campaign(campaign)
        meant = (p.number for p in found.projects if number in (None, p.number) and code in (None, p.code))
        chosen = next(meant, None)
        return None if chosen is None else projects_by_number(found, info.context.snapshot)(chosen)
