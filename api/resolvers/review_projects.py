"""The mutations of experts: acceptInvitation, saveReview, submitReview, abstainFromReview, recuseFromReview."""

from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns.problems import ActFailed
from api.domain.errors import bad_input
from api.domain.ids import ExpertId
from api.domain.people.identity import Role
from api.domain.texts import Text
from api.schema.common.roles import restricted
from api.schema.organisers.acts import ProjectArgument, project_id
from api.schema.organisers.panel import ExpertPayload, ReviewInput, ReviewPayload, renew, review_payload
from api.schema.organisers.problems import published_problems
from api.schema.reviews import find_expert
from api.services.reviewing import ReviewKey

Code = Annotated[
    str | None, strawberry.argument(description="The code. Upper case, spaces and dashes make no difference.")
]
ClaimedCampaign = Annotated[
    str | None,
    strawberry.argument(
        description="Without a code: the slug of the campaign whose panel the viewer's claims invite to."
    ),
]
Input = Annotated[ReviewInput, strawberry.argument(description="The review, whole.")]
ExpectedRevision = Annotated[
    int | None,
    strawberry.argument(
        description="The `revision` of the review that the change is made to, 0 for one that was not begun. If it has another "
        "by now, the problem is `STALE_REVISION`. Left out, the last writer wins."
    ),
]
ReviewReason = Annotated[
    str, strawberry.argument(description="Why: 1 to 500 characters, for staff to read after the deadline.")
]
OWN = "Only an expert of the campaign does this, with their own review, and before the deadline."


@strawberry.type
class ReviewProjectsMutations:
    """The root fields of experts."""

    @strawberry.mutation(
        description="Accept an invitation to a panel, by its code or by what the viewer signs in with. From then on the viewer "
        "is an `EXPERT` in the campaign. A code is used up by it. What cannot be accepted is told in the same words, whatever "
        "the reason, and attempts count as sign-ins do against the rate limit."
    )
    async def accept_invitation(
        self, info: Info, code: Code = None, campaign: ClaimedCampaign = None
    ) -> ExpertPayload | None:
        """One of the panel from now on."""
        voter, invitations = info.context.viewer.signed_in, info.context.panel_services.invitations
        if (code is None) == (campaign is None):
            raise bad_input(Text("请给出code或campaign之一。", "Give either code or campaign."), argument="code")
        info.context.rate_limits.take_sign_in()
        try:
            if code is not None:
                slug, expert = await invitations.accept_code(voter, code)
            else:
                slug, expert = campaign or "", await invitations.accept_claim(voter, campaign or "")
        except ActFailed as refusal:
            return ExpertPayload(expert=None, problems=published_problems(refusal.problems))
        await renew(info)
        return ExpertPayload(expert=await find_expert(info, ExpertId(slug, expert.number)), problems=[])

    @restricted(
        Role.EXPERT,
        description="Save the scores of a project: as a draft, which counts nowhere, or, once it is submitted, as what counts "
        f"from now on. {OWN}",
    )
    async def save_review(
        self, info: Info, project: ProjectArgument, input: Input, expected_revision: ExpectedRevision = None
    ) -> ReviewPayload | None:
        """A draft, or another version of what is submitted."""
        key, voter = _key(info, project, expected_revision), info.context.viewer.signed_in.pseudonym
        act = info.context.panel_services.reviewing.save(voter, key, input.value())
        return await review_payload(info, key.campaign, key.project, act)

    @restricted(
        Role.EXPERT,
        description=f"Let what was saved count; every criterion has to be scored. It can be revised until the deadline. {OWN}",
    )
    async def submit_review(
        self, info: Info, project: ProjectArgument, expected_revision: ExpectedRevision = None
    ) -> ReviewPayload | None:
        """SUBMITTED."""
        key, voter = _key(info, project, expected_revision), info.context.viewer.signed_in.pseudonym
        act = info.context.panel_services.reviewing.submit(voter, key)
        return await review_payload(info, key.campaign, key.project, act)

    @restricted(
        Role.EXPERT,
        description="Give a project no scores, for a reason other than a conflict of interest. Scores that were saved are "
        f"dropped; saving new ones takes the review up again. {OWN}",
    )
    async def abstain_from_review(
        self, info: Info, project: ProjectArgument, reason: ReviewReason
    ) -> ReviewPayload | None:
        """ABSTAINED."""
        key, voter = _key(info, project, None), info.context.viewer.signed_in.pseudonym
        act = info.context.panel_services.reviewing.abstain(voter, key, reason)
        return await review_payload(info, key.campaign, key.project, act)

    @restricted(
        Role.EXPERT,
        description="Declare a conflict of interest with a project, whether or not it is assigned, also before reviewing "
        f"begins. Scores that were saved are dropped, and there is no way back. {OWN}",
    )
    async def recuse_from_review(
        self, info: Info, project: ProjectArgument, reason: ReviewReason
    ) -> ReviewPayload | None:
        """RECUSED."""
        key, voter = _key(info, project, None), info.context.viewer.signed_in.pseudonym
        act = info.context.panel_services.reviewing.recuse(voter, key, reason)
        return await review_payload(info, key.campaign, key.project, act)


def _key(info: Info, project: str, expected: int | None) -> ReviewKey:
    """Which review is meant. Raises ApiError NOT_FOUND for a campaign that the viewer does not see."""
    name = project_id(project)
    return ReviewKey(info.context.campaign(name.campaign).slug, name.number, expected)
