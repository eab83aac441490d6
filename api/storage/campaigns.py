"""Campaigns on a database: written as rows of the models, and read back as values of the domain."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from tortoise.expressions import F

from api.domain.audit_trail import AuditEvent
from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign, ChoiceRange, Criterion, Directory, ResultsVisibility, Source
from api.domain.campaigns.projects import District, Figure, Outcome, Project, ProjectLevel, Theme
from api.domain.campaigns.stages import Stage
from api.domain.texts import Text
from api.domain.voting.quota import Quota, QuotaPeriod
from api.storage import models
from api.storage.audit_trail import write
from api.storage.database.connection import Database

STAGES = TypeAdapter(tuple[Stage, ...])
CRITERIA = TypeAdapter(tuple[Criterion, ...])
FIGURES = TypeAdapter(tuple[Figure, ...])
SOURCE = TypeAdapter(Source | None)


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
        districts = {row.code: _district(row) for row in await models.District.all()}
        projects: dict[str, list[Project]] = {}
        for row in await models.Project.all().order_by("campaign_id", "number"):
            project = _project(row, districts)
            projects.setdefault(project.campaign, []).append(project)
        rows = await models.Campaign.all()
        return Directory({row.slug: _campaign(row, projects.get(row.slug, ())) for row in rows}, districts)

    async def save(self, campaign: Campaign, districts: Sequence[District], event: AuditEvent) -> None:
        """Store a campaign, its projects and the districts, with the event; other campaigns' districts stay."""
        async with self._database.transaction() as transaction:
            await store(campaign, districts)
            await write(transaction, [event])


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
