"""Campaigns that are being imported, on a database: hidden at first, then seen whole, or deleted again.

A campaign that names the job which makes it is seen by nobody. Its ballots are deleted in portions, in the order of their ids,
for there is no index of the campaigns' ballots; before that it is archived, so that nobody who still works at it adds another.
"""

import json
from collections.abc import Mapping

from api.domain.audit_trail import AuditEvent
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.states import CampaignState
from api.domain.exchange.formats import FileFormat
from api.domain.people.access import Grant
from api.ports.exchange import ImportedFile
from api.storage.campaigns import SqlCampaigns, lock, store, stored_campaign
from api.storage.database.connection import Database
from api.storage.electors import set_electors
from api.storage.import_results import result_of, result_tree
from api.storage.layouts import require_quota
from api.storage.roles import insert_grant

SLUG_USED = "select 1 as found from campaigns where slug = $1"
VOTES = """
    select project, cast(sum(votes) as bigint) as votes from tallies where campaign_id = $1 and project > 0 group by project
"""
CLOSE = f"""
    update campaigns set state = '{CampaignState.ARCHIVED.name}', revision = revision + 1
    where slug = $1 and importing = $2 returning slug
"""  # noqa: S608 - a name of our own enum
SHOW = "update campaigns set importing = null where slug = $1 and importing = $2 returning slug"
PORTION = 5_000  # ballots that are deleted in one transaction
PORTION_END = f"select id from ballots where id > $1 order by id limit 1 offset {PORTION}"  # noqa: S608 - our own number
DELETE_PORTION = "delete from ballots where campaign_id = $1 and id > $2 and id <= $3"
DELETE_LAST = "delete from ballots where campaign_id = $1 and id > $2"
OTHERS = ("log_queue", "turnouts", "tallies", "withdrawals", "earlier_counts", "electors", "projects")
KEEP_FILE = """
    insert into imported_files (campaign_id, job, format, name, sha256, imported_at, result, extras)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
FILE = "select campaign_id, job, format, name, sha256, extras, result from imported_files where"


class SqlImports:
    """ports.ImportStore on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, campaign: Campaign, electors: tuple[str, ...], job: str) -> Campaign | None:
        """Store a hidden campaign and its list of voters; return it as stored, or None where the slug is in use."""
        async with lock(self._database, campaign.slug) as transaction:
            if await transaction.rows(SLUG_USED, campaign.slug):
                return None
            await require_quota(transaction, campaign.quota)
            await store(campaign, (), importing=job)
            if electors:
                await set_electors(transaction, campaign.slug, electors)
            return await stored_campaign(transaction, slug=campaign.slug)

    async def begun(self, job: str) -> Campaign | None:
        """The hidden campaign that this job has begun."""
        return await stored_campaign(self._database, importing=job)

    async def votes(self, slug: str) -> Mapping[int, int]:
        """The votes that are tallied by position."""
        return {row["project"]: int(row["votes"]) for row in await self._database.rows(VOTES, slug)}

    async def reveal(
        self,
        before: Campaign,
        after: Campaign,
        file: ImportedFile,
        grant: Grant | None,
        event: AuditEvent,
    ) -> None:
        """Have everybody see a campaign, whole. Raises LookupError where this job's is not there any more."""
        async with lock(self._database, before.slug) as transaction:
            if not await transaction.rows(SHOW, before.slug, file.job):
                raise LookupError(f"{before.slug} is no campaign that {file.job} imports")
            await SqlCampaigns(transaction).change(before, after, event)
            if grant is not None:
                await insert_grant(transaction, grant)
            extras = json.dumps(dict(file.extras), ensure_ascii=False)
            stored = json.dumps(result_tree(file.result), ensure_ascii=False)
            columns = (file.job, file.format.name, file.name[:200], file.sha256, event.at, stored, extras)
            await transaction.rows(KEEP_FILE, before.slug, *columns)

    async def discard(self, job: str) -> None:
        """Delete the hidden campaign of this job with all that belongs to it, ballots first and in portions."""
        campaign = await self.begun(job)
        if campaign is None:
            return
        slug = campaign.slug
        if not await self._database.rows(CLOSE, slug, job):
            return
        start = ""
        while end := await self._database.rows(PORTION_END, start):
            await self._database.rows(DELETE_PORTION, slug, start, end[0]["id"])
            start = end[0]["id"]
        await self._database.rows(DELETE_LAST, slug, start)
        async with lock(self._database, slug) as transaction:
            for table in OTHERS:
                await transaction.rows(f"delete from {table} where campaign_id = $1", slug)  # noqa: S608 - names of our own
            await transaction.rows("delete from campaigns where slug = $1 and importing = $2", slug, job)

    async def imported_file(self, slug: str) -> ImportedFile | None:
        """The file that a campaign was made from."""
        return await self._file(f"{FILE} campaign_id = $1", slug)

    async def made_by(self, job: str) -> ImportedFile | None:
        """The file that this job has made a campaign from; None before that is revealed."""
        return await self._file(f"{FILE} job = $1", job)

    async def imported_as(self, sha256: str) -> ImportedFile | None:
        """The file with this digest that a campaign was made from last."""
        return await self._file(f"{FILE} sha256 = $1 order by id desc limit 1", sha256)

    async def _file(self, query: str, value: str) -> ImportedFile | None:
        for row in await self._database.rows(query, value):
            extras = json.loads(row["extras"]) if isinstance(row["extras"], str) else row["extras"]
            format, result = FileFormat[row["format"]], result_of(row["result"])
            return ImportedFile(row["campaign_id"], row["job"], format, row["name"], row["sha256"], extras, result)
        return None
