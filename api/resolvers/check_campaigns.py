"""Queries for whoever edits a campaign: checkCampaign, and campaignInput."""

from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from api.context import Info
from api.domain.people.identity import Role
from api.resolvers.edit_campaigns import Input
from api.schema.common.roles import restricted
from api.schema.organisers.acts import CampaignSlug
from api.schema.organisers.problems import Problem, published_problems
from api.schema.organisers.project_input import ProjectInput
from api.schema.organisers.texts import tree_of, without_nulls
from api.schema.organisers.written_back import written_back

Projects = Annotated[
    list[ProjectInput] | None, strawberry.argument(description="Its projects; left out, they are not looked at.")
]

Editing = Annotated[
    str | None,
    strawberry.argument(
        description="The slug of the campaign that is edited: whoever has the role in it alone names it. What a selection "
        "has announced in it is not looked at.",
    ),
]


@strawberry.type
class CheckCampaignQueries:
    """Root fields for whoever edits a campaign."""

    @restricted(
        Role.ORGANIZER,
        description="Everything that `createCampaign` and `putProjects` would find wrong, and with projects also what "
        "`presentCampaign` would; nothing is stored. Whether the slug is taken is not looked at.",
    )
    async def check_campaign(
        self, info: Info, input: Input, projects: Projects = None, campaign: Editing = None
    ) -> list[Problem] | None:
        """By the very same rules."""
        tree = without_nulls(tree_of(input))
        listed = None if projects is None else [without_nulls(tree_of(project)) for project in projects]
        directory = info.context.snapshot.directory
        edited = None if campaign is None else directory.campaigns.get(campaign)
        announced = edited is not None and bool(edited.announcements)
        life = info.context.campaign_life
        return published_problems(life.check(tree, listed, directory.districts, announced=announced))

    @restricted(
        Role.ORGANIZER,
        Role.AUDITOR,
        description="A campaign as what it could be made from: the keys and values of `CampaignInput`, and under `projects` a "
        "list of `ProjectInput`, with every text in all of its languages. For forms, and to copy a campaign.",
    )
    async def campaign_input(self, info: Info, campaign: CampaignSlug) -> JSON | None:
        """The inverse of createCampaign and putProjects."""
        tree = await info.context.campaign_life.written_back(info.context.campaign(campaign))
        return JSON(written_back(tree))
