"""The mutation castBallot."""

from collections.abc import Awaitable
from functools import partial
from typing import Annotated

import strawberry

from api.addresses import network_prefixes
from api.context import Info
from api.domain.deferred import follow
from api.domain.integrity.signals import BallotOrigin
from api.schema.ballots import CastBallotInput, CastBallotPayload, draft
from api.services.listing import campaign_voted_in

Input = Annotated[CastBallotInput, strawberry.argument(description="The ballot.")]


@strawberry.type
class CastBallotMutation:
    """The root field that casts ballots."""

    @strawberry.mutation(
        graphql_type=CastBallotPayload | None,
        description="Cast a ballot. Either it is stored durably and counted, or nothing happens and `violations` says all "
        "that is wrong with it. Needs a signed-in viewer.",
    )
    def cast_ballot(self, info: Info, input: Input) -> Awaitable[CastBallotPayload]:
        """Cast it by services.casting, which does all that goes with it."""
        context, voter = info.context, info.context.viewer.signed_in
        campaign = campaign_voted_in(context.snapshot.directory, input.campaign, input.project_ids, context.now)
        origin = BallotOrigin(network_prefixes(context.address), voter.signed_in_at)
        casting = context.casting.cast(campaign, voter, draft(input, context), context.now, origin)
        return follow(casting, partial(CastBallotPayload.of, campaign=campaign, voter=voter, context=context))
