"""The mutations that make rulings on ballots: holdBallots, releaseBallots and voidBallots."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.ids import BallotId
from api.domain.integrity.rulings import Ruling, RulingKind, RulingProblemCode, checked_reason
from api.domain.people.identity import Role
from api.resolvers.suspicions import CampaignArgument
from api.schema.ballots import Ballot
from api.schema.common.roles import restricted
from api.schema.suspicions import RulingInput, RulingPayload, RulingProblem, ballot_keys, key_of_suspicion
from api.services.moderation import Decision

Input = Annotated[RulingInput, strawberry.argument(description="Which ballots, and why.")]
Problem = tuple[str, RulingProblemCode]
PUBLIC = "The results and the turnout show it within a second, and the trail for good."


async def _rule(info: Info, slug: str | None, input: RulingInput, kind: RulingKind) -> RulingPayload:
    """Make a ruling on the ballots that the input names."""
    context = info.context
    campaign = context.campaign(slug)
    actor = context.audit.actor(campaign, context.viewer.signed_in.pseudonym)
    ruling = Ruling(kind, checked_reason(input.reason), context.now, actor)
    if isinstance(input.ballots.suspicion, str):  # also an empty one
        suspicion = await context.moderation.suspicion(campaign, key_of_suspicion(input.ballots.suspicion))
        return await _payload(info, await context.moderation.rule_on(suspicion, ruling))
    keys = ballot_keys(input.ballots.ids or ())
    decision = await context.moderation.rule(campaign, [key for key in keys.values() if key is not None], ruling)
    unknown = [(text, RulingProblemCode.NO_SUCH_BALLOT) for text, key in keys.items() if key is None]
    return await _payload(info, decision, unknown)


async def _payload(info: Info, decision: Decision, unknown: Sequence[Problem] = ()) -> RulingPayload:
    context = info.context
    problems = [*((str(BallotId(key)), code) for key, code in decision.problems), *unknown]
    return RulingPayload(
        ballots=[Ballot.of(ballot, context) for ballot in await context.casting.find(decision.ballots)],
        problems=[RulingProblem.of(ballot_id, code) for ballot_id, code in problems],
        more=decision.more,
    )


@strawberry.type
class ModerateBallotsMutations:
    """The root fields that make rulings on ballots."""

    @restricted(
        Role.ORGANIZER,
        description=f"Hold ballots: they stay stored but do not count until they are released. {PUBLIC}",
    )
    async def hold_ballots(self, info: Info, input: Input, campaign: CampaignArgument = None) -> RulingPayload | None:
        """HOLD."""
        return await _rule(info, campaign, input, RulingKind.HOLD)

    @restricted(
        Role.ORGANIZER,
        description=f"Release held ballots: they count as if nothing had been. {PUBLIC}",
    )
    async def release_ballots(
        self, info: Info, input: Input, campaign: CampaignArgument = None
    ) -> RulingPayload | None:
        """RELEASE."""
        return await _rule(info, campaign, input, RulingKind.RELEASE)

    @restricted(
        Role.ORGANIZER,
        description="Void ballots, counted or held: they never count again. They stay stored, and turnout shows how many there "
        f"are. There is no way back; hold them when in doubt. {PUBLIC}",
    )
    async def void_ballots(self, info: Info, input: Input, campaign: CampaignArgument = None) -> RulingPayload | None:
        """VOID."""
        return await _rule(info, campaign, input, RulingKind.VOID)
