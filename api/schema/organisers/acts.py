"""The arguments of what organizers do, and the payloads that follow from it."""

from collections.abc import Awaitable, Mapping
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns.problems import ActFailed
from api.domain.errors import not_found
from api.domain.ids import ProjectId, parse_id
from api.domain.texts import Text
from api.schema.campaigns.campaign_types import Campaign
from api.schema.campaigns.project_types import Project
from api.schema.organisers.problems import CampaignPayload, ProjectPayload, published_problems
from api.schema.organisers.texts import TextInput
from api.services.campaign_acts import Done

CampaignSlug = Annotated[str, strawberry.argument(description="The campaign's slug.")]
ProjectArgument = Annotated[
    strawberry.ID, strawberry.argument(description="The project's id, such as `project/shanghai-2017/17`.")
]
ExpectedRevision = Annotated[
    int | None,
    strawberry.argument(
        description="The `revision` of the campaign that the change is made to. When it has another one by now the problem is "
        "`STALE_REVISION`. Left out, the last writer wins."
    ),
]
Reason = Annotated[
    TextInput,
    strawberry.argument(
        description="Why, in the campaign's own language at least. Everybody reads it, and it stays on record."
    ),
]
OptionalReason = Annotated[TextInput | None, strawberry.argument(description="Why, for the trail.")]


async def campaign_payload(info: Info, act: Awaitable[Done]) -> CampaignPayload:
    """Do it, and show the campaign or what stood in the way."""
    try:
        done = await act
    except ActFailed as refusal:
        return CampaignPayload(campaign=None, problems=published_problems(refusal.problems))
    info.context.renew(done.snapshot, done.now)
    return CampaignPayload(campaign=Campaign.of(done.campaign), problems=[])


async def project_payload(info: Info, number: int, act: Awaitable[Done]) -> ProjectPayload:
    """Do it, and show the project or what stood in the way."""
    try:
        done = await act
    except ActFailed as refusal:
        return ProjectPayload(project=None, problems=published_problems(refusal.problems))
    info.context.renew(done.snapshot, done.now)
    return ProjectPayload(project=Project.of(done.campaign, number), problems=[])


def project_id(name: str) -> ProjectId:
    """Parse a project's id. Raises ApiError NOT_FOUND for anything else."""
    if isinstance(parsed := parse_id(name), ProjectId):
        return parsed
    raise not_found(
        Text(
            "“{name}”不是项目id，其形如project/shanghai-2017/17。",
            "“{name}” is no project's id; those look like project/shanghai-2017/17.",
            name=name[:80],
        ),
        argument="project",
    )


def reason_of(input: TextInput | None) -> Mapping[str, str] | None:
    """The translations of an optional reason."""
    return None if input is None else input.by_tag()


def organizer(info: Info) -> str:
    """The pseudonym of who asks."""
    return info.context.viewer.signed_in.pseudonym
