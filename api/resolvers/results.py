"""Queries about results: the standings of a campaign."""

from collections.abc import Awaitable

import strawberry

from api.context import Info
from api.schema.campaigns.result_types import ResultConnection
from api.schema.campaigns.results_asked import ResultsAsked
from api.schema.common.paging import After, Before, First, Last, page_args
from api.schema.inputs import CampaignArgument, Filter, OrderResults, ThenResults, result_order
from api.schema.results import RESULTS, DayArgument


@strawberry.type
class ResultQueries:
    """Root fields that read the standings."""

    @strawberry.field(graphql_type=ResultConnection | None, description=f"The results of a campaign. {RESULTS}")
    def results(
        self,
        info: Info,
        campaign: CampaignArgument = None,
        filter: Filter = None,
        order_by: OrderResults = None,
        then_by: ThenResults = None,
        day: DayArgument = None,
        first: First = 20,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> ResultConnection | Awaitable[ResultConnection]:
        """A page of the results."""
        args = page_args(first, after, last, before)
        order = result_order(order_by, then_by)
        return ResultsAsked(info.context.campaign(campaign), info, filter, order, day, args).answer()
