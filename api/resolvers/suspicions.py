"""Queries about suspicions."""

from typing import Annotated

import strawberry

from api.context import Info
from api.domain.integrity.suspicions import SuspicionKind
from api.domain.paging import MAX_PAGE_SIZE, page_size
from api.domain.people.identity import Role
from api.schema.common.keyset_paging import decode_cursor, keyset_page
from api.schema.common.paging import After, Connection
from api.schema.common.roles import restricted
from api.schema.suspicions import Suspicion

CampaignArgument = Annotated[
    str | None,
    strawberry.argument(
        description="The campaign's slug; left out, the featured campaign. Required of a viewer who has the role in that "
        "campaign alone."
    ),
]
Kinds = Annotated[list[SuspicionKind] | None, strawberry.argument(description="Only suspicions of these kinds.")]
First = Annotated[int | None, strawberry.argument(description=f"How many suspicions, 0 to {MAX_PAGE_SIZE}.")]


@strawberry.type
class SuspicionQueries:
    """Root fields that read suspicions."""

    @restricted(
        Role.ORGANIZER,
        Role.AUDITOR,
        description="What looks odd about the ballots of a campaign, the newest first. A suspicion shows within two seconds of "
        "the ballots, and is forgotten after some days. docs/suspicions.md says when a kind means nothing.",
    )
    async def suspicions(
        self,
        info: Info,
        campaign: CampaignArgument = None,
        kinds: Kinds = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Suspicion] | None:
        """A page of the suspicions."""
        context, selected = info.context, info.context.campaign(campaign)
        size = page_size(20 if first is None else first, "first")
        found = await context.suspicion_detector.suspicions(
            selected, kinds or (), size + 1, decode_cursor(after, "suspicion")
        )
        total = await context.suspicion_detector.count(selected, kinds or ())
        page = keyset_page("suspicion", [each.number for each in found], size, after, total)
        return Connection(page=page, nodes=[Suspicion.of(each, context) for each in found[:size]])
