"""A panel as it is stored: its experts, their reviews, and which projects each of them has to review."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Criterion
from api.domain.campaigns.projects import Project, Standing
from api.domain.exact import plain
from api.domain.review.aggregation import Pair, Scored, total
from api.domain.review.assignment import own_organizations
from api.domain.review.rubric import weights
from api.domain.review.terms import ExpertState, PanelTerms, ReviewState
from api.domain.texts import LocalizedText

BEGUN = (ReviewState.DRAFT, ReviewState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Expert:
    """One of a panel, by a number within the campaign. viewer: their pseudonym, once they have accepted the invitation.

    claim: the name and a value of the claim that accepts it, where no code does. Either holds until expires_at.
    """

    number: int
    name: str
    organization: str | None
    invited_at: datetime
    expires_at: datetime
    claim: tuple[str, str] | None = None
    viewer: str | None = field(default=None, repr=False)
    accepted_at: datetime | None = None
    dropped_at: datetime | None = None
    dropped_reason: LocalizedText | None = None

    @property
    def state(self) -> ExpertState:
        if self.dropped_at is not None:
            return ExpertState.DROPPED
        return ExpertState.INVITED if self.accepted_at is None else ExpertState.ACCEPTED

    @property
    def was_accepted(self) -> bool:
        """Whether they have been on the panel, also if they were dropped since."""
        return self.accepted_at is not None


@dataclass(frozen=True, slots=True)
class Review:
    """What an expert makes of a project. revision: how often it was changed; 0 for one that nothing is stored of.

    by_organizer: whether the conflict of interest is not the expert's own statement. own: whether it follows from their
    organization alone.
    """

    expert: int
    project: int
    state: ReviewState = ReviewState.NOT_BEGUN
    assigned: bool = False
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    comment: str | None = None
    reason: str | None = None
    by_organizer: bool = False
    own: bool = False
    revision: int = 0
    updated_at: datetime | None = None

    @property
    def pair(self) -> Pair:
        return self.expert, self.project


@dataclass(frozen=True, slots=True)
class ReviewRevision:
    """What a review was from a moment on."""

    expert: int
    project: int
    revision: int
    at: datetime
    state: ReviewState
    scores: Mapping[str, Decimal]
    comment: str | None
    reason: str | None


@dataclass(frozen=True)
class Panel:
    """The panel of a campaign at one moment, or as much of it as concerns one of its experts.

    terms: as they are stored at that moment. reviews: those that something is stored of. is_assigned: whether reviews have been
    assigned; else everybody reviews everything.
    """

    campaign: Campaign
    terms: PanelTerms
    experts: tuple[Expert, ...]
    reviews: tuple[Review, ...]
    is_assigned: bool

    @cached_property
    def by_number(self) -> Mapping[int, Expert]:
        return {expert.number: expert for expert in self.experts}

    @cached_property
    def by_pair(self) -> Mapping[Pair, Review]:
        return {review.pair: review for review in self.reviews}

    def expert_of(self, viewer: str) -> Expert | None:
        """The expert that a viewer is, or was."""
        return next((expert for expert in self.experts if expert.viewer == viewer), None)

    @cached_property
    def standing(self) -> tuple[Project, ...]:
        """The projects that can be reviewed."""
        return tuple(each for each in self.campaign.projects if each.standing is Standing.STANDING)

    @cached_property
    def _standing_numbers(self) -> frozenset[int]:
        return frozenset(project.number for project in self.standing)

    @cached_property
    def own_organizations(self) -> frozenset[Pair]:
        """Which experts are of a project's own organization."""
        names = {expert.number: expert.organization for expert in self.experts}
        return conflicts_by_organization(names, self.campaign.projects)

    def review(self, expert: int, project: int) -> Review | None:
        """What an expert has to do with a project: stored, to be done, or excluded; None for nothing."""
        stored = self.by_pair.get((expert, project))
        if stored is not None and stored.state is not ReviewState.NOT_BEGUN:
            return stored
        if (expert, project) in self.own_organizations:
            return Review(expert, project, ReviewState.RECUSED, own=True, by_organizer=True)
        if project not in self._standing_numbers:
            return None
        if self.is_assigned:
            return stored if stored is not None and stored.assigned else None
        return stored or Review(expert, project)

    def reviews_of(self, expert: Expert) -> tuple[Review, ...]:
        """All that an expert has to do, has done or must not do, by project. Of one who was dropped, what is stored."""
        if expert.state is ExpertState.DROPPED:
            return tuple(review for review in self.reviews if review.expert == expert.number and review.revision)
        found = (self.review(expert.number, project.number) for project in self.campaign.projects)
        return tuple(review for review in found if review is not None)

    @cached_property
    def scored(self) -> tuple[Scored, ...]:
        """The reviews that count, by expert and project."""
        return scored(self.experts, self.reviews)

    @property
    def dropped(self) -> int:
        """How many were on the panel and no longer are: by so many the quorum is lower."""
        return dropped(self.experts)

    @property
    def quorum(self) -> int | None:
        """The fewest reviews of a project that are enough now."""
        return None if self.terms.quorum is None else max(1, self.terms.quorum - self.dropped)


def complete_total(review: Review, criteria: Sequence[Criterion]) -> Decimal | None:
    """Weight times score over the criteria that count, once all of them are scored and the review still has scores."""
    counted = weights(criteria)
    if not counted or review.state not in BEGUN or not counted.keys() <= review.scores.keys():
        return None
    return Decimal(plain(total(review.scores, counted)))


def scored(experts: Iterable[Expert], reviews: Iterable[Review]) -> tuple[Scored, ...]:
    """The reviews that are submitted, of experts who were not dropped, by expert and project."""
    on_panel = {expert.number for expert in experts if expert.state is ExpertState.ACCEPTED}
    counting = (each for each in reviews if each.state is ReviewState.SUBMITTED and each.expert in on_panel)
    return tuple(Scored(*each.pair, each.scores) for each in sorted(counting, key=lambda review: review.pair))


def dropped(experts: Iterable[Expert]) -> int:
    """How many were on the panel and no longer are."""
    return sum(expert.was_accepted and expert.state is ExpertState.DROPPED for expert in experts)


def conflicts_by_organization(experts: Mapping[int, str | None], projects: Iterable[Project]) -> frozenset[Pair]:
    """The pairs of an expert and a project of the same organization, whatever language either is written in."""
    names: dict[int, list[str]] = defaultdict(list)
    for project in projects:
        if project.organization is not None:
            names[project.number] += [text for _, text in project.organization.translations]
    return own_organizations(experts, names)
