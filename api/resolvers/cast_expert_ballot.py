"""The mutation castExpertBallot."""

from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns.problems import ActFailed
from api.domain.people.identity import Role
from api.resolvers.select import StageCode
from api.schema.common.roles import restricted
from api.schema.expert_ballots import ExpertBallot
from api.schema.organisers.acts import CampaignSlug, organizer
from api.schema.organisers.problems import published_problems
from api.schema.organisers.selection import ExpertBallotPayload
from api.services.stage_acts import StageAct

Projects = Annotated[
    list[strawberry.ID], strawberry.argument(description="The ids of the projects that it names, in any order.")
]
BallotRevision = Annotated[
    int | None,
    strawberry.argument(
        description="The `revision` of the expert's present ballot, 0 where there is none. When it has another one by now the "
        "problem is `STALE_REVISION`. Left out, the last writer wins."
    ),
]


@strawberry.type
class CastExpertBallotMutation:
    """The root field of experts who vote."""

    @restricted(
        Role.EXPERT,
        description="Cast a ballot as an expert, in a stage that goes by experts' ballots, between its `opensAt` and "
        "`closesAt`. It replaces the one cast before. It names as many projects as `choices` says, none of them twice, and "
        "none that the expert is recused from.",
    )
    async def cast_expert_ballot(
        self,
        info: Info,
        campaign: CampaignSlug,
        stage: StageCode,
        projects: Projects,
        expected_revision: BallotRevision = None,
    ) -> ExpertBallotPayload | None:
        """One of each expert."""
        act = StageAct(info.context.campaign(campaign).slug, stage, organizer(info), expected_revision)
        try:
            ballot = await info.context.expert_balloting.cast(act, projects)
        except ActFailed as refusal:
            return ExpertBallotPayload(ballot=None, problems=published_problems(refusal.problems))
        return ExpertBallotPayload(ballot=ExpertBallot.of(ballot, info.context.campaign(campaign)), problems=[])
