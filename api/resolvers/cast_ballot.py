"""The mutation castBallot."""

from typing import Annotated

import strawberry

from api.context import Info
from api.schema.ballots import CastBallotInput, CastBallotPayload, draft

Input = Annotated[CastBallotInput, strawberry.argument(description="The ballot.")]


@strawberry.type
class CastBallotMutation:
    """The root field that casts ballots."""

    @strawberry.mutation(
        description="Cast a ballot. Either it is stored durably and counted, or nothing happens and `violations` says all "
        "that is wrong with it. Needs a signed-in viewer."
    )
    async def cast_ballot(self, info: Info, input: Input) -> CastBallotPayload | None:
        """Cast it by services.casting, which does all that goes with it."""
        context, voter = info.context, info.context.viewer.signed_in
        campaign = context.campaign_voted_in(input.campaign, input.project_ids)
        ballot = draft(input, context)
        outcome = await context.casting.cast(campaign, voter, ballot, context.now, context.origin)
        return CastBallotPayload.of(outcome, campaign, voter, context)
