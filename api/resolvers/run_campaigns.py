"""The mutations that run a campaign: pauseVoting, resumeVoting, extendVoting, archiveCampaign, and those on projects' votes."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns.acts import Removal
from api.domain.campaigns.projects import Replacement, Standing
from api.domain.people.identity import Role
from api.schema.common.roles import restricted
from api.schema.organisers.acts import (
    CampaignSlug,
    OptionalReason,
    ProjectArgument,
    Reason,
    campaign_payload,
    organizer,
    project_id,
    project_payload,
    reason_of,
)
from api.schema.organisers.problems import CampaignPayload, ProjectPayload

ClosesAt = Annotated[datetime, strawberry.argument(description="The new close, later than the present one.")]
NewClose = Annotated[datetime | None, strawberry.argument(description="A later close; left out, it stays as it is.")]
ReplacementArgument = Annotated[
    Replacement, strawberry.argument(description="What becomes of the seat that it would have had.")
]
From = Annotated[
    datetime, strawberry.argument(name="from", description="Votes on ballots cast at this moment or later.")
]
Until = Annotated[
    datetime | None,
    strawberry.argument(description="Votes on ballots cast before this moment; left out, all later ones."),
]
FINAL = "Everybody sees it with the reason. There is no way back."


@strawberry.type
class RunCampaignsMutations:
    """The root fields that run a campaign."""

    @restricted(
        Role.ORGANIZER,
        description="Have voting stand still: ballots are refused until it is resumed. Voting closes at its time all the same.",
    )
    async def pause_voting(self, info: Info, campaign: CampaignSlug, reason: Reason) -> CampaignPayload | None:
        """From VOTING to PAUSED."""
        return await campaign_payload(
            info, info.context.campaign_life.pause(campaign, organizer(info), reason.by_tag())
        )

    @restricted(
        Role.ORGANIZER, description="Have voting go on after a pause, and close later where `closesAt` says so."
    )
    async def resume_voting(
        self, info: Info, campaign: CampaignSlug, reason: Reason, closes_at: NewClose = None
    ) -> CampaignPayload | None:
        """From PAUSED to VOTING."""
        life = info.context.campaign_life
        return await campaign_payload(info, life.resume(campaign, organizer(info), closes_at, reason.by_tag()))

    @restricted(Role.ORGANIZER, description="Have voting close later. Once it has closed it stays closed.")
    async def extend_voting(
        self, info: Info, campaign: CampaignSlug, closes_at: ClosesAt, reason: Reason
    ) -> CampaignPayload | None:
        """Before the close."""
        life = info.context.campaign_life
        return await campaign_payload(info, life.extend(campaign, organizer(info), closes_at, reason.by_tag()))

    @restricted(
        Role.ORGANIZER,
        description="Put a campaign away once voting has closed. It can be read, and nothing of it changes any more. There is "
        "no way back.",
    )
    async def archive_campaign(
        self, info: Info, campaign: CampaignSlug, reason: OptionalReason = None
    ) -> CampaignPayload | None:
        """After the close."""
        return await campaign_payload(
            info, info.context.campaign_life.archive(campaign, organizer(info), reason_of(reason))
        )

    @restricted(
        Role.ORGANIZER,
        description="Take a project out that whoever put it forward has withdrawn. Its votes count nowhere, ballots that name "
        f"it keep their other votes, and no ballot may name it any more. {FINAL}",
    )
    async def withdraw_project(
        self, info: Info, project: ProjectArgument, reason: Reason, replacement: ReplacementArgument
    ) -> ProjectPayload | None:
        """WITHDRAWN."""
        return await _remove(info, project, reason, Removal(Standing.WITHDRAWN, replacement))

    @restricted(
        Role.ORGANIZER,
        description="Exclude a project. Its votes count nowhere, ballots that name it keep their other votes, and no ballot "
        f"may name it any more. {FINAL}",
    )
    async def disqualify_project(
        self, info: Info, project: ProjectArgument, reason: Reason, replacement: ReplacementArgument
    ) -> ProjectPayload | None:
        """DISQUALIFIED."""
        return await _remove(info, project, reason, Removal(Standing.DISQUALIFIED, replacement))

    @restricted(
        Role.ORGANIZER,
        description="Void the votes for one project on the ballots of some time, those still to be cast included. They count "
        f"nowhere, whatever is ruled about the ballots; other votes on these ballots stay. {FINAL}",
    )
    async def void_votes(
        self, info: Info, project: ProjectArgument, from_: From, reason: Reason, until: Until = None
    ) -> ProjectPayload | None:
        """From a moment on."""
        node = project_id(project)
        act = info.context.campaign_life.void_votes(
            node.campaign, node.number, organizer(info), (from_, until), reason.by_tag()
        )
        return await project_payload(info, node.number, act)


async def _remove(info: Info, project: str, reason: Reason, removal: Removal) -> ProjectPayload:
    node, life = project_id(project), info.context.campaign_life
    act = life.remove(node.campaign, node.number, organizer(info), removal, reason.by_tag())
    return await project_payload(info, node.number, act)
