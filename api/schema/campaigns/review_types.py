"""What an expert makes of a project."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.ids import ReviewId
from api.domain.review import panel as panels
from api.domain.review.terms import ReviewState
from api.schema.campaigns import LAZY, project_types
from api.schema.common.nodes import Node
from api.schema.experts import Expert, ReviewRevision, Score, published_scores


@strawberry.type(
    description="What an expert makes of a project. Its expert sees it at all times; staff after the deadline; nobody else."
)
class Review(Node):
    """Shows domain.review.panel.Review."""

    value: strawberry.Private[panels.Review]
    panel: strawberry.Private[panels.Panel]
    state: ReviewState = strawberry.field(description="How far it is.")
    assigned: bool = strawberry.field(
        description="Whether the organizer has assigned it. Where nothing is assigned, every expert reviews every project."
    )
    comment: str | None = strawberry.field(description="What the expert says of the project; null for nothing.")
    reason: str | None = strawberry.field(
        description="Why no scores are given: the expert's reason for abstaining, or whoever declared the conflict says."
    )
    by_organizer: bool = strawberry.field(
        description="Whether a conflict of interest was declared by the organizer, or follows from the expert's organization; "
        "else the expert has declared it."
    )
    revision: int = strawberry.field(description="How often it was changed; 0 for one that was not begun.")

    @classmethod
    def of(cls, value: panels.Review, panel: panels.Panel) -> "Review":
        name = ReviewId(panel.campaign.slug, value.expert, value.project)
        return cls(
            id=strawberry.ID(str(name)),
            value=value,
            panel=panel,
            state=value.state,
            assigned=value.assigned,
            comment=value.comment,
            reason=value.reason,
            by_organizer=value.by_organizer,
            revision=value.revision,
        )

    @strawberry.field(description="The project.")
    def project(self) -> Annotated["project_types.Project", LAZY]:
        return project_types.Project.of(self.panel.campaign, self.value.project)

    @strawberry.field(description="Whose it is.")
    def expert(self) -> Expert:
        return Expert.of(self.panel.by_number[self.value.expert], self.panel.campaign)

    @strawberry.field(description="The scores so far, in the order of the rubric.")
    def scores(self) -> list[Score]:
        return published_scores(self.value.scores, self.panel.campaign)

    @strawberry.field(
        description="Weight times score, added up over all criteria that count, exactly; null until all of them are scored, "
        "and where the review gives no scores or is void."
    )
    def total(self) -> Decimal | None:
        return panels.complete_total(self.value, self.panel.campaign.criteria)

    @strawberry.field(description="When it was changed last; null for one that was not begun.")
    def updated_at(self) -> datetime | None:
        at = self.value.updated_at
        return None if at is None or not self.value.revision else self.panel.campaign.calendar.local(at)

    @strawberry.field(description="What it has been, the earliest first.")
    async def history(self, info: Info) -> list[ReviewRevision] | None:
        stands_in = self.panel.campaign
        found = await info.context.panels.history(stands_in.slug, self.value)
        return [ReviewRevision.of(each, stands_in) for each in found]
