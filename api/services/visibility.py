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
        if campaign.slug not in self.visible:
            self.visible[campaign.slug] = await self._look_up(campaign)
        return self.visible[campaign.slug]

    async def standings(self, campaign: Campaign, day: date | None = None) -> Standings:
        """The campaign's standings, on all days or one. Raises ApiError RESULTS_HIDDEN."""
        if not await self.are_visible(campaign):
            raise results_hidden(campaign)
        return self._snapshot.standings(campaign, day)

    async def _look_up(self, campaign: Campaign) -> bool:
        """Look for the viewer's ballots only where having cast one makes the difference."""
        # The first daily standings are not there before a snapshot that has been made since.
        now = self._snapshot.as_of if campaign.daily_results else self._now
        if results_visible(campaign, now, has_cast=False):
            return True
        if not results_visible(campaign, now, has_cast=True):
            return False
        voter = self._viewer.caster_if_valid
        return await self._casting.has_cast(campaign, None if voter is None else voter.pseudonym)
