"""How do tests store a campaign that no file describes? As a value, straight into a database of their own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate
from tests.campaigns import HUANGPU, OPENS, PUDONG


def store(database_url: str, *campaigns: Campaign) -> None:
    """Migrate a database and store these campaigns in it, or what has become of them."""

    async def run() -> None:
        async with open_database(database_url) as database:
            await migrate(database)
            for campaign in campaigns:
                async with SqlCampaigns(database).locked(campaign.slug) as locked:
                    event = AuditEvent(OPENS, TrailKind.CAMPAIGN_LOADED, campaign.slug)
                    await locked.save(campaign, (HUANGPU, PUDONG), event)

    with ThreadPoolExecutor(1) as thread:  # which has no event loop yet
        thread.submit(asyncio.run, run()).result()
