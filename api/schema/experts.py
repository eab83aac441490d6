"""The experts of a panel, how far they are, and what a review consists of."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from api.domain.campaigns import campaign
from api.domain.campaigns.projects import Project
from api.domain.ids import ExpertId
from api.domain.review import agreement, panel
from api.domain.review.terms import ExpertState, ReviewState
from api.schema.campaigns import LAZY, project_types
from api.schema.common.nodes import Node
from api.schema.common.texts import optional_own_text

TO_DO = (ReviewState.NOT_BEGUN, ReviewState.DRAFT)


@strawberry.type(
    description="An expert of a campaign's panel. Staff see all; everybody sees who is on a published panel."
)
class Expert(Node):
    """Shows domain.review.panel.Expert."""

    value: strawberry.Private[panel.Expert]
    number: int = strawberry.field(description="Their number on the panel.")
    name: str = strawberry.field(description="Their name, as the organizer wrote it.")
    organization: str | None = strawberry.field(
        description="Where they work. They review no project of the same organization."
    )
    state: ExpertState = strawberry.field(description="Where they stand with the panel.")
    invited_at: datetime = strawberry.field(description="When they were invited.")
    accepted_at: datetime | None = strawberry.field(description="When they accepted; null until they do.")
    dropped_at: datetime | None = strawberry.field(description="When they were dropped; null for all others.")
    dropped_reason: str | None = optional_own_text(
        lambda expert: expert.value.dropped_reason, "Why they were dropped; null for all others."
    )

    @classmethod
    def of(cls, value: panel.Expert, stands_in: campaign.Campaign) -> "Expert":
        local = stands_in.calendar.local
        return cls(
            id=strawberry.ID(str(ExpertId(stands_in.slug, value.number))),
            value=value,
            number=value.number,
            name=value.name,
            organization=value.organization,
            state=value.state,
            invited_at=local(value.invited_at),
            accepted_at=None if value.accepted_at is None else local(value.accepted_at),
            dropped_at=None if value.dropped_at is None else local(value.dropped_at),
        )


@strawberry.type(description="What an expert gives a project by one criterion.")
class Score:
    """One score."""

    criterion: str = strawberry.field(description="The criterion's code, as in the panel's `rubric`.")
    score: Decimal = strawberry.field(description="The score.")


def published_scores(scores: Mapping[str, Decimal], stands_in: campaign.Campaign) -> list[Score]:
    """The scores in the order of the rubric."""
    codes = [criterion.code for criterion in stands_in.criteria]
    return [Score(criterion=code, score=scores[code]) for code in codes if code in scores]


@strawberry.type(description="What a review was from a moment on.")
class ReviewRevision:
    """Shows domain.review.panel.ReviewRevision."""

    revision: int = strawberry.field(description="Its number; 1 is what was stored first.")
    at: datetime = strawberry.field(description="Since when.")
    state: ReviewState = strawberry.field(description="How far it was.")
    scores: list[Score] = strawberry.field(description="The scores that it had, in the order of the rubric.")
    comment: str | None = strawberry.field(description="The comment that it had.")
    reason: str | None = strawberry.field(description="Why the expert gave no scores.")

    @classmethod
    def of(cls, value: panel.ReviewRevision, stands_in: campaign.Campaign) -> "ReviewRevision":
        return cls(
            revision=value.revision,
            at=stands_in.calendar.local(value.at),
            state=value.state,
            scores=published_scores(value.scores, stands_in),
            comment=value.comment,
            reason=value.reason,
        )


@strawberry.type(description="How many reviews are in a state.")
class ReviewCount:
    """One state."""

    state: ReviewState = strawberry.field(description="The state.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How far an expert is. It says nothing of any project.")
class ExpertProgress:
    """Counts of an expert's reviews."""

    expert: Expert = strawberry.field(description="The expert.")
    assigned: int = strawberry.field(description="How many projects they have, or had, to review.")
    not_begun: int = strawberry.field(description="How many they have not begun.")
    draft: int = strawberry.field(description="How many are drafts.")
    submitted: int = strawberry.field(description="How many are submitted.")
    abstained: int = strawberry.field(description="In how many they abstain.")
    recused: int = strawberry.field(
        description="From how many they are kept by a conflict of interest, also with projects that were not assigned to them."
    )
    voided: int = strawberry.field(description="How many are void, because they were dropped.")

    @classmethod
    def of(cls, value: panel.Expert, states: Counter[ReviewState], stands_in: campaign.Campaign) -> "ExpertProgress":
        return cls(
            expert=Expert.of(value, stands_in),
            assigned=states.total() - states[ReviewState.RECUSED],
            not_begun=states[ReviewState.NOT_BEGUN],
            draft=states[ReviewState.DRAFT],
            submitted=states[ReviewState.SUBMITTED],
            abstained=states[ReviewState.ABSTAINED],
            recused=states[ReviewState.RECUSED],
            voided=states[ReviewState.VOIDED],
        )


@strawberry.type(description="How far the reviews of a project are. It says nothing of any expert.")
class ProjectProgress:
    """Counts of a project's reviews."""

    project: Annotated["project_types.Project", LAZY] = strawberry.field(description="The project.")
    assigned: int = strawberry.field(description="How many experts on the panel have it, or had it, to review.")
    submitted: int = strawberry.field(description="How many of their reviews are submitted.")
    abstained: int = strawberry.field(description="How many of them abstain.")
    missing: int = strawberry.field(
        description="How many more have to be submitted until there are as many as the panel's `effectiveQuorum`; 0 where "
        "there are, and where no quorum is stated."
    )

    @classmethod
    def of(cls, value: panel.Panel, project: Project, states: Counter[ReviewState]) -> "ProjectProgress":
        return cls(
            project=project_types.Project.of(value.campaign, project.number),
            assigned=states.total() - states[ReviewState.RECUSED],
            submitted=states[ReviewState.SUBMITTED],
            abstained=states[ReviewState.ABSTAINED],
            missing=max(0, (value.quorum or 0) - states[ReviewState.SUBMITTED]),
        )


@strawberry.type(description="How far a panel is: states alone, and nothing that a score has a part in.")
class PanelProgress:
    """Counts of a panel's experts and reviews."""

    experts: int = strawberry.field(description="How many experts there are, invited and dropped ones included.")
    invited: int = strawberry.field(description="How many have not accepted their invitation.")
    accepted: int = strawberry.field(description="How many are on the panel.")
    dropped: int = strawberry.field(description="How many were dropped.")
    reviews: list[ReviewCount] = strawberry.field(description="How many reviews are in each state.")
    by_expert: list[ExpertProgress] = strawberry.field(description="How far each of those is who have accepted.")
    by_project: list[ProjectProgress] = strawberry.field(
        description="How far the reviews of each project are that stands, by number."
    )
    behind: list[Expert] = strawberry.field(
        description="Whom to remind: those on the panel who have something to begin or to submit."
    )

    @classmethod
    def of(cls, value: panel.Panel) -> "PanelProgress":
        states = Counter(expert.state for expert in value.experts)
        own = {each: _states(value, each) for each in value.experts if each.was_accepted}
        counts: Counter[ReviewState] = sum(own.values(), Counter())
        behind = [each for each in own if each.dropped_at is None and any(own[each][state] for state in TO_DO)]
        return cls(
            experts=len(value.experts),
            invited=states[ExpertState.INVITED],
            accepted=states[ExpertState.ACCEPTED],
            dropped=states[ExpertState.DROPPED],
            reviews=[ReviewCount(state=state, count=counts[state]) for state in ReviewState],
            by_expert=[ExpertProgress.of(each, counted, value.campaign) for each, counted in own.items()],
            by_project=[ProjectProgress.of(value, each, _states_of(value, each)) for each in value.standing],
            behind=[Expert.of(each, value.campaign) for each in behind],
        )


def _states(value: panel.Panel, expert: panel.Expert) -> Counter[ReviewState]:
    return Counter(review.state for review in value.reviews_of(expert))


def _states_of(value: panel.Panel, project: Project) -> Counter[ReviewState]:
    """Of the experts on the panel, those who were dropped left out."""
    on_panel = (each for each in value.experts if each.state is ExpertState.ACCEPTED)
    reviews = (value.review(each.number, project.number) for each in on_panel)
    return Counter(review.state for review in reviews if review is not None)


@strawberry.type(description="How far the experts agree, by the totals of the reviews that count.")
class Agreement:
    """Shows domain.review.agreement.Agreement."""

    kendalls_w: Decimal | None = strawberry.field(
        name="kendallsW",
        description="Kendall's W, corrected for ties, where every expert has reviewed every project: from 0, no agreement, to "
        "1; null else.",
    )
    krippendorffs_alpha: Decimal | None = strawberry.field(
        description="Krippendorff's alpha of the interval metric, where there are gaps: 1 is agreement, 0 what chance would "
        "bring; null else, and where there is too little to compare."
    )
    experts: int = strawberry.field(description="How many experts it is about.")
    projects: int = strawberry.field(description="How many projects it is about.")

    @classmethod
    def of(cls, value: agreement.Agreement) -> "Agreement":
        return cls(
            kendalls_w=value.kendalls_w,
            krippendorffs_alpha=value.krippendorffs_alpha,
            experts=value.experts,
            projects=value.projects,
        )
