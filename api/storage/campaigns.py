"""Campaigns on a database: written as rows of the models, and read back as values of the domain."""

import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pydantic import TypeAdapter
from tortoise.expressions import F

from api.domain.audit_trail import AuditEvent
from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import (
    BallotTerms,
    Campaign,
    ChoiceRange,
    Criterion,
    Directory,
    ResultsVisibility,
    Source,
)
from api.domain.campaigns.projects import District, Figure, Outcome, Project, ProjectLevel, Theme
from api.domain.campaigns.stages import Stage
from api.domain.texts import Text
from api.domain.voting.quota import Quota, QuotaPeriod
from api.storage import models
from api.storage.audit_trail import write
from api.storage.database.connection import Database, as_moment
from api.storage.database.urls import Dialect

STAGES = TypeAdapter(tuple[Stage, ...])
CRITERIA = TypeAdapter(tuple[Criterion, ...])
FIGURES = TypeAdapter(tuple[Figure, ...])
SOURCE = TypeAdapter(Source | None)
TURNOUT = "select 1 as found from turnouts where campaign_id = $1 limit 1"
BALLOT = "select 1 as found from ballots where campaign_id = $1 limit 1"
TERMS = """
    select time_zone, opens_at, closes_at, minimum_choices, maximum_choices, quota_limit, quota_period
    from campaigns where slug = $1
"""
LOADING_LOCK = 6_020_170_322  # the key of the advisory lock; any number that nothing else in the database uses


class SqlCampaigns:
    """ports.Campaigns on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def revisions(self) -> Mapping[str, int]:
        """Every campaign's slug with its revision."""
        rows = await self._database.rows("select slug, revision from campaigns")
        return {row["slug"]: row["revision"] for row in rows}

    async def directory(self) -> Directory:
        """All campaigns with their projects, and all districts."""
        async with self._database.outages_reported():
            districts = {row.code: _district(row) for row in await models.District.all()}
            stored = await models.Project.all().order_by("campaign_id", "number")
            rows = await models.Campaign.all()
        projects: dict[str, list[Project]] = {}
        for project in (_project(row, districts) for row in stored):
            projects.setdefault(project.campaign, []).append(project)
        return Directory({row.slug: _campaign(row, projects.get(row.slug, ())) for row in rows}, districts)

    async def has_ballots(self, slug: str) -> bool:
        """Whether a ballot is stored in a campaign. Where there is one, its turnout has a row, which is found by its key."""
        return bool(await self._database.rows(TURNOUT, slug) or await self._database.rows(BALLOT, slug))

    @asynccontextmanager
    async def locked(self, slug: str) -> AsyncIterator["SqlCampaigns"]:
        """Hold the lock that loading takes, and on the campaign's row the one that storing a ballot waits for."""
        async with self._database.transaction() as transaction:
            if transaction.dialect is Dialect.POSTGRES:  # SQLite has one writing transaction at a time anyway
                await transaction.rows("select pg_advisory_xact_lock($1)", LOADING_LOCK)
                await transaction.rows("select 1 from campaigns where slug = $1 for update", slug)
            yield SqlCampaigns(transaction)

    async def save(self, campaign: Campaign, districts: Sequence[District], event: AuditEvent) -> None:
        """Store a campaign, its projects and the districts, with the event; other campaigns' districts stay."""
        async with self._database.transaction() as transaction:
            await store(campaign, districts)
            await write(transaction, [event])


async def stored_terms(database: Database, slug: str) -> BallotTerms | None:
    """What ballots of a campaign are cast under now; None where there is no such campaign."""
    rows = await database.rows(TERMS, slug)
    numbers = await database.rows("select number from projects where campaign_id = $1", slug)
    for row in rows:
        return BallotTerms(
            row["time_zone"],
            Window(as_moment(row["opens_at"]), as_moment(row["closes_at"])),
            ChoiceRange(row["minimum_choices"], row["maximum_choices"]),
            Quota(row["quota_limit"], QuotaPeriod[row["quota_period"]]),
            frozenset(project["number"] for project in numbers),
        )
    return None


async def store(campaign: Campaign, districts: Sequence[District]) -> None:
    """Write a campaign, its projects and the districts through the models, which join the task's transaction."""
    await models.District.bulk_create(
        [models.District(code=d.code, name_zh=d.name.zh, name_en=d.name.en) for d in districts],
        on_conflict=["code"],
        update_fields=["name_zh", "name_en"],
    )
    await _store_row(campaign)
    await models.Project.filter(campaign_id=campaign.slug).delete()
    await models.Project.bulk_create([_project_row(project) for project in campaign.projects])


async def _store_row(campaign: Campaign) -> None:
    values = _campaign_values(campaign)
    if await models.Campaign.filter(slug=campaign.slug).update(**values, revision=F("revision") + 1):
        return
    salt = secrets.token_hex(32)
    await models.Campaign.create(slug=campaign.slug, revision=1, voter_salt=salt, **values)


def _campaign_values(campaign: Campaign) -> dict[str, Any]:
    return {
        "title_zh": campaign.title.zh,
        "title_en": campaign.title.en,
        "organizer_zh": campaign.organizer.zh,
        "organizer_en": campaign.organizer.en,
        "edition": campaign.edition,
        "time_zone": campaign.time_zone,
        "opens_at": campaign.window.opens_at,
        "closes_at": campaign.window.closes_at,
        "published_at": campaign.published_at,
        "minimum_choices": campaign.choices.minimum,
        "maximum_choices": campaign.choices.maximum,
        "quota_limit": campaign.quota.limit,
        "quota_period": campaign.quota.period.name,
        "visibility": campaign.visibility.name,
        "stages": STAGES.dump_python(campaign.stages, mode="json"),
        "criteria": CRITERIA.dump_python(campaign.criteria, mode="json"),
        "source": SOURCE.dump_python(campaign.source, mode="json"),
    }


def _campaign(row: models.Campaign, projects: Iterable[Project]) -> Campaign:
    return Campaign(
        slug=row.slug,
        title=Text(row.title_zh, row.title_en),
        edition=row.edition,
        organizer=Text(row.organizer_zh, row.organizer_en),
        time_zone=row.time_zone,
        window=Window(row.opens_at, row.closes_at),
        published_at=row.published_at,
        choices=ChoiceRange(row.minimum_choices, row.maximum_choices),
        quota=Quota(row.quota_limit, QuotaPeriod[row.quota_period]),
        visibility=ResultsVisibility[row.visibility],
        stages=STAGES.validate_python(row.stages),
        criteria=CRITERIA.validate_python(row.criteria),
        source=SOURCE.validate_python(row.source),
        projects=tuple(projects),
        revision=row.revision,
        voter_salt=row.voter_salt,
    )


def _district(row: models.District) -> District:
    return District(row.code, Text(row.name_zh, row.name_en))


def _project_row(project: Project) -> models.Project:
    return models.Project(
        id=f"{project.campaign}/{project.number}",
        campaign_id=project.campaign,
        number=project.number,
        title_zh=project.title.zh,
        title_en=project.title.en,
        summary_zh=project.summary.zh,
        summary_en=project.summary.en,
        organization_zh=project.organization and project.organization.zh,
        organization_en=project.organization and project.organization.en,
        level=project.level.name,
        district_id=project.district and project.district.code,
        themes=[theme.name for theme in project.themes],
        start_year=project.start_year,
        figures=FIGURES.dump_python(project.figures, mode="json"),
        outcome=project.outcome.name,
    )


def _project(row: models.Project, districts: Mapping[str, District]) -> Project:
    stored: Any = row  # the columns of foreign keys are known to Tortoise alone
    organization = Text(row.organization_zh, row.organization_en or "") if row.organization_zh else None
    return Project(
        campaign=stored.campaign_id,
        number=row.number,
        title=Text(row.title_zh, row.title_en),
        summary=Text(row.summary_zh, row.summary_en),
        organization=organization,
        level=ProjectLevel[row.level],
        district=districts.get(stored.district_id),
        themes=tuple(Theme[str(name)] for name in row.themes),
        start_year=row.start_year,
        figures=FIGURES.validate_python(row.figures),
        outcome=Outcome[row.outcome],
    )
