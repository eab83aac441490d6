"""The counts of those campaigns whose standings are seen as of an earlier moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.results.tallies import NOTHING, Counts
from api.domain.results.visibility import counted_until
from api.ports import Tallies


@dataclass(frozen=True)
class EarlierCounts:
    """The counts of those ballots of a campaign that were cast before a moment."""

    moment: datetime
    counts: Counts


async def read_earlier(
    tallies: Tallies, directory: Directory, before: Mapping[str, EarlierCounts], now: datetime
) -> Mapping[str, EarlierCounts]:
    """Read them where another moment has come than they were read for before."""
    found = {}
    for slug, campaign in directory.campaigns.items():
        moment = counted_until(campaign, now)
        if moment is None:
            continue
        known = before.get(slug)
        if known is None or known.moment != moment:
            known = EarlierCounts(moment, await _counts_until(tallies, campaign, moment))
        found[slug] = known
    return found


async def _counts_until(tallies: Tallies, campaign: Campaign, moment: datetime) -> Counts:
    if moment <= campaign.window.opens_at:
        return NOTHING
    return await tallies.counts_until(campaign.slug, moment)
