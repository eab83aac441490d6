"""What organizers send to have stages decided and published, and the payloads of that."""

from datetime import datetime

import strawberry

from api.context import Info
from api.domain.campaigns.stages import TieStep
from api.domain.selection import organizer_inputs
from api.domain.selection.objections import SentObjection
from api.schema.campaigns.campaign_types import Campaign
from api.schema.campaigns.objection_types import AnnexChange
from api.schema.campaigns.outcome_types import SelectionRow, Tie
from api.schema.campaigns.project_types import Project, projects_shown
from api.schema.campaigns.stage_types import Selection, Stage, stage_shown
from api.schema.common.texts import optional_own_text
from api.schema.expert_ballots import ExpertBallot
from api.schema.organisers.problems import PROBLEMS, Problem
from api.schema.organisers.texts import TextInput
from api.services.selection import Plan


@strawberry.input(
    description="How a tie was decided by people. One that no tie asks for changes nothing; it is on record all the same."
)
class TieDecision:
    """Becomes domain.selection.organizer_inputs.SentTieDecision."""

    step: TieStep = strawberry.field(
        description="`EXPERT_REVOTE` or `RECORDED_DECISION`, as the stage's tie policy has it."
    )
    order: list[strawberry.ID] = strawberry.field(
        description="The ids of exactly those that are still equal at this step (`Tie.equal`), the best first."
    )
    votes: list[int] | None = strawberry.field(
        default=None,
        description="In an `EXPERT_REVOTE` the votes of each of `order`, the highest first; equal votes leave them equal.",
    )
    reason: TextInput = strawberry.field(
        description="Why, in the campaign's own language at least. Everybody reads it once it is announced."
    )

    def sent(self) -> organizer_inputs.SentTieDecision:
        """The same for the service."""
        return organizer_inputs.SentTieDecision(self.step, self.order, self.votes or (), self.reason.by_tag())


@strawberry.input(description="What the organizer decides in a stage of the kind `DECISION`.")
class StageDecision:
    """Becomes domain.selection.organizer_inputs.SentStageDecision."""

    selected: list[strawberry.ID] = strawberry.field(
        description="The ids of those that pass, at most as many as there are seats, in the order in which they take awards."
    )
    reason: TextInput = strawberry.field(
        description="Why, in the campaign's own language at least. Everybody reads it once it is announced."
    )

    def sent(self) -> organizer_inputs.SentStageDecision:
        """The same for the service."""
        return organizer_inputs.SentStageDecision(self.selected, self.reason.by_tag())


@strawberry.input(description="What somebody holds against an announced outcome.")
class ObjectionInput:
    """Becomes domain.selection.objections.SentObjection."""

    by: str = strawberry.field(
        description="Who raises it, at most 200 characters. Organizers and auditors alone see it."
    )
    text: str = strawberry.field(description="What it is, at most 5,000 characters. Everybody reads it: name nobody.")
    project: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the project that it is about; left out, it is about the whole."
    )
    at: datetime | None = strawberry.field(
        default=None,
        description="When it was received, between the announcement and `objectionsUntil`; left out, now. So one that came in "
        "time can be put on record later.",
    )

    def sent(self) -> SentObjection:
        """The same for the service."""
        return SentObjection(self.by, self.text, self.project, self.at)


@strawberry.type(description="What a stage would decide now. Nothing is stored.")
class SelectionPlan:
    """Shows services.selection.Plan."""

    plan: strawberry.Private[Plan]
    digest: str = strawberry.field(
        description="The SHA-256 of the `trace` in UTF-8, in hexadecimal digits. `commitSelection` and `correctSelection` take "
        "it, with the same decisions and seed."
    )
    trace: str = strawberry.field(description="How it follows from the record, as plain text, one fact a line.")
    record: str = strawberry.field(
        description="All that goes into it, as canonical JSON; `pingxuan replay-selection` decides it again from this alone."
    )
    unresolved: bool = strawberry.field(
        description="Whether it is still open who passes: a tie waits, or the organizer's decision. Such a plan cannot be "
        "committed: plan again with `decisions`, `seed` or `decision`."
    )
    seats: int = strawberry.field(description="How many projects could pass.")
    vacant: int = strawberry.field(description="How many of the seats nobody would have.")
    decision_reason: str | None = optional_own_text(
        lambda plan: plan.plan.decided.outcome.decision_reason,
        "Why the organizer decides so, in a stage of the kind `DECISION`; null in any other, and while no decision was sent.",
    )

    @classmethod
    def of(cls, plan: Plan) -> "SelectionPlan":
        decided = plan.decided
        return cls(
            plan=plan,
            digest=decided.digest,
            trace=decided.trace,
            record=decided.record_text,
            unresolved=decided.outcome.unresolved,
            seats=plan.stage.seats,
            vacant=decided.outcome.vacant,
        )

    @strawberry.field(description="The stage.")
    def stage(self, info: Info) -> Stage:
        return stage_shown(self.plan.campaign, self.plan.stage.code, info)

    @strawberry.field(
        description="Every candidate by rank, then by number, which decides nothing; in a `DECISION` by number."
    )
    def rows(self) -> list[SelectionRow]:
        return [SelectionRow.of(row, self.plan.campaign) for row in self.plan.decided.outcome.rows]

    @strawberry.field(description="The ties at the cut line, of the seats first, then of the awards in their order.")
    def ties(self) -> list[Tie]:
        return [Tie.of(tie, self.plan.campaign) for tie in self.plan.decided.outcome.ties]

    @strawberry.field(
        description="Candidates without a review, by number, where experts' scores are an input: their score there is 0."
    )
    def unreviewed(self, info: Info) -> list[Project]:
        return projects_shown(self.plan.campaign, self.plan.decided.outcome.unreviewed, info)

    @strawberry.field(
        description="What it would change of what is announced, by number; empty where nothing is announced."
    )
    def changes(self) -> list[AnnexChange]:
        return [AnnexChange.of(change, self.plan.campaign) for change in self.plan.changes]


@strawberry.type(description="What came of planning.")
class SelectionPlanPayload:
    """Has either the plan or problems."""

    plan: SelectionPlan | None = strawberry.field(
        description="What would be decided; null exactly when there is a problem."
    )
    problems: list[Problem] = strawberry.field(description=PROBLEMS)


@strawberry.type(description="What came of an act on what a stage has decided.")
class SelectionPayload:
    """Has either the selection or problems."""

    selection: Selection | None = strawberry.field(
        description="What the stage has decided, as it now is; null exactly when there is a problem."
    )
    campaign: Campaign | None = strawberry.field(description="The campaign as it now is, with its new `revision`.")
    problems: list[Problem] = strawberry.field(description=PROBLEMS)


@strawberry.type(description="What came of casting an expert's ballot.")
class ExpertBallotPayload:
    """Has either the ballot or problems."""

    ballot: ExpertBallot | None = strawberry.field(
        description="The ballot as it now is; null exactly when there is a problem."
    )
    problems: list[Problem] = strawberry.field(description=PROBLEMS)
