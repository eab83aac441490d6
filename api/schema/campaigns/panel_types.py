"""The panel of experts, and how they have scored the projects."""

from decimal import Decimal
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns import campaign
from api.domain.exact import plain
from api.domain.review import statistics
from api.schema.campaigns import LAZY, project_types, review_types
from api.schema.common.roles import restricted
from api.schema.experts import Agreement, Expert, PanelProgress
from api.schema.panel import PanelTerms
from api.services.visible_panels import STAFF


@strawberry.type(
    description="The experts of a campaign: when they score its projects, and how. `opensAt <= t < closesAt`. Until `closesAt` "
    "nobody but its own expert sees anything of a review but its state."
)
class Panel(PanelTerms):
    """Shows domain.review.terms.PanelTerms, and what is stored of the panel to those who may see it."""

    @strawberry.field(
        description="Who is on the panel, by number: everybody sees those who have accepted where it is `published`. Else "
        "staff alone do, and others get an error `FORBIDDEN`; they see whoever is invited, too."
    )
    async def experts(self, info: Info) -> list[Expert] | None:
        info.context.keep_private()
        found = await info.context.panels.experts(self.stands_in)
        if found is None:
            info.context.viewer.require(STAFF, "experts", self.stands_in.slug)
        return [Expert.of(each, self.stands_in) for each in found or ()]

    @restricted(*STAFF, description="How far the experts are, and whom to remind.")
    async def progress(self, info: Info) -> PanelProgress | None:
        """States alone."""
        panel = await info.context.panels.whole(self.stands_in)
        return None if panel is None else PanelProgress.of(panel)

    @strawberry.field(
        description="The quorum as it is now: lower by one, but at least 1, for each expert that was dropped; null where none "
        "is stated."
    )
    async def effective_quorum(self, info: Info) -> int | None:
        if self.quorum is None:
            return None
        info.context.keep_private()
        return await info.context.panels.quorum(self.stands_in)

    @strawberry.field(
        description="How the projects were scored, by number, without the experts' names: for staff after the deadline, for "
        "everybody once a stage that uses the scores is announced; null before."
    )
    async def scores(self, info: Info) -> list["ProjectScores"] | None:
        info.context.keep_private()
        found = await info.context.panels.scores(self.stands_in)
        return None if found is None else [ProjectScores.of(each, self.stands_in) for each in found.values()]

    @strawberry.field(description="How far the experts agree; for whoever sees `scores`, and null before.")
    async def agreement(self, info: Info) -> Agreement | None:
        info.context.keep_private()
        found = await info.context.panels.agreement(self.stands_in)
        return None if found is None else Agreement.of(found)

    @restricted(
        *STAFF,
        description="All reviews that anything is stored of, by expert and project; null before the deadline, for everybody.",
    )
    async def reviews(self, info: Info) -> list[Annotated["review_types.Review", LAZY]] | None:
        """After the deadline."""
        panel = await info.context.panels.reviewed(self.stands_in)
        return None if panel is None else [review_types.Review.of(each, panel) for each in panel.reviews]


@strawberry.type(description="How a project was scored. All but the score is of the totals as the experts gave them.")
class ProjectScores:
    """Shows domain.review.statistics.ProjectScore."""

    project: Annotated["project_types.Project", LAZY] = strawberry.field(description="The project.")
    reviews: int = strawberry.field(description="How many reviews count.")
    score: Decimal = strawberry.field(description="The score that they come to, as `aggregation` says.")
    mean: Decimal = strawberry.field(description="The mean of the totals.")
    median: Decimal = strawberry.field(description="The median of the totals.")
    deviation: Decimal = strawberry.field(description="The standard deviation of the totals, of the population.")
    minimum: Decimal = strawberry.field(description="The lowest total.")
    maximum: Decimal = strawberry.field(description="The highest total.")
    disagreement: Decimal | None = strawberry.field(
        description="The deviation as a percentage of the largest that the rubric allows: 0 where all totals are equal, 100 "
        "where half are the lowest and half the highest possible; null where the rubric has no end."
    )

    @classmethod
    def of(cls, value: statistics.ProjectScore, stands_in: campaign.Campaign) -> "ProjectScores":
        return cls(
            project=project_types.Project.of(stands_in, value.project),
            reviews=value.reviews,
            score=Decimal(plain(value.score)),
            mean=Decimal(plain(value.mean)),
            median=Decimal(plain(value.median)),
            deviation=Decimal(plain(value.deviation)),
            minimum=Decimal(plain(value.minimum)),
            maximum=Decimal(plain(value.maximum)),
            disagreement=None if value.disagreement is None else Decimal(plain(value.disagreement)),
        )
