"""The mutations by which organizers run a panel: inviteExperts, assignReviews, declareConflict, dropExpert, extendPanel."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns.problems import ActFailed
from api.domain.errors import not_found
from api.domain.people.identity import Role
from api.domain.texts import Text
from api.schema.campaigns.campaign_types import Campaign
from api.schema.campaigns.project_types import Project
from api.schema.common.roles import restricted
from api.schema.experts import Expert
from api.schema.organisers.acts import CampaignSlug, ProjectArgument, Reason, organizer, project_id
from api.schema.organisers.panel import (
    AssignmentInput,
    AssignmentPayload,
    ExpertArgument,
    ExpertAssignment,
    ExpertInvitation,
    ExpertPayload,
    InvitationsPayload,
    expert_id,
    invitations_payload,
    renew,
)
from api.schema.organisers.problems import CampaignPayload, published_problems
from api.schema.reviews import find_expert

InvitationList = Annotated[list[ExpertInvitation], strawberry.argument(description="Whom to invite, at most 200.")]
DryRun = Annotated[
    bool,
    strawberry.argument(description="Whether conflicts are only found, and nobody is invited."),
]
Assignment = Annotated[AssignmentInput, strawberry.argument(description="How they are assigned.")]
Deadline = Annotated[datetime, strawberry.argument(description="The new deadline, later than the present one.")]
ConflictReason = Annotated[
    str,
    strawberry.argument(description="Why, for staff and the expert: 1 to 500 characters. The trail does not have it."),
]


@strawberry.type
class ManagePanelMutations:
    """The root fields by which organizers run a panel."""

    @restricted(
        Role.ORGANIZER,
        description="Invite experts, each by a code that is shown once and can be used once, or by a claim that they sign in "
        "with. All are invited or none.",
    )
    async def invite_experts(
        self, info: Info, campaign: CampaignSlug, invitations: InvitationList, dry_run: DryRun = False
    ) -> InvitationsPayload | None:
        """New experts of a panel."""
        context = info.context
        invite = context.panel_services.invitations.invite
        try:
            wanted = [each.value(campaign) for each in invitations]
            invited = await invite(campaign, organizer(info), wanted, dry_run=dry_run)
        except ActFailed as refusal:
            return InvitationsPayload(invitations=None, problems=published_problems(refusal.problems))
        return invitations_payload(info, campaign, invited)

    @restricted(
        Role.ORGANIZER,
        description="Assign projects to the experts who have accepted: to each project as many as wanted, as evenly as can be, "
        "none with a conflict of interest. Until the deadline it can be done anew: reviews that were begun stay where they "
        "are, and the others are assigned afresh.",
    )
    async def assign_reviews(self, info: Info, campaign: CampaignSlug, input: Assignment) -> AssignmentPayload | None:
        """Who reviews what."""
        context = info.context
        try:
            assigned = await context.panel_services.management.assign(campaign, organizer(info), input.value())
        except ActFailed as refusal:
            return AssignmentPayload(assignments=None, problems=published_problems(refusal.problems))
        await renew(info)
        stands_in = context.campaign(campaign)
        panel = await context.panels.whole(stands_in)
        experts = {} if panel is None else panel.by_number
        return AssignmentPayload(
            assignments=[
                ExpertAssignment(
                    expert=Expert.of(experts[number], stands_in),
                    projects=[Project.of(stands_in, project) for project in projects],
                )
                for number, projects in assigned.items()
            ],
            problems=[],
        )

    @restricted(
        Role.ORGANIZER,
        description="Keep an expert from a project, because of a conflict of interest, until the deadline and for good. Scores "
        "that they have given it count no more.",
    )
    async def declare_conflict(
        self, info: Info, expert: ExpertArgument, project: ProjectArgument, reason: ConflictReason
    ) -> ExpertPayload | None:
        """RECUSED."""
        name, about = expert_id(expert), project_id(project)
        if about.campaign != name.campaign:
            raise not_found(
                Text(
                    "{about}不是评选“{campaign}”的项目。",
                    "{about} is no project of the campaign {campaign}.",
                    about=about,
                    campaign=name.campaign,
                ),
                argument="project",
            )
        declare = info.context.panel_services.management.declare_conflict
        try:
            await declare(name.campaign, organizer(info), (name.number, about.number), reason)
        except ActFailed as refusal:
            return ExpertPayload(expert=None, problems=published_problems(refusal.problems))
        await renew(info)
        return ExpertPayload(expert=await find_expert(info, name), problems=[])

    @restricted(
        Role.ORGANIZER,
        description="Take an expert off the panel, for good: all of their reviews are void, the quorum is lower by one if they "
        "had accepted, and they are no `EXPERT` in the campaign any more. Nobody else can use their code.",
    )
    async def drop_expert(self, info: Info, expert: ExpertArgument, reason: Reason) -> ExpertPayload | None:
        """DROPPED."""
        name = expert_id(expert)
        drop = info.context.panel_services.management.drop
        try:
            await drop(name.campaign, organizer(info), name.number, reason.by_tag())
        except ActFailed as refusal:
            return ExpertPayload(expert=None, problems=published_problems(refusal.problems))
        await renew(info)
        return ExpertPayload(expert=await find_expert(info, name), problems=[])

    @restricted(
        Role.ORGANIZER,
        description="Give the experts more time. Once their deadline has passed it stays so: staff have seen the scores then.",
    )
    async def extend_panel(
        self, info: Info, campaign: CampaignSlug, closes_at: Deadline, reason: Reason
    ) -> CampaignPayload | None:
        """A later deadline."""
        extend = info.context.panel_services.management.extend
        try:
            await extend(campaign, organizer(info), closes_at, reason.by_tag())
        except ActFailed as refusal:
            return CampaignPayload(campaign=None, problems=published_problems(refusal.problems))
        await renew(info)
        return CampaignPayload(campaign=Campaign.of(info.context.campaign(campaign)), problems=[])
