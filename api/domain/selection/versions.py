"""What a stage has decided, version by version, and what is held against it: as it is announced and corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property

from api.domain.selection.differences import RowChange, differences
from api.domain.selection.outcome import Outcome, OutcomeRow
from api.domain.selection.terms import InputSource
from api.domain.texts import LocalizedText


class PublicationState(Enum):
    """How far an outcome has come on its way to being final."""

    PROVISIONAL = "It is decided and not announced: organizers and auditors of the campaign alone see it."
    ANNOUNCED = "It is announced, and objections to it are heard."
    FINAL = "Every objection is answered, and the organizer has confirmed it."


@dataclass(frozen=True)
class SelectionVersion:
    """One version of what a stage has decided; the record and the trace that it follows from are stored beside it.

    reason: why it replaces the version before, where that was announced.
    """

    stage: str
    version: int
    decided_at: datetime
    outcome: Outcome
    digest: str
    reason: LocalizedText | None = None

    @cached_property
    def by_number(self) -> Mapping[int, OutcomeRow]:
        """What became of each candidate, by its number."""
        return {row.number: row for row in self.outcome.rows}


@dataclass(frozen=True, slots=True)
class SelectionTexts:
    """What a version follows from, as canonical JSON, and how, line by line."""

    record: str
    trace: str


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody holds against an announced outcome, by a number within the stage. project: the number of one, or None."""

    stage: str
    number: int
    at: datetime
    by: str
    text: str
    project: int | None = None
    answer: LocalizedText | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Annex:
    """What a correction has changed."""

    version: SelectionVersion
    before: SelectionVersion
    changes: tuple[RowChange, ...]


@dataclass(frozen=True)
class StageSelection:
    """What a stage has decided, as far as it was announced: the version that was, and its corrections. At least one version."""

    stage: str
    versions: tuple[SelectionVersion, ...]
    objections: tuple[Objection, ...] = ()

    @property
    def current(self) -> SelectionVersion:
        """The version that holds."""
        return self.versions[-1]

    @cached_property
    def scores(self) -> Mapping[int, Decimal]:
        """The score of each candidate by number; none where the stage does not go by scores."""
        return {row.number: row.score for row in self.current.outcome.rows if row.score is not None}

    @cached_property
    def expert_scores(self) -> Mapping[int, Decimal]:
        """What the experts' scores of each candidate come to; none where they are no input."""
        source = InputSource.EXPERT_SCORES
        return {
            row.number: each.value
            for row in self.current.outcome.rows
            for each in row.inputs
            if each.stage_input.source is source
        }

    @cached_property
    def annexes(self) -> tuple[Annex, ...]:
        """The corrections, the earliest first."""
        pairs = zip(self.versions, self.versions[1:], strict=False)
        return tuple(Annex(now, was, differences(was.outcome, now.outcome)) for was, now in pairs)


def announced_versions(versions: tuple[SelectionVersion, ...]) -> tuple[SelectionVersion, ...]:
    """Of all versions of a stage whose outcome was announced: the one that was, and its corrections, which have reasons."""
    last = max((place for place, each in enumerate(versions) if each.reason is None), default=0)
    return versions[last:]


def final_scores(selections: Sequence[StageSelection]) -> Mapping[int, Decimal]:
    """Return the scores, by project, of the last stage that goes by scores; only its candidates have one."""
    return next((each.scores for each in reversed(selections) if each.scores), {})


def expert_scores(selections: Sequence[StageSelection]) -> Mapping[int, Decimal]:
    """Return what the experts' scores come to, by project, in the last stage that goes by them."""
    return next((each.expert_scores for each in reversed(selections) if each.expert_scores), {})
