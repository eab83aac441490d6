"""The stages of a selection, and from when on it is public what they have decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import accumulate

from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.projects import Outcome, Project
from api.domain.selection.terms import FurtherCriterion, InputSource, StageInput, StageKind
from api.domain.texts import LocalizedText, Text, joined

OWN_SOURCE = {  # what a stage of each kind is scored by, alone or with other inputs
    StageKind.PUBLIC_VOTE: InputSource.PUBLIC_VOTE,
    StageKind.EXPERT_SCORES: InputSource.EXPERT_SCORES,
    StageKind.EXPERT_BALLOT: InputSource.EXPERT_BALLOT,
}
ALWAYS, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class StageStatus(Enum):
    """Whether a stage of the selection has been decided."""

    PENDING = "It has not begun."
    OPEN = "It is being decided now: voting has opened, and every stage before it is decided."
    DECIDED = "It is decided, and who passed it is known."


class TieStep(Enum):
    """What is done where projects are equal and not all of them fit: each step settles what the one before has left."""

    ALL_IN = "All that are equal at the cut line pass, even if that makes more than there are seats."
    FURTHER_CRITERION = "A further criterion that the organizer has named decides."
    EXPERT_REVOTE = "The experts vote once more, among those that are equal."
    LOT = "Lots are drawn, by a seed whose digest was published before voting opened."
    RECORDED_DECISION = "The organizer decides, and the decision is on record with its reason."


TIES_IN_WORDS = {
    TieStep.ALL_IN: Text("并列者全部入选", "all that are equal pass"),
    TieStep.FURTHER_CRITERION: Text("按另一项标准决定", "a further criterion decides"),
    TieStep.EXPERT_REVOTE: Text("由专家再次投票", "the experts vote once more"),
    TieStep.LOT: Text("抽签决定", "lots are drawn"),
    TieStep.RECORDED_DECISION: Text("由主办方决定并记录理由", "the organizer decides, with the reason on record"),
}


def ties_in_words(steps: Sequence[TieStep]) -> Text:
    """What is done with ties, as a sentence."""
    if not steps:
        return Text("未说明并列时如何处理。", "Nothing is said about ties.")
    then = joined([TIES_IN_WORDS[step] for step in steps], "；仍并列时，", "; if they still are, ")
    return Text("并列时，{then}。", "If projects are equal at the cut line, {then}.", then=then)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the selection; seats is how many projects pass it. ties: how ties are settled, in this order.

    inputs: what its score is made of. threshold: the lowest score that passes. places: decimal places of scores.
    further_criteria: what FURTHER_CRITERION goes by, in this order. opens_at, closes_at, choices: of the expert ballot.
    """

    code: str
    name: LocalizedText
    seats: int
    decided: bool
    decided_at: datetime | None = None
    formula: str | None = None
    ties: tuple[TieStep, ...] = ()
    kind: StageKind = StageKind.DECISION
    inputs: tuple[StageInput, ...] = ()
    threshold: Decimal | None = None
    places: int = 4
    further_criteria: tuple[FurtherCriterion, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    choices: ChoiceRange | None = None

    @property
    def scored_by(self) -> tuple[StageInput, ...]:
        """What its score is made of: its inputs, else the one that its kind names; () where it has no score."""
        own = OWN_SOURCE.get(self.kind)
        return () if own is None else self.inputs or (StageInput(own),)


@dataclass(frozen=True)
class Publication:
    """From when on the decisions about a campaign's projects are public.

    A stage that has fewer seats than there are projects chooses among them, and so does one that is decided after voting, or
    that has made winners. What it has decided is public from published_at on where that is given, else from its own decided_at
    on; never while voting is open, and never without a date. Every other stage came before the vote; it is public from its
    decided_at on, if any.
    """

    closes_at: datetime
    published_at: datetime | None
    stages: tuple[Stage, ...]
    projects: tuple[Project, ...]

    @cached_property
    def moments(self) -> frozenset[datetime]:
        """The instants, in UTC, at which something becomes public."""
        return frozenset({*self._stages_from, self._outcomes_from} - {ALWAYS, NEVER})

    def stages_by(self, now: datetime) -> tuple[Stage, ...]:
        """Return the stages with no decision that is not public by now."""
        stages = zip(self.stages, self._stages_from, strict=True)
        return tuple(
            stage if start <= now else replace(stage, decided=False, decided_at=None) for stage, start in stages
        )

    def projects_by(self, now: datetime) -> tuple[Project, ...]:
        """Return the projects with no outcome that is not public by now."""
        if self._outcomes_from <= now:
            return self.projects
        return tuple(replace(project, outcome=Outcome.CANDIDATE, award=None) for project in self.projects)

    @cached_property
    def _stages_from(self) -> tuple[datetime, ...]:
        """From when on each stage is shown as it is; none is before an earlier one."""
        return tuple(accumulate(map(self._stage_from, self.stages), max))

    def _stage_from(self, stage: Stage) -> datetime:
        if not stage.decided and stage.decided_at is None:
            return ALWAYS
        if not self._chooses(stage):
            return ALWAYS if stage.decided_at is None else stage.decided_at.astimezone(UTC)
        return self._after_voting(self.published_at or stage.decided_at)

    @cached_property
    def _outcomes_from(self) -> datetime:
        """From when on the outcomes are shown: all at once, when the last of the decisions that they rest on is public."""
        if all(project.outcome is Outcome.CANDIDATE and project.award is None for project in self.projects):
            return ALWAYS
        return max(self._decisions_from(), default=self._after_voting(self.published_at))

    def _decisions_from(self) -> Iterator[datetime]:
        for stage, start in zip(self.stages, self._stages_from, strict=True):
            if stage.decided and self._chooses(stage):
                yield start

    def _chooses(self, stage: Stage) -> bool:
        made_winners = any(project.outcome is Outcome.WINNER for project in self.projects)
        is_after_voting = stage.decided_at is not None and stage.decided_at > self.closes_at
        return stage.seats < len(self.projects) or is_after_voting or (made_winners and stage == self.stages[-1])

    def _after_voting(self, moment: datetime | None) -> datetime:
        return NEVER if moment is None else max(moment, self.closes_at).astimezone(UTC)
