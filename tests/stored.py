"""How do tests store a campaign that no file describes, straight into a database of their own, and see all that is stored?"""

import asyncio
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import migrate
from api.storage.database.urls import Dialect
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


TABLES = {
    Dialect.SQLITE: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by 1",
    Dialect.POSTGRES: "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
}


async def every_row(database: Database) -> Mapping[str, list[dict[str, Any]]]:
    """All that is stored, by table."""
    names = [row["name"] for row in await database.rows(TABLES[database.dialect])]
    return {name: await database.rows(f"select * from {name} order by 1") for name in names}  # noqa: S608 - our own tables


async def wait_for_the_log_once(database: Database) -> bool:
    """Whether every ballot that is stored, and nothing else, waits for the log of its campaign, exactly once."""
    queued = await database.rows("select campaign_id, ballots from log_queue where ruling is null")
    waiting = [(row["campaign_id"], name) for row in queued for name in re.findall(".{1,26}", row["ballots"])]
    stored = await database.rows("select campaign_id, id from ballots")
    return sorted(waiting) == sorted((row["campaign_id"], row["id"]) for row in stored)
