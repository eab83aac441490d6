"""What a stage of the selection is decided by, as the organizer states it before voting opens."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from api.domain.voting.channels import Channel


class StageKind(Enum):
    """How a stage is decided."""

    SUBMISSION = "Projects are put forward, and those that meet the conditions become candidates: before the vote."
    PUBLIC_VOTE = "By the votes of the public."
    EXPERT_SCORES = "By what the experts' scores come to, alone or together with the votes of the public."
    EXPERT_BALLOT = "By a ballot among the experts, each of whom names several projects, alone or with other inputs."
    DECISION = "By a decision of the organizer, which is on record with its reason."


class InputSource(Enum):
    """What a stage's score is made of."""

    PUBLIC_VOTE = "The votes that a project has, each channel with its weight."
    EXPERT_SCORES = "What the experts' scores of a project come to, as the panel states."
    EXPERT_BALLOT = "How many experts named a project on their ballots."


class Normalisation(Enum):
    """How the values of an input are made comparable with those of others, usually between 0 and 100."""

    AS_IS = "The value itself: for scores out of a hundred, or where there is one input alone."
    SHARE_OF_HIGHEST = "The value as a percentage of the highest one."
    SHARE_OF_BALLOTS = "The value as a percentage of the ballots."
    RANK_LADDER = (
        "Points by place: `points` for the first, the second and so on, then `floor`. Ties share their places' mean."
    )
    BANDS = "The points of the highest of `bands` that the value reaches, else `floor`."
    MIN_MAX = "Between the lowest value, which is 0, and the highest, which is 100."


class CriterionSource(Enum):
    """What breaks a tie under FURTHER_CRITERION: the more, the better."""

    PUBLIC_VOTE = "The votes of the public."
    EXPERT_SCORES = "What the experts' scores come to."
    EXPERT_BALLOT = "How many experts named the project on their ballots."
    CRITERION = "The mean of the experts' scores by one criterion."


@dataclass(frozen=True, slots=True)
class Band:
    """Points for every value of at least this."""

    at_least: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class ChannelWeight:
    """How much a vote by a channel counts; by one that is not listed it counts 1."""

    channel: Channel
    weight: Decimal


@dataclass(frozen=True, slots=True)
class StageInput:
    """One part of a stage's score. points: of RANK_LADDER. floor: of RANK_LADDER and BANDS. channels: of PUBLIC_VOTE."""

    source: InputSource
    weight: Decimal = Decimal(1)
    normalisation: Normalisation = Normalisation.AS_IS
    points: tuple[Decimal, ...] = ()
    floor: Decimal = Decimal(0)
    bands: tuple[Band, ...] = ()
    channels: tuple[ChannelWeight, ...] = ()


@dataclass(frozen=True, slots=True)
class FurtherCriterion:
    """What breaks a tie. criterion: the code of the one that CRITERION goes by."""

    source: CriterionSource
    criterion: str | None = None
