"""Everything that goes into the decision of a stage, as values: from this record alone anybody can decide it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from api.domain.campaigns.stages import TieStep
from api.domain.review.aggregation import Scored, Weights
from api.domain.review.terms import Aggregation
from api.domain.selection.terms import CriterionSource, FurtherCriterion, InputSource, StageInput, StageKind
from api.domain.texts import LocalizedText
from api.domain.voting.channels import Channel

FORMAT = "pingxuan-selection/1"


@dataclass(frozen=True, slots=True)
class RubricCriterion:
    """A criterion of the experts, with its weight in the total where it is counted."""

    code: str
    weight: Decimal = Decimal(1)
    counted: bool = True


@dataclass(frozen=True, slots=True)
class AwardRule:
    """What the selected can win, and how many of them; threshold: the lowest score that wins it."""

    code: str
    seats: int
    threshold: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StageRules:
    """How a stage is decided. awards: of the last stage alone. aggregation: where experts' scores take part."""

    kind: StageKind
    seats: int
    places: int = 4
    threshold: Decimal | None = None
    quorum: int | None = None
    inputs: tuple[StageInput, ...] = ()
    ties: tuple[TieStep, ...] = ()
    further_criteria: tuple[FurtherCriterion, ...] = ()
    rubric: tuple[RubricCriterion, ...] = ()
    aggregation: Aggregation | None = None
    awards: tuple[AwardRule, ...] = ()
    lot_digest: str | None = None

    @property
    def weights(self) -> Weights:
        """The weights of the criteria that count, by code."""
        return {criterion.code: criterion.weight for criterion in self.rubric if criterion.counted}

    @property
    def uses_expert_scores(self) -> bool:
        """Whether the experts' scores are put together, for the score or to break ties."""
        breaks_ties = any(each.source is CriterionSource.EXPERT_SCORES for each in self.further_criteria)
        return breaks_ties or self.has_input(InputSource.EXPERT_SCORES)

    def has_input(self, source: InputSource) -> bool:
        """Return whether the score is made of this, at least in part."""
        return any(each.source is source for each in self.inputs)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that can be selected. vacates: it cannot any more, and the seat it would have had stays vacant."""

    number: int
    votes: Mapping[Channel, int]
    vacates: bool = False


@dataclass(frozen=True, slots=True)
class ExpertBallot:
    """The projects that an expert named, by number."""

    expert: int
    projects: frozenset[int]


@dataclass(frozen=True, slots=True)
class TieDecision:
    """How a tie was decided: the projects that were equal, the best first. votes: of each, in an EXPERT_REVOTE."""

    step: TieStep
    order: tuple[int, ...]
    reason: LocalizedText
    votes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StageDecision:
    """What the organizer decided in a stage of the kind DECISION; awards go by the order of the selected."""

    selected: tuple[int, ...]
    reason: LocalizedText


@dataclass(frozen=True, slots=True)
class Record:
    """All that goes into the decision of a stage. ballots: how many count, by channel. dropped: how many experts were."""

    campaign: str
    stage: str
    rules: StageRules
    candidates: tuple[Candidate, ...]
    ballots: Mapping[Channel, int]
    reviews: tuple[Scored, ...] = ()
    expert_ballots: tuple[ExpertBallot, ...] = ()
    decisions: tuple[TieDecision, ...] = ()
    decision: StageDecision | None = None
    seed: str | None = None
    dropped: int = 0

    @property
    def basis(self) -> frozenset[int]:
        """The numbers of the candidates that stand: what others' values are compared with."""
        return frozenset(candidate.number for candidate in self.candidates if not candidate.vacates)
