"""The directory of all campaigns and districts."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import District
from api.domain.campaigns.states import CampaignState


@dataclass(frozen=True)
class Directory:
    """All campaigns by slug and all districts by code, as of one moment. stored: where it holds only what somebody may see."""

    campaigns: Mapping[str, Campaign]
    districts: Mapping[str, District]
    stored: "Directory | None" = None

    @cached_property
    def drafts(self) -> frozenset[str]:
        """The slugs of the campaigns that are being prepared."""
        return frozenset(slug for slug, campaign in self.campaigns.items() if campaign.state is CampaignState.DRAFT)

    def published(self, now: datetime, drafts: frozenset[str] = frozenset()) -> "Directory":
        """Return it with no decision and no outcome that is not public by now, and of all drafts with these alone."""
        stored = self.stored or self
        key = (stored.transitions_passed(now), drafts)
        if key not in stored._published:
            seen = (c for slug, c in stored.campaigns.items() if slug in drafts or slug not in stored.drafts)
            campaigns = {campaign.slug: campaign.published(now) for campaign in seen}
            unchanged = all(campaigns.get(slug) is campaign for slug, campaign in stored.campaigns.items())
            stored._published[key] = stored if unchanged else Directory(campaigns, stored.districts, stored)
        return stored._published[key]

    @cached_property
    def _published(self) -> dict[tuple[int, frozenset[str]], "Directory"]:
        """Results of published by the number of transitions passed, and drafts: they change at no other moment."""
        return {}

    @cached_property
    def newest_first(self) -> tuple[Campaign, ...]:
        """All campaigns, the latest opening first."""
        return tuple(sorted(self.campaigns.values(), key=lambda c: (c.window.opens_at, c.slug), reverse=True))

    @cached_property
    def most_candidates(self) -> int:
        """How many projects stand in the campaign with the most of them, drafts left aside."""
        return max((len(c.projects) for slug, c in self.campaigns.items() if slug not in self.drafts), default=0)

    @cached_property
    def transitions(self) -> tuple[datetime, ...]:
        """The instants, in order, at which the passing of time alone changes an answer about a campaign."""
        whole = (self.stored or self).campaigns
        return tuple(sorted(frozenset[datetime]().union(*(whole[slug].transitions for slug in self.campaigns))))

    def transitions_passed(self, now: datetime) -> int:
        """Count the transitions up to this moment: while the count is the same, so are the answers."""
        return bisect_right(self.transitions, now)

    def featured(self, now: datetime) -> Campaign | None:
        """Return the campaign that is open now, else the one that opened last, else the next to open; never a draft."""
        passed = self.transitions_passed(now)
        if passed not in self._featured:
            self._featured[passed] = self._find_featured(now)
        return self._featured[passed]

    @cached_property
    def _featured(self) -> dict[int, Campaign | None]:
        """Results of _find_featured by the number of transitions passed: it changes at no other moment."""
        return {}

    def _find_featured(self, now: datetime) -> Campaign | None:
        presented = [c for c in self.newest_first if c.slug not in self.drafts]
        opened = [c for c in presented if c.window.opens_at <= now]
        still_open = (c for c in opened if c.window.contains(now))
        return next(still_open, opened[0] if opened else next(iter(presented[::-1]), None))
