"""What the scores of panels come to, computed in a thread and kept for as long as no review changes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.review.acts import PanelPhase, phase
from api.domain.review.aggregation import totals
from api.domain.review.agreement import Agreement, agreement
from api.domain.review.panel import Panel
from api.domain.review.rubric import weights
from api.domain.review.statistics import ProjectScore, statistics
from api.ports import PanelStore


@dataclass(frozen=True, slots=True)
class Scores:
    """How the projects of a closed panel were scored, by number, and how far its experts agree. revision: of its reviews."""

    revision: int
    by_project: Mapping[int, ProjectScore]
    agreement: Agreement


class PanelScores:
    """Computes them one at a time, whoever asks: everybody may, once they are announced."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store
        self._kept: dict[str, Scores] = {}
        self._lock = asyncio.Lock()

    async def of(self, campaign: Campaign, now: datetime) -> Scores | None:
        """Return them once the deadline has passed; None until then."""
        if campaign.panel is None or phase(campaign.panel, now) is not PanelPhase.CLOSED:
            return None
        async with self._lock:
            revision = await self._store.revision(campaign.slug)
            kept = self._kept.get(campaign.slug)
            if kept is not None and kept.revision == revision:
                return kept
            panel = await self._store.panel(campaign)
            if panel is None or phase(panel.terms, now) is not PanelPhase.CLOSED:
                return None
            self._kept[campaign.slug] = found = await asyncio.to_thread(_scores, panel, revision)
        return found


def _scores(panel: Panel, revision: int) -> Scores:
    criteria = panel.campaign.criteria
    by_project = statistics(panel.scored, criteria, panel.terms.aggregation)
    return Scores(revision, by_project, agreement(totals(panel.scored, weights(criteria))))
