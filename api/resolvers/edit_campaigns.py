"""The mutations that make and edit campaigns: createCampaign, amendCampaign, putProjects, removeProjects, presentCampaign."""

from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns.problems import ActFailed, ErrorPolicy
from api.domain.people.identity import Role
from api.schema.campaigns.campaign_types import Campaign
from api.schema.campaigns.project_types import Project
from api.schema.common.roles import restricted
from api.schema.organisers.acts import (
    CampaignSlug,
    ExpectedRevision,
    OptionalReason,
    campaign_payload,
    organizer,
    reason_of,
)
from api.schema.organisers.campaign_input import CampaignAmendment, CampaignInput
from api.schema.organisers.problems import CampaignPayload, ProjectsPayload, published_problems
from api.schema.organisers.project_input import ProjectInput
from api.schema.organisers.texts import stored_tree, without_nulls

Input = Annotated[CampaignInput, strawberry.argument(description="The campaign, without its projects.")]
Amendment = Annotated[CampaignAmendment, strawberry.argument(description="What changes.")]
Projects = Annotated[list[ProjectInput], strawberry.argument(description="The projects, each as a whole.")]
Policy = Annotated[ErrorPolicy | None, strawberry.argument(description="What is done when some of them are refused.")]
Numbers = Annotated[
    list[int], strawberry.argument(description="Their numbers; those that no project has are passed over.")
]
FROZEN = (
    "Once voting has opened or a ballot is stored, rules, candidates, visibility, and what stages are decided by stay; once "
    "the panel is open, the rubric; once a selection is announced, outcomes and decisions: `FROZEN`."
)


@strawberry.type
class EditCampaignsMutations:
    """The root fields that make and edit campaigns."""

    @restricted(
        Role.ORGANIZER,
        description="Begin a campaign, as a draft that its organizers alone see. Needs the role in all campaigns; whoever "
        "creates it has the role in it from then on.",
    )
    async def create_campaign(self, info: Info, input: Input) -> CampaignPayload | None:
        """Of its input."""
        tree = without_nulls(stored_tree(input, info.context.root_path))
        return await campaign_payload(info, info.context.campaign_life.create(organizer(info), tree))

    @restricted(Role.ORGANIZER, description=f"Change a campaign. {FROZEN}")
    async def amend_campaign(
        self, info: Info, campaign: CampaignSlug, input: Amendment, expected_revision: ExpectedRevision = None
    ) -> CampaignPayload | None:
        """Keys that are null are removed."""
        tree = {name: without_nulls(part) for name, part in stored_tree(input, info.context.root_path).items()}
        life = info.context.campaign_life
        return await campaign_payload(info, life.amend(campaign, organizer(info), tree, expected_revision))

    @restricted(
        Role.ORGANIZER,
        description="Add projects to a campaign, and replace those that have the same numbers; all others stay. Large "
        f"campaigns may be sent in parts. {FROZEN}",
    )
    async def put_projects(
        self,
        info: Info,
        campaign: CampaignSlug,
        projects: Projects,
        expected_revision: ExpectedRevision = None,
        error_policy: Policy = ErrorPolicy.ALL_OR_NOTHING,
    ) -> ProjectsPayload | None:
        """By their numbers."""
        trees = [without_nulls(stored_tree(project, info.context.root_path)) for project in projects]
        life, policy = info.context.campaign_life, error_policy or ErrorPolicy.ALL_OR_NOTHING
        try:
            done, put = await life.put_projects(campaign, organizer(info), trees, expected_revision, policy)
        except ActFailed as refusal:
            return ProjectsPayload(projects=None, campaign=None, problems=published_problems(refusal.problems))
        info.context.renew(done.snapshot, done.now)
        return ProjectsPayload(
            projects=[Project.of(done.campaign, number) for number in put.numbers],
            campaign=Campaign.of(done.campaign),
            problems=published_problems(put.problems),
        )

    @restricted(
        Role.ORGANIZER,
        description="Take projects out of a campaign as if they had never been in it, before voting has opened and any ballot "
        "is stored; after that there are `withdrawProject` and `disqualifyProject`.",
    )
    async def remove_projects(
        self, info: Info, campaign: CampaignSlug, numbers: Numbers, expected_revision: ExpectedRevision = None
    ) -> CampaignPayload | None:
        """By their numbers."""
        life = info.context.campaign_life
        return await campaign_payload(info, life.remove_projects(campaign, organizer(info), numbers, expected_revision))

    @restricted(
        Role.ORGANIZER,
        description="Show a draft to everybody; voting then opens and closes by its window. Refuses what is incomplete, with "
        "all that is missing: `INCOMPLETE`. There is no way back.",
    )
    async def present_campaign(
        self,
        info: Info,
        campaign: CampaignSlug,
        expected_revision: ExpectedRevision = None,
        reason: OptionalReason = None,
    ) -> CampaignPayload | None:
        """From DRAFT to PRESENTED."""
        life = info.context.campaign_life
        return await campaign_payload(
            info, life.present(campaign, organizer(info), expected_revision, reason_of(reason))
        )
