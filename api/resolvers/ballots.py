"""Casting, checking and finding ballots."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.errors import bad_input
from api.domain.ids import BallotId, parse_id
from api.schema.ballots import Ballot, CastBallotInput, CastBallotPayload, Viewer, draft
from api.schema.violations import RuleViolation, published_violation
from api.services.casting import Refusal

Id = Annotated[strawberry.ID, strawberry.argument(description="The id that `castBallot` returned.")]
ToCheck = Annotated[CastBallotInput, strawberry.argument(description="The ballot, as `castBallot` would take it.")]
ToCast = Annotated[CastBallotInput, strawberry.argument(description="The ballot.")]


async def ballots_with(info: Info, keys: Sequence[str]) -> Mapping[str, Ballot]:
    """The ballots that exist of those whose ids are `ballot/<key>`, by their keys."""
    if not keys:
        return {}
    info.context.keep_private()
    found = await info.context.casting.box.find(tuple(dict.fromkeys(keys)))
    return {ballot.id: Ballot.of(ballot, info.context) for ballot in found}


@strawberry.type
class BallotQueries:
    """Root fields that read ballots."""

    @strawberry.field(
        description="Everything that `castBallot` would find wrong with a ballot, by the very same rules; nothing is written. "
        "The quota is checked only for a signed-in viewer. An empty list is no promise: somebody may cast meanwhile."
    )
    async def check_ballot(self, info: Info, input: ToCheck) -> list[RuleViolation]:
        """The violations."""
        context, campaign = info.context, info.context.campaign(input.campaign)
        voter = None if context.voter is None else context.voter.pseudonym
        found = await context.casting.check(campaign, voter, draft(input), context.now)
        return [published_violation(violation, context.language) for violation in found]

    @strawberry.field(description="A ballot by its id, for whoever holds the id; null when there is none.")
    async def ballot(self, info: Info, id: Id) -> Ballot | None:
        """One ballot."""
        name = parse_id(id)
        if isinstance(name, BallotId):
            return (await ballots_with(info, [name.key])).get(name.key)
        raise bad_input(
            f"“{id[:80]}”不是选票id，选票id形如ballot/后接26个字符。",
            f"“{id[:80]}” is no ballot id; those are `ballot/` and 26 characters, as castBallot returns them.",
        )


@strawberry.type
class BallotMutations:
    """Root fields that write ballots."""

    @strawberry.mutation(
        description="Cast a ballot. Either it is stored durably and counted, or nothing happens and `violations` says all "
        "that is wrong with it. Needs a signed-in viewer."
    )
    async def cast_ballot(self, info: Info, input: ToCast) -> CastBallotPayload:
        """Through the one door: services.casting."""
        context, voter = info.context, info.context.signed_in
        campaign = context.campaign(input.campaign)
        outcome = await context.casting.cast(campaign, voter.pseudonym, draft(input), context.now)
        if isinstance(outcome, Refusal):
            context.audit.record_refusal(campaign, voter.pseudonym, outcome.violations, context.now)
            wrong = [published_violation(violation, context.language) for violation in outcome.violations]
            return CastBallotPayload(ballot=None, violations=wrong, viewer=Viewer.of(voter))
        if outcome.cast_at == context.now:  # not an earlier one that a retry has found again
            context.suspicion_detector.note(campaign, outcome, context.origin)
        return CastBallotPayload(ballot=Ballot.of(outcome, context), violations=[], viewer=Viewer.of(voter))
