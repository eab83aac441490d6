"""What organizers and experts send to a panel, and the payloads that follow from it."""

from collections.abc import Awaitable
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns.problems import ActFailed
from api.domain.errors import not_found
from api.domain.ids import ExpertId, ReviewId, parse_id
from api.domain.review import invitations
from api.domain.texts import Text
from api.schema.campaigns.project_types import Project
from api.schema.campaigns.review_types import Review
from api.schema.experts import Expert
from api.schema.organisers.acts import project_id
from api.schema.organisers.problems import PROBLEMS, Problem, published_problems
from api.schema.reviews import find_review
from api.services.invitations import Invited
from api.services.panel_management import AssignmentWish
from api.services.reviewing import ReviewDraft

ExpertArgument = Annotated[
    strawberry.ID, strawberry.argument(description="The expert's id, such as `expert/shanghai-2017/3`.")
]


@strawberry.input(description="What a sign-in provider says of a person.")
class ClaimInput:
    """Becomes a claim's name and value."""

    claim: str = strawberry.field(description="The claim's name; the server has to keep it (docs/sign-in.md).")
    value: str = strawberry.field(description="The value, or one of the values, that it has.")


@strawberry.input(description="Somebody to invite to a panel.")
class ExpertInvitation:
    """Becomes domain.review.invitations.Invitation."""

    name: str = strawberry.field(description="Their name, as staff and, with a published panel, everybody reads it.")
    organization: str | None = strawberry.field(
        default=None, description="Where they work. They will review no project of the same organization."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="Until when it can be accepted; left out, until the panel's deadline."
    )
    claim: ClaimInput | None = strawberry.field(
        default=None, description="Who accepts it without a code: whoever signs in with this claim."
    )
    conflicts: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The ids of projects that they must not review, because of a conflict of interest."
    )

    def value(self, campaign: str) -> invitations.Invitation:
        ids = [project_id(each) for each in self.conflicts or ()]
        return invitations.Invitation(
            name=self.name,
            organization=self.organization,
            expires_at=self.expires_at,
            claim=None if self.claim is None else (self.claim.claim, self.claim.value),
            conflicts=tuple(each.number if each.campaign == campaign else 0 for each in ids),
        )


@strawberry.type(description="An invitation that was made.")
class Invitation:
    """Shows services.invitations.Invited."""

    expert: Expert = strawberry.field(description="Whom it invites.")
    code: str | None = strawberry.field(
        description="The code that accepts it, once. Only its digest is stored, so it is shown here and never again. Null "
        "where a claim accepts it, and in a dry run."
    )
    expires_at: datetime = strawberry.field(description="The first instant at which it cannot be accepted any more.")
    conflicts: list[Project] = strawberry.field(
        description="The projects that they will not review: those that were named, and those of their own organization."
    )


@strawberry.type(description="What came of inviting experts.")
class InvitationsPayload:
    """Has either the invitations or problems."""

    invitations: list[Invitation] | None = strawberry.field(
        description="The invitations, in the order in which they were sent; null exactly when there is a problem."
    )
    problems: list[Problem] = strawberry.field(description=PROBLEMS)


@strawberry.type(description="What came of an act on an expert.")
class ExpertPayload:
    """Has either the expert or problems."""

    expert: Expert | None = strawberry.field(description="As they now are; null exactly when there is a problem.")
    problems: list[Problem] = strawberry.field(description=PROBLEMS)


@strawberry.input(description="How reviews are to be assigned.")
class AssignmentInput:
    """Becomes services.panel_management.AssignmentWish."""

    per_project: int = strawberry.field(description="How many experts review each project.")
    most_per_expert: int = strawberry.field(description="How many projects an expert has at most.")
    seed: str = strawberry.field(
        description="What is drawn by it where possibilities are equal: the same seed, experts, projects and conflicts give "
        "the same assignment."
    )
    dry_run: bool = strawberry.field(default=False, description="Whether it is only worked out, and not stored.")

    def value(self) -> AssignmentWish:
        return AssignmentWish(self.per_project, self.most_per_expert, self.seed, self.dry_run)


@strawberry.type(description="What an expert has to review.")
class ExpertAssignment:
    """One expert's."""

    expert: Expert = strawberry.field(description="The expert.")
    projects: list[Project] = strawberry.field(description="The projects, by number.")


@strawberry.type(description="What came of assigning reviews.")
class AssignmentPayload:
    """Has either the assignments or problems."""

    assignments: list[ExpertAssignment] | None = strawberry.field(
        description="By expert, all who are on the panel; null exactly when there is a problem."
    )
    problems: list[Problem] = strawberry.field(description=PROBLEMS)


@strawberry.input(description="What an expert gives a project by one criterion.")
class ScoreInput:
    """One score."""

    criterion: str = strawberry.field(description="The criterion's code.")
    score: Decimal = strawberry.field(description="The score, on the criterion's scale.")


@strawberry.input(description="A review, whole: it replaces what was saved before.")
class ReviewInput:
    """Becomes services.reviewing.ReviewDraft."""

    scores: list[ScoreInput] = strawberry.field(
        description="Each criterion at most once. A draft may lack some; once the review is submitted none may be missing."
    )
    comment: str | None = strawberry.field(default=None, description="What there is to say, at most 5000 characters.")

    def value(self) -> ReviewDraft:
        return ReviewDraft([(each.criterion, each.score) for each in self.scores], self.comment)


@strawberry.type(description="What came of an act on a review.")
class ReviewPayload:
    """Has either the review or problems."""

    review: Review | None = strawberry.field(description="As it now is; null exactly when there is a problem.")
    problems: list[Problem] = strawberry.field(description=PROBLEMS)


def expert_id(name: str) -> ExpertId:
    """Parse an expert's id. Raises ApiError NOT_FOUND for anything else."""
    if isinstance(parsed := parse_id(name), ExpertId):
        return parsed
    raise not_found(
        Text(
            "“{name}”不是专家id，其形如expert/shanghai-2017/3。",
            "“{name}” is no expert's id; those look like expert/shanghai-2017/3.",
            name=name[:80],
        ),
        argument="expert",
    )


async def renew(info: Info) -> None:
    """Go on with what is stored now, after a change."""
    life = info.context.campaign_life
    now = life.clock()
    info.context.renew(await life.snapshots.after_change(now), now)


async def review_payload(info: Info, campaign: str, project: int, act: Awaitable[int]) -> ReviewPayload:
    """Do it, which tells the number of the expert, and show the review or what stood in the way."""
    try:
        expert = await act
    except ActFailed as refusal:
        return ReviewPayload(review=None, problems=published_problems(refusal.problems))
    info.context.renew_panels()
    return ReviewPayload(review=await find_review(info, ReviewId(campaign, expert, project)), problems=[])


def invitations_payload(info: Info, campaign: str, invited: tuple[Invited, ...]) -> InvitationsPayload:
    """The invitations that were made."""
    stands_in = info.context.campaign(campaign)
    made = [
        Invitation(
            expert=Expert.of(each.expert, stands_in),
            code=each.code,
            expires_at=stands_in.calendar.local(each.expert.expires_at),
            conflicts=[Project.of(stands_in, number) for number in each.conflicts if number in stands_in.by_number],
        )
        for each in invited
    ]
    return InvitationsPayload(invitations=made, problems=[])
