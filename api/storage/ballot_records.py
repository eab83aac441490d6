"""What the stored ballots say of themselves: when they were cast, and whether a recount agrees with the tallies."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.integrity.rulings import RulingKind
from api.domain.results.irregularities import irregularities, voting_days
from api.domain.results.report import Recounted
from api.domain.results.tallies import NOTHING, Counts, Difference, differences
from api.domain.voting.channels import Channel
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from api.storage.distribution import recount_snapshot
from api.storage.recount import campaigns_with_ballots, recount_stored, stray_ballots, tallied_by_channel
from api.storage.rulings_sql import latest_ruling
from api.storage.tallies import SqlTallies

# Minutes, in UTC: whatever the zone, each lies within one hour of its clocks.
MINUTE = {
    Dialect.SQLITE: "substr(cast_at, 1, 16)",
    Dialect.POSTGRES: "to_char(cast_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')",
}
CAST = "select {minute} as minute, count(*) as total from ballots where campaign_id = $1 group by 1"
WITHDRAWN = f"""
    select {{minute}} as minute, count(*) as total from ballots join {latest_ruling("ballots.id")}
    where campaign_id = $1 and kind in ($2, $3) group by 1
"""  # noqa: S608 - columns only
ELECTORS = "select count(*) as total from electors where campaign_id = $1"


class SqlBallotRecords:
    """ports.BallotRecords on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def minutes(self, slug: str) -> Mapping[datetime, int]:
        """Count the ballots that count by the minute in which they were cast."""
        minute, counts = MINUTE[self._database.dialect], Counter[str]()
        async with self._database.snapshot() as view:
            for row in await view.rows(CAST.format(minute=minute), slug):
                counts[row["minute"]] += row["total"]
            withdrawn = (RulingKind.HOLD.name, RulingKind.VOID.name)
            for row in await view.rows(WITHDRAWN.format(minute=minute), slug, *withdrawn):
                counts[row["minute"]] -= row["total"]
        return {datetime.fromisoformat(text).replace(tzinfo=UTC): total for text, total in sorted((+counts).items())}

    async def electors(self, slug: str) -> int | None:
        """Return how many people are on the list of voters, or None where there is no list."""
        [found] = await self._database.rows(ELECTORS, slug)
        return int(found["total"]) or None

    async def recount(self, campaign: Campaign) -> Recounted:
        """Count every ballot of a campaign anew, and find what is wrong."""
        async with recount_snapshot(self._database) as view:
            tallied = (await SqlTallies(view).counts()).get(campaign.slug, NOTHING)
            counts, wrong = await audited(view, campaign, tallied)
        return Recounted(counts.cast, sum(counts.held.values()), sum(counts.voided.values()), tuple(wrong))


async def audited(view: Database, campaign: Campaign, tallied: Counts) -> tuple[Counts, list[str]]:
    """Recount a campaign; return the counts and a sentence for everything that is wrong. view: a snapshot, as tallied is of."""
    stored, channels = await recount_stored(view, campaign.slug), await tallied_by_channel(view, campaign.slug)
    strays = await stray_ballots(view, campaign.slug, voting_days(campaign))
    numbers = {project.position: project.number for project in campaign.projects}
    wrong_sums = differences(tallied, stored.counts, numbers)
    wrong_parts = (
        replace(difference, what=f"{difference.what}, by {channel.name}")
        for channel in Channel
        for difference in differences(
            channels.get(channel, NOTHING),
            stored.by_channel.get(channel, NOTHING),
            numbers,
        )
        if (difference.day, difference.what) not in {(wrong.day, wrong.what) for wrong in wrong_sums}
    )
    not_allowed = (f"{found.day}: {found.what}" for found in irregularities(campaign, stored.by_day, strays, tallied))
    return stored.counts, [*map(_describe, (*wrong_sums, *wrong_parts)), *not_allowed]


async def audits(view: Database, slugs: Collection[str] = ()) -> dict[str, tuple[Counts, list[str]]]:
    """The recount of these campaigns, or of all and of those that are gone, and what is wrong in each, by slug."""
    directory, tallies = await SqlCampaigns(view).directory(), await SqlTallies(view).counts()
    found = {
        slug: await audited(view, directory.campaigns[slug], tallies.get(slug, NOTHING))
        for slug in slugs or sorted(directory.campaigns)
    }
    for slug in () if slugs else sorted(await campaigns_with_ballots(view) - directory.campaigns.keys()):
        stored = await recount_stored(view, slug)
        found[slug] = stored.counts, ["does not stand, but its ballots do: restore the campaign from a backup"]
    return found


def _describe(difference: Difference) -> str:
    tallied, recounted = difference.tallied, difference.recounted
    return f"{difference.day}: {difference.what}: the tallies say {tallied}, the ballots {recounted}"
