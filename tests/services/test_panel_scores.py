"""Are scores computed once for all who ask, anew when a review has changed, and not before the deadline?"""

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal

from api.domain.campaigns.campaign import Campaign
from api.domain.review.panel import Expert, Panel, Review
from api.domain.review.terms import PanelTerms, ReviewState
from api.services.panel_scores import PanelScores
from tests.campaigns import CLOSES, OPENS, a_campaign
from tests.memory import MemoryPanels

CAMPAIGN = a_campaign(panel=PanelTerms(OPENS, CLOSES))
LU = Expert(1, "Lu", None, OPENS, CLOSES, viewer="l" * 26, accepted_at=OPENS)


@dataclass
class Panels(MemoryPanels):
    """One expert's reviews, and how often they were read. closes_at: as it is stored."""

    reviews: tuple[Review, ...] = ()
    reads: int = field(default=0)
    closes_at = CLOSES

    async def panel(self, campaign: Campaign, viewer: str | None = None) -> Panel | None:
        self.reads += 1
        assert campaign.panel is not None
        terms = replace(campaign.panel, closes_at=self.closes_at)
        return Panel(campaign, terms, (LU,), self.reviews, is_assigned=False)

    async def revision(self, slug: str) -> int:
        return len(self.reviews)

    def submit(self, project: int, score: int) -> None:
        scores = {"INNOVATION": Decimal(score)}
        self.reviews += (Review(1, project, ReviewState.SUBMITTED, scores=scores, revision=1),)


async def test_scores_are_computed_once_until_a_review_changes() -> None:
    panels = Panels()
    panels.submit(3, 80)
    scores = PanelScores(panels)
    asked = await asyncio.gather(*(scores.of(CAMPAIGN, CLOSES) for _ in range(9)))
    assert [[*each.by_project] for each in asked if each is not None] == [[3]] * 9
    assert panels.reads == 1
    panels.submit(4, 90)
    changed = await scores.of(CAMPAIGN, CLOSES)
    assert changed is not None
    assert {number: each.score for number, each in changed.by_project.items()} == {3: 80, 4: 90}
    assert (changed.agreement.projects, panels.reads) == (2, 2)


async def test_nothing_is_computed_before_the_deadline_that_is_stored() -> None:
    panels = Panels()
    panels.submit(3, 80)
    assert await PanelScores(panels).of(CAMPAIGN, OPENS) is None
    assert await PanelScores(panels).of(a_campaign(), CLOSES) is None
    assert panels.reads == 0
    panels.closes_at = CLOSES.replace(year=CLOSES.year + 1)
    assert await PanelScores(panels).of(CAMPAIGN, CLOSES) is None
