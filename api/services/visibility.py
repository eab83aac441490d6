"""Show the standings of campaigns to those viewers who may see them."""

from datetime import date, datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.results.ranking import Standings
from api.domain.results.visibility import results_hidden, results_visible
from api.services.authorization import Viewer
from api.services.casting import BallotCasting
from api.services.snapshots import Snapshot


class VisibleResults:
    """The standings that the viewer of one request may see. visible: by slug, what has been found out so far."""

    def __init__(self, viewer: Viewer, snapshot: Snapshot, now: datetime, casting: BallotCasting) -> None:
        self._viewer = viewer
        self._snapshot = snapshot
        self._now = now
        self._casting = casting
        self.visible: dict[str, bool] = {}

    async def are_visible(self, campaign: Campaign) -> bool:
        """Whether the viewer may see this campaign's standings now. A token that is not valid counts as none."""
        known = self.are_visible_at_once(campaign)
        if known is None:
            voter = self._viewer.caster_if_valid
            known = await self._casting.has_cast(campaign, None if voter is None else voter.pseudonym)
            self.visible[campaign.slug] = known
        return known

    def are_visible_at_once(self, campaign: Campaign) -> bool | None:
        """The same; None where having cast a ballot makes the difference, so that it has to be looked for."""
        known = self.visible.get(campaign.slug)
        if known is not None:
            return known
        # The first daily standings are not there before a snapshot that has been made since.
        now = self._snapshot.as_of if campaign.daily_results else self._now
        if results_visible(campaign, now, has_cast=False):
            known = True
        elif not results_visible(campaign, now, has_cast=True):
            known = False
        if known is not None:
            self.visible[campaign.slug] = known
        return known

    async def standings(self, campaign: Campaign, day: date | None = None) -> Standings:
        """The campaign's standings, on all days or one. Raises ApiError RESULTS_HIDDEN."""
        return self._standings(campaign, day, await self.are_visible(campaign))

    def standings_at_once(self, campaign: Campaign, day: date | None = None) -> Standings | None:
        """The same; None where a ballot has to be looked for."""
        visible = self.are_visible_at_once(campaign)
        return None if visible is None else self._standings(campaign, day, visible)

    def _standings(self, campaign: Campaign, day: date | None, visible: bool) -> Standings:
        if not visible:
            raise results_hidden(campaign)
        return self._snapshot.standings(campaign, day)
