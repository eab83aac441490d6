"""Queries about ballots: check one, or find one by its id."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.errors import bad_input
from api.domain.ids import BallotId, parse_id
from api.domain.texts import Text
from api.schema.ballots import Ballot, CastBallotInput, draft
from api.schema.rules import published_violation
from api.schema.rules.base import RuleViolation
from api.services.listing import campaign_voted_in

Id = Annotated[strawberry.ID, strawberry.argument(description="The id that `castBallot` returned.")]
Input = Annotated[CastBallotInput, strawberry.argument(description="The ballot, as `castBallot` would take it.")]


async def find_ballots(info: Info, keys: Sequence[str]) -> Mapping[str, Ballot]:
    """Find the ballots that exist of those whose ids are `ballot/<key>`; return them by their keys.

    Those of a campaign that another process has loaded within the last second are not known yet.
    """
    if not keys:
        return {}
    info.context.keep_private()
    ballots = await info.context.casting.find(tuple(dict.fromkeys(keys)))
    known = info.context.snapshot.directory.campaigns
    return {ballot.id: Ballot.of(ballot, info.context) for ballot in ballots if ballot.campaign in known}


@strawberry.type
class BallotQueries:
    """Root fields that read ballots."""

    @strawberry.field(
        description="Everything that `castBallot` would find wrong with a ballot, by the very same rules; nothing is written. "
        "Quota and eligibility are checked only for a signed-in viewer. An empty list is no promise: somebody may cast "
        "meanwhile."
    )
    async def check_ballot(self, info: Info, input: Input) -> list[RuleViolation] | None:
        """The violations."""
        context = info.context
        campaign = campaign_voted_in(context.snapshot.directory, input.campaign, input.project_ids, context.now)
        violations = await context.casting.check(campaign, context.viewer.voter, draft(input, context), context.now)
        return [published_violation(violation) for violation in violations]

    @strawberry.field(description="A ballot by its id, for whoever holds the id; null when there is none.")
    async def ballot(self, info: Info, id: Id) -> Ballot | None:
        """One ballot."""
        name = parse_id(id)
        if isinstance(name, BallotId):
            return (await find_ballots(info, [name.key])).get(name.key)
        raise bad_input(
            Text(
                "“{id}”不是选票id，选票id形如ballot/后接26个字符。",
                "“{id}” is no ballot id; those are `ballot/` and 26 characters, as castBallot returns them.",
                id=id[:80],
            ),
        )
