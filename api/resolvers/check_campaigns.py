"""Queries for whoever edits a campaign: checkCampaign, and campaignInput."""

from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from api.context import Info
from api.domain.campaigns.second_round import second_round
from api.domain.errors import bad_input
from api.domain.images import served_address
from api.domain.people.identity import Role
from api.domain.texts import Text
from api.resolvers.edit_campaigns import Input
from api.schema.common.roles import restricted
from api.schema.organisers.acts import CampaignSlug
from api.schema.organisers.problems import Problem, published_problems
from api.schema.organisers.project_input import ProjectInput
from api.schema.organisers.texts import stored_tree, with_addresses, without_nulls
from api.schema.organisers.written_back import written_back

Projects = Annotated[
    list[ProjectInput] | None, strawberry.argument(description="Its projects; left out, they are not looked at.")
]

Passed = Annotated[
    str | None,
    strawberry.argument(
        description="The code of a stage whose outcome is announced: then it is what a second round of voting begins with, "
        "those projects alone that passed the stage, and nothing that was announced. Give it a slug and dates of its own."
    ),
]
Editing = Annotated[
    str | None,
    strawberry.argument(
        description="The slug of the campaign that is edited: whoever has the role in it alone names it. What a selection "
        "has announced in it is not looked at.",
    ),
]


def _stored(info: Info, value: Any) -> Any:
    return without_nulls(stored_tree(value, info.context.root_path))


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
        tree, listed = _stored(info, input), None if projects is None else [_stored(info, each) for each in projects]
        directory = info.context.snapshot.directory
        edited = None if campaign is None else directory.campaigns.get(campaign)
        announced = edited is not None and bool(edited.announcements)
        life = info.context.campaign_life
        return published_problems(life.check(tree, listed, directory.districts, announced=announced))

    @restricted(
        Role.ORGANIZER,
        Role.AUDITOR,
        of_staff=True,
        description="A campaign as what it could be made from: the keys and values of `CampaignInput`, and under `projects` a "
        "list of `ProjectInput`, with every text in all of its languages. For forms, to copy a campaign, and to begin a second "
        "round of voting.",
    )
    async def campaign_input(self, info: Info, campaign: CampaignSlug, passed: Passed = None) -> JSON | None:
        """The inverse of createCampaign and putProjects."""
        found = info.context.campaign(campaign)
        copied = found if passed is None else second_round(found, passed)
        if copied is None:
            raise bad_input(
                Text(
                    "评选“{campaign}”没有已公布结果的阶段“{passed}”。",
                    "The campaign {campaign} has announced no outcome of a stage “{passed}”.",
                    campaign=campaign,
                    passed=(passed or "")[:40],
                ),
                argument="passed",
            )
        tree = written_back(await info.context.campaign_life.written_back(copied))
        return JSON(with_addresses(tree, served_address, info.context.root_path))
