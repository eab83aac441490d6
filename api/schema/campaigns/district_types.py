"""Districts, and the projects that each has in a campaign."""

from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns import campaign, projects
from api.domain.ids import DistrictId
from api.schema.campaigns import LAZY, project_types
from api.schema.common.nodes import Node
from api.schema.common.paging import After, Before, First, Last, page_args
from api.schema.common.texts import own_text
from api.schema.inputs import Filter, OrderProjects, OwnCampaignArgument, ThenProjects, project_order


@strawberry.type(description="A district of the city.")
class District(Node):
    """Shows domain.campaigns.projects.District. stands_in: the campaign it was reached through; None for one by its code."""

    value: strawberry.Private[projects.District]
    stands_in: strawberry.Private[campaign.Campaign | None]
    code: str = strawberry.field(description="Its code: in GB/T 2260, such as `310115`, or as its campaign has it.")
    name: str = own_text(lambda district: district.value.name, "Its name.")

    @classmethod
    def of(cls, value: projects.District, stands_in: campaign.Campaign | None = None) -> "District":
        name = DistrictId(value.code, value.gazetteer)
        return cls(id=strawberry.ID(str(name)), value=value, stands_in=stands_in, code=value.code)

    @strawberry.field(description="The projects that this district has in a campaign.")
    def projects(
        self,
        info: Info,
        campaign: OwnCampaignArgument = None,
        filter: Filter = None,
        order_by: OrderProjects = None,
        then_by: ThenProjects = None,
        first: First = 20,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Annotated["project_types.ProjectConnection", LAZY] | None:
        args, own = page_args(first, after, last, before), self.stands_in
        selected = own if own is not None and campaign is None else info.context.campaign(campaign)
        order = project_order(order_by, then_by, selected.project_order)
        return project_types.page_of_projects(selected, info, filter, order, args, self.value)
