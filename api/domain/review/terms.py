"""When and how the experts of a campaign score its projects, as the organizer states it before voting opens."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from api.domain.texts import LocalizedText


class AggregationMethod(Enum):
    """How the totals that the experts give a project become one score."""

    MEAN = "Their mean."
    MEDIAN = "Their median; of an even number, the mean of the two in the middle."
    TRIMMED_MEAN = "Their mean without the `drop` highest and the `drop` lowest, from `trimFrom` scores on."
    RANK_SUM = (
        "The mean of points by rank: of n projects that an expert scored, the best has n points of n, the last 1, as a "
        "percentage; equal ones share."
    )


class ReviewState(Enum):
    """How far an expert is with a project."""

    NOT_BEGUN = "Nothing has been saved yet."
    DRAFT = "Scores are saved and not submitted; they count nowhere."
    SUBMITTED = "It is submitted. It can be revised until the deadline."
    ABSTAINED = "The expert gives no scores, for a reason of their own."
    RECUSED = "The expert has a conflict of interest, and gives no scores."
    VOIDED = "The expert was dropped; the scores count nowhere."


class ExpertState(Enum):
    """Where an expert stands with the panel."""

    INVITED = "They have an invitation, and have not accepted it."
    ACCEPTED = "They are on the panel."
    DROPPED = "They were on the panel, or invited, and no longer are. Their scores count nowhere."


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a score stands for, in words."""

    score: Decimal
    text: LocalizedText


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How scores are put together. drop: how many scores are left out at either end, from trim_from scores on.

    per_criterion: whether each criterion is trimmed apart. standardised: whether each expert's totals are turned into
    standard scores first, from standardised_from reviews of theirs on. places: decimal places of a project's score.
    """

    method: AggregationMethod = AggregationMethod.MEAN
    drop: int = 1
    trim_from: int = 3
    per_criterion: bool = False
    standardised: bool = False
    standardised_from: int = 5
    places: int = 4


@dataclass(frozen=True, slots=True)
class PanelTerms:
    """When the experts score, and how. quorum: the fewest reviews of a project, and expert ballots of a stage, that count.

    published: whether everybody sees who is on the panel.
    """

    opens_at: datetime
    closes_at: datetime
    aggregation: Aggregation = Aggregation()
    quorum: int | None = None
    published: bool = False
