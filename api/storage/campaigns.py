"""Campaigns on a database: written as rows of the models, and read back as values of the domain."""

import secrets
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

from tortoise.expressions import F

from api.domain.audit_trail import AuditEvent
from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import BallotTerms, Campaign
from api.domain.campaigns.directory import Directory
from api.domain.campaigns.parts import ChoiceRange, VoidedVotes
from api.domain.campaigns.projects import (
    District,
    Standing,
)
from api.domain.campaigns.states import CampaignState
from api.domain.people.access import Grant
from api.domain.voting.quota import Quota, QuotaPeriod
from api.storage import models
from api.storage.audit_trail import write
from api.storage.campaign_rows import (
    ANNOUNCEMENTS,
    PAUSES,
    RULES,
    VOIDED_VOTES,
    announcements_of,
    campaign_of,
    campaign_values,
)
from api.storage.database.connection import Database, as_moment
from api.storage.database.urls import Dialect
from api.storage.electors import electors, set_electors
from api.storage.erasure import SqlVoterSalts
from api.storage.expert_ballots import SqlExpertBallots
from api.storage.layouts import require_quota
from api.storage.paper_batches import SqlPaperBatches
from api.storage.project_rows import district_of, project_row, text_json
from api.storage.roles import insert_grant
from api.storage.selections import SqlSelections, announced_selections
from api.storage.withdrawals import void_votes

TURNOUT = "select 1 as found from turnouts where campaign_id = $1 limit 1"
BALLOT = "select 1 as found from ballots where campaign_id = $1 limit 1"
IMPORTING = "select 1 as found from campaigns where slug = $1 and importing is not null"
TERMS = """
    select state, time_zone, opens_at, closes_at, minimum_choices, maximum_choices, quota_limit, quota_period,
        quota_per_channel, rules, pauses, voided_votes, announcements
    from campaigns where slug = $1
"""
QUOTA = ("input", "rules", "quota", "period")  # its place in what organizers send
LOADING_LOCK = 6_020_170_322  # the key of the advisory lock; any number that nothing else in the database uses


class SqlCampaigns:
    """ports.Campaigns on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def revisions(self) -> Mapping[str, int]:
        """Every campaign's slug with its revision."""
        rows = await self._database.rows("select slug, revision from campaigns where importing is null")
        return {row["slug"]: row["revision"] for row in rows}

    async def directory(self) -> Directory:
        """All campaigns with their projects, and all districts."""
        async with self._database.snapshot():
            districts = {row.code: district_of(row) for row in await models.District.all()}
            stored = await models.Project.all().order_by("campaign_id", "number")
            rows = await models.Campaign.filter(importing=None)
            selections = await announced_selections({row.slug: announcements_of(row) for row in rows})
        projects: dict[str, list[models.Project]] = {}
        for row in stored:
            slug: str = row.campaign_id  # type: ignore[attr-defined]  # a column that is known to Tortoise alone
            projects.setdefault(slug, []).append(row)
        campaigns = (
            campaign_of(row, projects.get(row.slug, ()), districts, selections.get(row.slug, ())) for row in rows
        )
        return Directory({campaign.slug: campaign for campaign in campaigns}, districts)

    async def campaign(self, slug: str) -> Campaign | None:
        """The campaign with this slug."""
        return await stored_campaign(self._database, slug=slug, importing=None)

    async def is_importing(self, slug: str) -> bool:
        """Whether a campaign with this slug is being imported."""
        return bool(await self._database.rows(IMPORTING, slug))

    async def districts(self) -> Mapping[str, District]:
        """All districts of the shared gazetteer, by code."""
        return await _districts()

    async def has_ballots(self, slug: str) -> bool:
        """Whether a ballot is stored in a campaign. Where there is one, its turnout has a row, which is found by its key."""
        return bool(await self._database.rows(TURNOUT, slug) or await self._database.rows(BALLOT, slug))

    async def electors(self, slug: str) -> tuple[str, ...]:
        """A campaign's list of voters, by pseudonym, in order."""
        return await electors(self._database, slug)

    async def set_electors(self, slug: str, viewers: Collection[str]) -> None:
        """Replace a campaign's list of voters."""
        async with self._database.transaction() as transaction:
            await set_electors(transaction, slug, viewers)

    @property
    def selections(self) -> SqlSelections:
        """What the stages decide."""
        return SqlSelections(self._database)

    @property
    def expert_ballots(self) -> SqlExpertBallots:
        """The experts' ballots."""
        return SqlExpertBallots(self._database)

    @property
    def paper(self) -> SqlPaperBatches:
        """The approved batches of ballots of polling places."""
        return SqlPaperBatches(self._database)

    @property
    def salts(self) -> SqlVoterSalts:
        """The halves of the voter secrets."""
        return SqlVoterSalts(self._database)

    async def record(self, event: AuditEvent) -> None:
        """Store an event. Only when locked."""
        await write(self._database, [event])

    @asynccontextmanager
    async def locked(self, slug: str) -> AsyncIterator["SqlCampaigns"]:
        """Hold the lock that loading takes, and on the campaign's row the one that storing a ballot waits for."""
        async with lock(self._database, slug) as transaction:
            yield SqlCampaigns(transaction)

    async def save(self, campaign: Campaign, districts: Sequence[District], event: AuditEvent) -> None:
        """Store a campaign, its projects and the districts, with the event; other campaigns' districts stay."""
        async with self._database.transaction() as transaction:
            await require_quota(transaction, campaign.quota)
            await store(campaign, districts)
            await write(transaction, [event])

    async def create(self, campaign: Campaign, grant: Grant, event: AuditEvent) -> None:
        """Store a campaign that there was none of, its creator's role in it, and the event."""
        async with self._database.transaction() as transaction:
            await require_quota(transaction, campaign.quota, *QUOTA)
            await store(campaign, ())
            await insert_grant(transaction, grant)
            await write(transaction, [event])

    async def change(self, before: Campaign, after: Campaign, event: AuditEvent) -> None:
        """Store what differs between a campaign as it is stored and as it shall be, and the event.

        Raises LookupError when it is not stored as it was before.
        """
        async with self._database.transaction() as transaction:
            await require_quota(transaction, after.quota, *QUOTA)
            row = models.Campaign.filter(slug=before.slug, revision=before.revision)
            if not await row.update(**campaign_values(after), revision=before.revision + 1):
                raise LookupError(f"{before.slug} is not stored as revision {before.revision}")
            kept = before.by_number
            changed = [project for project in after.projects if kept.get(project.number) != project]
            gone = {project.number for project in changed} | (kept.keys() - after.by_number.keys())
            await models.Project.filter(campaign_id=before.slug, number__in=sorted(gone)).delete()
            await models.Project.bulk_create([project_row(project, project.position) for project in changed])
            await write(transaction, [event])

    async def void_votes(self, before: Campaign, voided: VoidedVotes) -> None:
        """Take the votes for a project of some time out of the count. Only when locked."""
        await void_votes(self._database, before.slug, before.voided_votes, voided)


async def stored_campaign(database: Database, **columns: str | None) -> Campaign | None:
    """The campaign with these columns; importing: the job that makes it, None for one that everybody may know of."""
    async with database.snapshot():
        districts = await _districts()
        row = await models.Campaign.filter(**columns).first()
        if row is None:
            return None
        projects = await models.Project.filter(campaign_id=row.slug).order_by("number")
        selections = await announced_selections({row.slug: announcements_of(row)})
    return campaign_of(row, projects, districts, selections.get(row.slug, ()))


async def _districts() -> Mapping[str, District]:
    return {row.code: district_of(row) for row in await models.District.all()}


@asynccontextmanager
async def lock(database: Database, slug: str) -> AsyncIterator[Database]:
    """A transaction in which nobody else loads a campaign, and nobody acts on this one or casts a ballot in it."""
    async with database.transaction() as transaction:
        if transaction.dialect is Dialect.POSTGRES:  # SQLite has one writing transaction at a time anyway
            await transaction.rows("select pg_advisory_xact_lock($1)", LOADING_LOCK)
            await transaction.rows("select 1 from campaigns where slug = $1 for update", slug)
        yield transaction


async def stored_terms(database: Database, slug: str) -> BallotTerms | None:
    """What ballots of a campaign are cast under now; None where there is no such campaign."""
    rows = await database.rows(TERMS, slug)
    projects = await database.rows("select number, position, standing from projects where campaign_id = $1", slug)
    for row in rows:
        return BallotTerms(
            CampaignState[row["state"]],
            row["time_zone"],
            Window(as_moment(row["opens_at"]), as_moment(row["closes_at"])),
            ChoiceRange(row["minimum_choices"], row["maximum_choices"]),
            Quota(row["quota_limit"], QuotaPeriod[row["quota_period"]], bool(row["quota_per_channel"])),
            RULES.read(row["rules"]),
            PAUSES.read(row["pauses"]),
            frozenset((each["number"], each["position"], Standing[each["standing"]]) for each in projects),
            VOIDED_VOTES.read(row["voided_votes"]),
            bool(ANNOUNCEMENTS.read(row["announcements"] or [])),
        )
    return None


async def store(campaign: Campaign, districts: Sequence[District], importing: str | None = None) -> None:
    """Write a campaign, its projects and the districts through the models, which join the task's transaction.

    importing: the job that makes it, if nobody shall see it.
    """
    await models.District.bulk_create(
        [models.District(code=d.code, name=text_json(d.name)) for d in districts],
        on_conflict=["code"],
        update_fields=["name"],
    )
    await _store_row(campaign, importing)
    stored = await models.Project.filter(campaign_id=campaign.slug).values_list("number", "position")
    positions = dict(stored) if {number for number, _ in stored} == campaign.by_number.keys() else {}
    await models.Project.filter(campaign_id=campaign.slug).delete()
    await models.Project.bulk_create(
        [project_row(project, positions.get(project.number, project.position)) for project in campaign.projects]
    )


async def _store_row(campaign: Campaign, importing: str | None) -> None:
    values = campaign_values(campaign) | {"importing": importing}
    if await models.Campaign.filter(slug=campaign.slug).update(**values, revision=F("revision") + 1):
        return
    salt = campaign.voter_salt or secrets.token_hex(32)
    await models.Campaign.create(slug=campaign.slug, revision=1, voter_salt=salt, **values)
