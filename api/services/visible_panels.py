"""What the viewer of one request may see of panels: their own reviews, and the others' only after the deadline.

Until then staff see who is on a panel and how far everybody is, and nothing that a score has a part in. What is shown is read
with the terms that decide on it.
"""

from collections.abc import Mapping
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.people.identity import Role
from api.domain.review.acts import PanelPhase, phase
from api.domain.review.agreement import Agreement
from api.domain.review.panel import Expert, Panel, Review, ReviewRevision
from api.domain.review.statistics import ProjectScore
from api.domain.selection.terms import InputSource
from api.ports import PanelStore
from api.services.authorization import Viewer
from api.services.panel_scores import PanelScores
from api.services.snapshots import Snapshot

STAFF = (Role.ORGANIZER, Role.AUDITOR)


class VisiblePanels:
    """The panels of campaigns as one viewer sees them. A token that is not valid counts as none."""

    def __init__(
        self, viewer: Viewer, snapshot: Snapshot, now: datetime, store: PanelStore, scores: PanelScores
    ) -> None:
        self._viewer = viewer
        self._snapshot = snapshot
        self._now = now
        self._store = store
        self._scores = scores
        self._whole: dict[str, Panel | None] = {}
        self._own: dict[str, Panel | None] = {}
        self._history: dict[tuple[str, int | None], Mapping[tuple[int, int], list[ReviewRevision]]] = {}

    def is_staff(self, slug: str) -> bool:
        """Whether the viewer runs or audits a campaign."""
        voter = self._viewer.voter_if_valid
        return voter is not None and not set(STAFF).isdisjoint(self._snapshot.access.roles_in(voter, slug))

    async def whole(self, campaign: Campaign) -> Panel | None:
        """All of a panel, whoever asks: only for what may be shown to them."""
        if campaign.slug not in self._whole:
            self._whole[campaign.slug] = await self._store.panel(campaign)
        return self._whole[campaign.slug]

    async def own(self, campaign: Campaign) -> tuple[Panel, Expert] | None:
        """What of a panel concerns the viewer, if they are or were one of its experts."""
        voter = self._viewer.voter_if_valid
        if voter is None:
            return None
        if campaign.slug not in self._own:
            self._own[campaign.slug] = await self._store.panel(campaign, voter.pseudonym)
        panel = self._own[campaign.slug]
        expert = None if panel is None else panel.expert_of(voter.pseudonym)
        return None if panel is None or expert is None else (panel, expert)

    async def campaigns(self) -> tuple[str, ...]:
        """The slugs of the campaigns that the viewer is or was an expert of."""
        voter = self._viewer.voter_if_valid
        return () if voter is None else await self._store.campaigns_of(voter.pseudonym)

    async def experts(self, campaign: Campaign) -> tuple[Expert, ...] | None:
        """Who is on a panel, or was; invitations are for staff alone, and so is all of a panel that is not published."""
        is_staff = self.is_staff(campaign.slug)
        if not is_staff and (campaign.panel is None or not campaign.panel.published):
            return None
        known = await self._store.experts(campaign.slug)
        return known if is_staff else tuple(expert for expert in known if expert.was_accepted)

    async def quorum(self, campaign: Campaign) -> int | None:
        """The fewest reviews of a project that are enough now."""
        if campaign.panel is None or campaign.panel.quorum is None:
            return None
        return Panel(campaign, campaign.panel, await self._store.experts(campaign.slug), (), is_assigned=False).quorum

    async def expert(self, campaign: Campaign, number: int) -> Expert | None:
        """An expert, for whoever may see them."""
        own = await self.own(campaign)
        if own is not None and own[1].number == number:
            return own[1]
        listed = await self.experts(campaign) or ()
        return next((expert for expert in listed if expert.number == number), None)

    async def review(self, campaign: Campaign, expert: int, project: int) -> tuple[Panel, Review] | None:
        """A review, for its expert and, after the deadline, for staff."""
        own = await self.own(campaign)
        if own is not None and own[1].number == expert:
            review = next((each for each in own[0].reviews_of(own[1]) if each.project == project), None)
            return None if review is None else (own[0], review)
        panel = await self.reviewed(campaign) if self.is_staff(campaign.slug) else None
        found = None if panel is None else panel.by_pair.get((expert, project))
        return None if panel is None or found is None else (panel, found)

    async def reviewed(self, campaign: Campaign) -> Panel | None:
        """All of a panel once its deadline has passed; None until then."""
        panel = await self.whole(campaign)
        return panel if panel is not None and phase(panel.terms, self._now) is PanelPhase.CLOSED else None

    async def scores(self, campaign: Campaign) -> Mapping[int, ProjectScore] | None:
        """How the projects were scored: for staff after the deadline, for everybody once a stage that uses it is announced."""
        found = await self._scores.of(campaign, self._now) if self._sees_scores(campaign) else None
        return None if found is None else found.by_project

    async def agreement(self, campaign: Campaign) -> Agreement | None:
        """How far the experts agree, for whoever sees the scores."""
        found = await self._scores.of(campaign, self._now) if self._sees_scores(campaign) else None
        return None if found is None else found.agreement

    def _sees_scores(self, campaign: Campaign) -> bool:
        return scores_announced(campaign, self._now) or self.is_staff(campaign.slug)

    async def history(self, slug: str, review: Review) -> list[ReviewRevision]:
        """What a review has been; only for one that is shown to the viewer."""
        expert = None if slug in self._whole else review.expert
        if (slug, expert) not in self._history:
            found: dict[tuple[int, int], list[ReviewRevision]] = {}
            for revision in await self._store.history(slug, expert):
                found.setdefault((revision.expert, revision.project), []).append(revision)
            self._history[slug, expert] = found
        return self._history[slug, expert].get(review.pair, [])


def scores_announced(campaign: Campaign, now: datetime) -> bool:
    """Whether the outcome of a stage that uses the experts' scores has been announced."""
    announced = {each.stage for each in campaign.announcements if each.announced_at <= now}
    used = (stage.scored_by for stage in campaign.stages if stage.code in announced)
    return any(each.source is InputSource.EXPERT_SCORES for inputs in used for each in inputs)
