"""Reading suspicions, and ruling on ballots."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.ids import BallotId
from api.domain.integrity.rulings import RulingKind, RulingProblemCode
from api.domain.integrity.suspicions import SuspicionKind
from api.domain.paging import MAX_PAGE_SIZE, page_size
from api.domain.people.identity import Role
from api.schema.ballots import Ballot
from api.schema.common.keyset_paging import decode_cursor, keyset_page
from api.schema.common.paging import After, Connection
from api.schema.common.roles import restricted
from api.schema.suspicions import RulingInput, RulingPayload, RulingProblem, Suspicion, ballot_keys, key_of_suspicion
from api.services.suspicions import Decision

CampaignArgument = Annotated[
    str | None,
    strawberry.argument(
        description="The campaign's slug; left out, the featured campaign. Required of a viewer who has the role in that "
        "campaign alone."
    ),
]
Kinds = Annotated[list[SuspicionKind] | None, strawberry.argument(description="Only suspicions of these kinds.")]
First = Annotated[int | None, strawberry.argument(description=f"How many suspicions, 0 to {MAX_PAGE_SIZE}.")]
Input = Annotated[RulingInput, strawberry.argument(description="Which ballots, and why.")]
Problem = tuple[str, RulingProblemCode]
PUBLIC = "The results and the turnout show it within a second, and the trail for good."


async def _decide(info: Info, slug: str | None, given: RulingInput, kind: RulingKind) -> RulingPayload:
    """Make a ruling on what the input names, and show what came of it."""
    context = info.context
    context.keep_private()
    campaign = context.campaign(slug)
    ruling = context.ruling(kind, given.reason, campaign)
    if isinstance(given.ballots.suspicion, str):  # an empty one, too, is none of ours
        suspicion = await context.suspicion_detector.suspicion(campaign, key_of_suspicion(given.ballots.suspicion))
        return await _payload(info, await context.moderation.rule_on(suspicion, ruling))
    keys = ballot_keys(given.ballots.ids or ())
    decision = await context.moderation.rule(campaign, [key for key in keys.values() if key is not None], ruling)
    strangers = [(text, RulingProblemCode.NO_SUCH_BALLOT) for text, key in keys.items() if key is None]
    return await _payload(info, decision, strangers)


async def _payload(info: Info, decision: Decision, strangers: Sequence[Problem] = ()) -> RulingPayload:
    context = info.context
    problems = [*((str(BallotId(key)), code) for key, code in decision.problems), *strangers]
    return RulingPayload(
        ballots=[Ballot.of(ballot, context) for ballot in await context.casting.box.find(decision.ballots)],
        problems=[RulingProblem.of(text, code, context) for text, code in problems],
        more=decision.more,
    )


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
    ) -> Connection[Suspicion]:
        """A page of the suspicions."""
        context, slug = info.context, info.context.campaign(campaign).slug
        size = page_size(20 if first is None else first, "first")
        found = await context.suspicion_detector.kept.suspicions(
            slug, kinds or (), size + 1, decode_cursor(after, "suspicion")
        )
        total = await context.suspicion_detector.kept.count(slug, kinds or ())
        page = keyset_page("suspicion", [each.number for each in found], size, after, total)
        return Connection(page=page, nodes=[Suspicion.of(each, context) for each in found[:size]])


@strawberry.type
class RulingMutations:
    """Root fields that rule on ballots."""

    @restricted(
        Role.ORGANIZER,
        description=f"Hold ballots: they stay stored but do not count until they are released. {PUBLIC}",
    )
    async def hold_ballots(self, info: Info, input: Input, campaign: CampaignArgument = None) -> RulingPayload:
        """HOLD."""
        return await _decide(info, campaign, input, RulingKind.HOLD)

    @restricted(
        Role.ORGANIZER,
        description=f"Release held ballots: they count as if nothing had been. {PUBLIC}",
    )
    async def release_ballots(self, info: Info, input: Input, campaign: CampaignArgument = None) -> RulingPayload:
        """RELEASE."""
        return await _decide(info, campaign, input, RulingKind.RELEASE)

    @restricted(
        Role.ORGANIZER,
        description="Void ballots, counted or held: they never count again. They stay stored, and turnout shows how many there "
        f"are. There is no way back; hold them when in doubt. {PUBLIC}",
    )
    async def void_ballots(self, info: Info, input: Input, campaign: CampaignArgument = None) -> RulingPayload:
        """VOID."""
        return await _decide(info, campaign, input, RulingKind.VOID)
