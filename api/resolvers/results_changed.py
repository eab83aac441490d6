"""The subscriptions resultsChanged and turnoutChanged."""

from collections.abc import AsyncGenerator
from typing import Annotated, TypeVar

import strawberry

from api.context import Info
from api.domain.paging import MAX_PAGE_SIZE
from api.schema.campaigns.result_types import ResultConnection
from api.schema.campaigns.results_asked import ResultsAsked
from api.schema.common.paging import After, page_args
from api.schema.inputs import CampaignArgument, Filter
from api.schema.results import Turnout
from api.services.listing import ResultOrder

Best = Annotated[
    int | None,
    strawberry.argument(description=f"How many results from the best, or behind `after`, 0 to {MAX_PAGE_SIZE}."),
]


OnlyChanges = Annotated[
    bool | None,
    strawberry.argument(
        description="Whether answers that follow one that was sent may have only the rows that have changed since. Any answer "
        "may still be whole: `onlyChanges` there tells which it is."
    ),
]
NodeT = TypeVar("NodeT")


async def _once(value: NodeT) -> AsyncGenerator[NodeT, None]:
    yield value


@strawberry.type
class ResultSubscriptions:
    """The root fields of live results. Each yields once; api.subscriptions.topics executes it again after every change."""

    @strawberry.subscription(
        description="The results of a campaign by rank: at once, then whenever they have changed, at most once a second. "
        "`asOf` moving on is no change. While the viewer may not see the results, each answer is the error "
        "`RESULTS_HIDDEN`; the subscription goes on, and shows them as soon as they may be seen."
    )
    async def results_changed(
        self,
        info: Info,
        campaign: CampaignArgument = None,
        filter: Filter = None,
        first: Best = 10,
        after: After = None,
        only_changes: OnlyChanges = False,
    ) -> AsyncGenerator[ResultConnection, None]:
        """One page, as it is now."""
        args = page_args(first, after, None, None)
        page = await ResultsAsked(info.context.campaign(campaign), info, filter, ResultOrder(), None, args).page()
        if only_changes:
            info.context.rows_shown = [str(result.id) for result in page.nodes]
        return _once(page)

    @strawberry.subscription(
        description="How many ballots were cast: at once, then whenever that has changed, at most once a second. `asOf` moving "
        "on is no change. Public at all times, as of the same moments as `Campaign.turnout`."
    )
    async def turnout_changed(self, info: Info, campaign: CampaignArgument = None) -> AsyncGenerator[Turnout, None]:
        """The turnout, as it is now."""
        return _once(Turnout.of(info.context.snapshot.standings(info.context.campaign(campaign))))
