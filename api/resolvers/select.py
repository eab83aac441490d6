"""The mutations that have a stage decided: planSelection, commitSelection, correctSelection."""

from collections.abc import Awaitable
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns.problems import ActFailed
from api.domain.people.identity import Role
from api.domain.selection.organizer_inputs import Sent
from api.schema.campaigns.campaign_types import Campaign
from api.schema.campaigns.stage_types import Selection
from api.schema.common.roles import restricted
from api.schema.organisers.acts import CampaignSlug, ExpectedRevision, Reason, organizer
from api.schema.organisers.problems import published_problems
from api.schema.organisers.selection import (
    SelectionPayload,
    SelectionPlan,
    SelectionPlanPayload,
    StageDecision,
    TieDecision,
)
from api.services.campaign_acts import Done
from api.services.stage_acts import StageAct

StageCode = Annotated[str, strawberry.argument(description="The stage's code.")]
Digest = Annotated[str, strawberry.argument(description="The `digest` of the plan, with whose arguments it was made.")]
Decisions = Annotated[
    list[TieDecision] | None,
    strawberry.argument(description="How ties were decided by people, where the tie policy says so."),
]
Seed = Annotated[
    str | None,
    strawberry.argument(
        description="The seed by which lots are drawn: the text whose SHA-256 was published as the campaign's `lotDigest` "
        "before voting opened."
    ),
]
Decision = Annotated[
    StageDecision | None, strawberry.argument(description="Who passes, in a stage of the kind `DECISION`.")
]


@strawberry.type
class SelectMutations:
    """The root fields that have stages decided."""

    @restricted(
        Role.ORGANIZER,
        description="Compute what a stage would decide now, with every input, the arithmetic and the ties. It writes nothing, "
        "and may be repeated. Voting has to be closed, the panel and the experts' ballot too where the stage goes by them; no "
        "ballot may be held, the quorum has to be met, and the stage before has to be announced. For an announced stage it is "
        "the plan of a correction.",
    )
    async def plan_selection(
        self,
        info: Info,
        campaign: CampaignSlug,
        stage: StageCode,
        decisions: Decisions = None,
        seed: Seed = None,
        decision: Decision = None,
    ) -> SelectionPlanPayload | None:
        """Nothing is stored."""
        info.context.keep_private()
        act = StageAct(campaign, stage, organizer(info))
        try:
            plan = await info.context.selecting.plan(act, _sent(decisions, seed, decision))
        except ActFailed as refusal:
            return SelectionPlanPayload(plan=None, problems=published_problems(refusal.problems))
        return SelectionPlanPayload(plan=SelectionPlan.of(plan), problems=[])

    @restricted(
        Role.ORGANIZER,
        description="Store what a plan came to, as `PROVISIONAL`: organizers and auditors of the campaign alone see it. "
        "Refused with `STALE_PLAN` where the stage would decide otherwise by now. Committing again replaces it by a new "
        "version, until it is announced.",
    )
    async def commit_selection(
        self,
        info: Info,
        campaign: CampaignSlug,
        stage: StageCode,
        digest: Digest,
        decisions: Decisions = None,
        seed: Seed = None,
        decision: Decision = None,
        expected_revision: ExpectedRevision = None,
    ) -> SelectionPayload | None:
        """PROVISIONAL."""
        act = StageAct(campaign, stage, organizer(info), expected_revision)
        doing = info.context.selecting.commit(act, digest, _sent(decisions, seed, decision))
        return await selection_payload(info, stage, doing)

    @restricted(
        Role.ORGANIZER,
        description="Put what a new plan came to in place of what was announced. Everybody sees it at once, with the reason "
        "and what it changes, as an annex; the version before stays on record. Not once a later stage is committed.",
    )
    async def correct_selection(
        self,
        info: Info,
        campaign: CampaignSlug,
        stage: StageCode,
        digest: Digest,
        reason: Reason,
        decisions: Decisions = None,
        seed: Seed = None,
        decision: Decision = None,
        expected_revision: ExpectedRevision = None,
    ) -> SelectionPayload | None:
        """A further version."""
        act = StageAct(campaign, stage, organizer(info), expected_revision)
        sent = _sent(decisions, seed, decision)
        doing = info.context.selecting.correct(act, digest, sent, reason.by_tag())
        return await selection_payload(info, stage, doing)


def _sent(decisions: list[TieDecision] | None, seed: str | None, decision: StageDecision | None) -> Sent:
    return Sent(
        decisions=[each.sent() for each in decisions or ()],
        seed=seed,
        decision=None if decision is None else decision.sent(),
    )


async def selection_payload(info: Info, stage: str, doing: Awaitable[Done]) -> SelectionPayload:
    """Do it, and show what the stage has decided, or what stood in the way."""
    try:
        done = await doing
    except ActFailed as refusal:
        return SelectionPayload(selection=None, campaign=None, problems=published_problems(refusal.problems))
    info.context.renew(done.snapshot, done.now)
    announced = done.campaign.selection(stage)
    if announced is not None:
        selection = Selection.of(done.campaign, announced.current, announced)
    else:
        versions = await info.context.selecting.campaigns.selections.versions(done.campaign.slug, stage)
        selection = Selection.of(done.campaign, versions[-1])
    return SelectionPayload(selection=selection, campaign=Campaign.of(done.campaign), problems=[])
