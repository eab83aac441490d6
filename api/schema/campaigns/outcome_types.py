"""What became of the candidates in a stage, and how ties were settled."""

from decimal import Decimal
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns import campaign
from api.domain.campaigns.stages import TieStep
from api.domain.selection import ties
from api.domain.selection.outcome import OutcomeRow
from api.domain.selection.tie_words import tie_in_words
from api.schema.campaigns import LAZY, award_types, project_types
from api.schema.common.texts import text
from api.schema.selection_parts import InputScore, optional_plainly


@strawberry.type(description="What became of one candidate in a stage.")
class SelectionRow:
    """Shows domain.selection.outcome.OutcomeRow."""

    value: strawberry.Private[OutcomeRow]
    stands_in: strawberry.Private[campaign.Campaign]
    score: Decimal | None = strawberry.field(
        description="The sum of its weighted inputs, rounded; null in a `DECISION`, which has no scores."
    )
    rank: int | None = strawberry.field(
        description="Its competition rank by score: 1 plus the number of candidates with a higher one; null in a `DECISION`."
    )
    selected: bool = strawberry.field(description="Whether it passes.")
    vacates: bool = strawberry.field(
        description="Whether it no longer stands, in such a way that the seat it would have had stays vacant."
    )

    @classmethod
    def of(cls, value: OutcomeRow, stands_in: campaign.Campaign) -> "SelectionRow":
        return cls(
            value=value,
            stands_in=stands_in,
            score=optional_plainly(value.score),
            rank=value.rank,
            selected=value.selected,
            vacates=value.vacates,
        )

    @strawberry.field(description="The candidate.")
    def project(self, info: Info) -> Annotated["project_types.Project", LAZY]:
        return project_types.projects_by_number(self.stands_in, info.context.snapshot)(self.value.number)

    @strawberry.field(description="What its score is made of, in the order of the stage's `inputs`.")
    def inputs(self) -> list[InputScore]:
        return [InputScore.of(each) for each in self.value.inputs]

    @strawberry.field(description="What it wins; null where it wins nothing, and before the last stage.")
    def award(self) -> Annotated["award_types.Award", LAZY] | None:
        return award_types.award_of(self.stands_in, self.value.award)


@strawberry.type(description="Candidates with equal scores of which not all fit, and how it was settled who passes.")
class Tie:
    """Shows domain.selection.ties.Tie."""

    value: strawberry.Private[ties.Tie]
    stands_in: strawberry.Private[campaign.Campaign]
    free: int = strawberry.field(description="How many of them fit.")
    step: TieStep | None = strawberry.field(
        description="The step of the stage's tie policy that settled it; of an open tie, the one that waits for a decision or "
        "for the seed of the lot, or null where the policy is at its end."
    )
    resolved: bool = strawberry.field(
        description="Whether it is settled; nothing can be committed while a tie is open."
    )

    @classmethod
    def of(cls, value: ties.Tie, stands_in: campaign.Campaign) -> "Tie":
        step = value.step if value.resolved else value.missing
        return cls(value=value, stands_in=stands_in, free=value.free, step=step, resolved=value.resolved)

    @strawberry.field(description="Those that were equal, by number.")
    def projects(self, info: Info) -> list[Annotated["project_types.Project", LAZY]]:
        return project_types.projects_shown(self.stands_in, sorted(self.value.numbers), info)

    @strawberry.field(description="The same, the best first as the steps have put them; those still equal by number.")
    def order(self, info: Info) -> list[Annotated["project_types.Project", LAZY]]:
        numbers = [number for group in self.value.order for number in sorted(group)]
        return project_types.projects_shown(self.stands_in, numbers, info)

    @strawberry.field(
        description="Those that are still equal in an open tie, by number: exactly these a decision has to put in order. "
        "Empty once it is settled."
    )
    def equal(self, info: Info) -> list[Annotated["project_types.Project", LAZY]]:
        return project_types.projects_shown(self.stands_in, sorted(self.value.equal), info)

    @strawberry.field(description="The award that the tie is about; null for one about the stage's seats.")
    def award(self) -> Annotated["award_types.Award", LAZY] | None:
        return award_types.award_of(self.stands_in, self.value.award)

    explanation: str = text(
        lambda tie: tie_in_words(tie.value, {each.code: each.name for each in tie.stands_in.criteria}),
        "How it was settled, or what it waits for, in words.",
    )
