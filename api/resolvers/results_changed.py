"""The subscription resultsChanged."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.paging import MAX_PAGE_SIZE
from api.schema.campaigns.result_types import ResultConnection, ResultsAsked
from api.schema.common.paging import After, page_args
from api.schema.inputs import CampaignArgument, Filter
from api.services.listing import ResultOrder

Best = Annotated[
    int | None,
    strawberry.argument(description=f"How many results from the best, or behind `after`, 0 to {MAX_PAGE_SIZE}."),
]


async def _once(connection: ResultConnection) -> AsyncGenerator[ResultConnection, None]:
    yield connection


@strawberry.type
class ResultSubscriptions:
    """The root field of live results. It yields once; api.subscriptions.topics executes it again after every change."""

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
    ) -> AsyncGenerator[ResultConnection, None]:
        """One page, as it is now."""
        args = page_args(first, after, None, None)
        return _once(
            await ResultsAsked(info.context.campaign(campaign), info, filter, ResultOrder(), None, args).page()
        )
