"""What is held against an announced outcome, and how it was corrected."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns import campaign
from api.domain.ids import ObjectionId
from api.domain.selection import versions
from api.domain.selection.differences import RowChange
from api.schema.campaigns import LAZY, award_types, project_types
from api.schema.common.texts import NO_TEXT, optional_own_text, own_text
from api.schema.selection_parts import optional_plainly


@strawberry.type(description="A candidate whose place, seat or award a correction changes.")
class AnnexChange:
    """Shows domain.selection.differences.RowChange."""

    value: strawberry.Private[RowChange]
    stands_in: strawberry.Private[campaign.Campaign]
    was_selected: bool = strawberry.field(description="Whether it passed before.")
    is_selected: bool = strawberry.field(description="Whether it passes now.")
    was_rank: int | None = strawberry.field(description="Its rank before; null where it had none.")
    is_rank: int | None = strawberry.field(description="Its rank now; null where it has none.")
    was_score: Decimal | None = strawberry.field(description="Its score before; null where it had none.")
    is_score: Decimal | None = strawberry.field(description="Its score now; null where it has none.")

    @classmethod
    def of(cls, value: RowChange, stands_in: campaign.Campaign) -> "AnnexChange":
        return cls(
            value=value,
            stands_in=stands_in,
            was_selected=value.was_selected,
            is_selected=value.is_selected,
            was_rank=value.was_rank,
            is_rank=value.is_rank,
            was_score=optional_plainly(value.was_score),
            is_score=optional_plainly(value.is_score),
        )

    @strawberry.field(description="The candidate.")
    def project(self, info: Info) -> Annotated["project_types.Project", LAZY]:
        return project_types.projects_by_number(self.stands_in, info.context.snapshot)(self.value.number)

    @strawberry.field(description="What it won before; null for nothing.")
    def was_award(self) -> Annotated["award_types.Award", LAZY] | None:
        return award_types.award_of(self.stands_in, self.value.was_award)

    @strawberry.field(description="What it wins now; null for nothing.")
    def is_award(self) -> Annotated["award_types.Award", LAZY] | None:
        return award_types.award_of(self.stands_in, self.value.is_award)


@strawberry.type(
    description="A correction of what was announced. Nothing is overwritten: every version stays on record."
)
class Annex:
    """Shows domain.selection.versions.Annex."""

    value: strawberry.Private[versions.Annex]
    stands_in: strawberry.Private[campaign.Campaign]
    reason: str = own_text(
        lambda annex: annex.value.version.reason or NO_TEXT, "Why it was made, in the organizer's words."
    )

    @strawberry.field(description="When it was made.")
    def at(self) -> datetime:
        return self.stands_in.calendar.local(self.value.version.decided_at)

    @strawberry.field(description="The digest that held before.")
    def before(self) -> str:
        return self.value.before.digest

    @strawberry.field(description="The digest that holds since.")
    def after(self) -> str:
        return self.value.version.digest

    @strawberry.field(description="The candidates that it changes, by number.")
    def changes(self) -> list[AnnexChange]:
        return [AnnexChange.of(change, self.stands_in) for change in self.value.changes]


@strawberry.type(description="What somebody holds against an announced outcome, on record with its answer.")
class Objection:
    """Shows domain.selection.versions.Objection."""

    value: strawberry.Private[versions.Objection]
    stands_in: strawberry.Private[campaign.Campaign]
    id: strawberry.ID = strawberry.field(description="Its id, for `answerObjection`.")
    number: int = strawberry.field(description="Its number within the stage, in the order of arrival.")
    text: str = strawberry.field(description="What is held against the outcome.")
    answer: str | None = optional_own_text(
        lambda objection: objection.value.answer, "The organizer's answer; null while there is none."
    )

    @classmethod
    def of(cls, value: versions.Objection, stands_in: campaign.Campaign) -> "Objection":
        name = ObjectionId(stands_in.slug, value.stage, value.number)
        return cls(value=value, stands_in=stands_in, id=strawberry.ID(str(name)), number=value.number, text=value.text)

    @strawberry.field(
        description="Who raised it; null but for organizers and auditors of the campaign, so that nobody is named in public."
    )
    def by(self, info: Info) -> str | None:
        return self.value.by if info.context.oversees(self.stands_in) else None

    @strawberry.field(description="The project that it is about; null where it is about the whole.")
    def project(self, info: Info) -> Annotated["project_types.Project", LAZY] | None:
        number = self.value.project
        project = project_types.projects_by_number(self.stands_in, info.context.snapshot)
        return None if number is None else project(number)

    @strawberry.field(description="When it was received.")
    def at(self) -> datetime:
        return self.stands_in.calendar.local(self.value.at)

    @strawberry.field(description="When it was answered; null while it is not.")
    def answered_at(self) -> datetime | None:
        answered_at = self.value.answered_at
        return None if answered_at is None else self.stands_in.calendar.local(answered_at)
