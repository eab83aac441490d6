"""Campaigns on a database: written as rows of the models, and read back as values of the domain."""

import secrets
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import time
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter
from tortoise.expressions import F

from api.domain.audit_trail import AuditEvent
from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import (
    Award,
    BallotTerms,
    Campaign,
    CampaignState,
    ChoiceRange,
    Criterion,
    Directory,
    Extension,
    Pause,
    ResultsStep,
    ResultsVisibility,
    Source,
    VoidedVotes,
)
from api.domain.campaigns.projects import (
    District,
    Figure,
    Image,
    Link,
    Outcome,
    Project,
    ProjectLevel,
    Replacement,
    Standing,
    Theme,
)
from api.domain.campaigns.stages import Stage
from api.domain.people.access import Grant
from api.domain.texts import LocalizedText
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules import FurtherRule
from api.storage import models
from api.storage.audit_trail import write
from api.storage.database.connection import Database, as_moment
from api.storage.database.urls import Dialect
from api.storage.electors import electors, set_electors
from api.storage.roles import insert_grant
from api.storage.withdrawals import void_votes

T = TypeVar("T")
TEXT = TypeAdapter(LocalizedText | None)
STAGES = TypeAdapter(tuple[Stage, ...])
CRITERIA = TypeAdapter(tuple[Criterion, ...])
FIGURES = TypeAdapter(tuple[Figure, ...])
SOURCE = TypeAdapter(Source | None)
COVER = TypeAdapter(Image | None)
IMAGES = TypeAdapter(tuple[Image, ...])
LINKS = TypeAdapter(tuple[Link, ...])
THEMES = TypeAdapter(tuple[Theme, ...])
DISTRICTS = TypeAdapter(tuple[District, ...])
AWARDS = TypeAdapter(tuple[Award, ...])
RULES = TypeAdapter(tuple[Annotated[FurtherRule, Field(discriminator="code")], ...])
PAUSES = TypeAdapter(tuple[Pause, ...])
EXTENSIONS = TypeAdapter(tuple[Extension, ...])
VOIDED_VOTES = TypeAdapter(tuple[VoidedVotes, ...])
TURNOUT = "select 1 as found from turnouts where campaign_id = $1 limit 1"
BALLOT = "select 1 as found from ballots where campaign_id = $1 limit 1"
TERMS = """
    select state, time_zone, opens_at, closes_at, minimum_choices, maximum_choices, quota_limit, quota_period,
        quota_per_channel, rules, pauses, voided_votes
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
        projects: dict[str, list[models.Project]] = {}
        for row in stored:
            slug: str = row.campaign_id  # type: ignore[attr-defined]  # a column that is known to Tortoise alone
            projects.setdefault(slug, []).append(row)
        return Directory({row.slug: _campaign(row, projects.get(row.slug, ()), districts) for row in rows}, districts)

    async def campaign(self, slug: str) -> Campaign | None:
        """The campaign with this slug."""
        async with self._database.outages_reported():
            districts = await self.districts()
            projects = await models.Project.filter(campaign_id=slug).order_by("number")
            row = await models.Campaign.get_or_none(slug=slug)
        return None if row is None else _campaign(row, projects, districts)

    async def districts(self) -> Mapping[str, District]:
        """All districts of the shared gazetteer, by code."""
        return {row.code: _district(row) for row in await models.District.all()}

    async def has_ballots(self, slug: str) -> bool:
        """Whether a ballot is stored in a campaign. Where there is one, its turnout has a row, which is found by its key."""
        return bool(await self._database.rows(TURNOUT, slug) or await self._database.rows(BALLOT, slug))

    async def electors(self, slug: str) -> frozenset[str]:
        """A campaign's list of voters."""
        return await electors(self._database, slug)

    async def set_electors(self, slug: str, viewers: Collection[str]) -> None:
        """Replace a campaign's list of voters."""
        async with self._database.transaction() as transaction:
            await set_electors(transaction, slug, viewers)

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

    async def create(self, campaign: Campaign, grant: Grant, event: AuditEvent) -> None:
        """Store a campaign that there was none of, its creator's role in it, and the event."""
        async with self._database.transaction() as transaction:
            await store(campaign, ())
            await insert_grant(transaction, grant)
            await write(transaction, [event])

    async def change(self, before: Campaign, after: Campaign, event: AuditEvent) -> None:
        """Store what differs between a campaign as it is stored and as it shall be, and the event.

        Raises LookupError when it is not stored as it was before.
        """
        async with self._database.transaction() as transaction:
            row = models.Campaign.filter(slug=before.slug, revision=before.revision)
            if not await row.update(**_campaign_values(after), revision=before.revision + 1):
                raise LookupError(f"{before.slug} is not stored as revision {before.revision}")
            kept = before.by_number
            changed = [project for project in after.projects if kept.get(project.number) != project]
            gone = {project.number for project in changed} | (kept.keys() - after.by_number.keys())
            await models.Project.filter(campaign_id=before.slug, number__in=sorted(gone)).delete()
            await models.Project.bulk_create([_project_row(project, project.position) for project in changed])
            await write(transaction, [event])

    async def void_votes(self, before: Campaign, voided: VoidedVotes) -> int:
        """Take the votes for a project of some time out of the count; return how many had counted. Only when locked."""
        return await void_votes(self._database, before.slug, before.voided_votes, voided)


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
            _from_json(RULES, row["rules"]),
            _from_json(PAUSES, row["pauses"]),
            frozenset((each["number"], each["position"], Standing[each["standing"]]) for each in projects),
            _from_json(VOIDED_VOTES, row["voided_votes"]),
        )
    return None


def _from_json(adapter: TypeAdapter[T], value: Any) -> T:
    """A JSON column as either dialect returns it."""
    return adapter.validate_json(value) if isinstance(value, str) else adapter.validate_python(value)


async def store(campaign: Campaign, districts: Sequence[District]) -> None:
    """Write a campaign, its projects and the districts through the models, which join the task's transaction."""
    await models.District.bulk_create(
        [models.District(code=d.code, name=_text(d.name)) for d in districts],
        on_conflict=["code"],
        update_fields=["name"],
    )
    await _store_row(campaign)
    stored = await models.Project.filter(campaign_id=campaign.slug).values_list("number", "position")
    positions = dict(stored) if {number for number, _ in stored} == campaign.by_number.keys() else {}
    await models.Project.filter(campaign_id=campaign.slug).delete()
    await models.Project.bulk_create(
        [_project_row(project, positions.get(project.number, project.position)) for project in campaign.projects]
    )


async def _store_row(campaign: Campaign) -> None:
    values = _campaign_values(campaign)
    if await models.Campaign.filter(slug=campaign.slug).update(**values, revision=F("revision") + 1):
        return
    salt = campaign.voter_salt or secrets.token_hex(32)
    await models.Campaign.create(slug=campaign.slug, revision=1, voter_salt=salt, **values)


def _campaign_values(campaign: Campaign) -> dict[str, Any]:
    return {
        "state": campaign.state.name,
        "languages": list(campaign.languages),
        "title": _text(campaign.title),
        "organizer": _text(campaign.organizer),
        "candidate_term": _text(campaign.candidate_term),
        "cover": COVER.dump_python(campaign.cover, mode="json"),
        "edition": campaign.edition,
        "time_zone": campaign.time_zone,
        "opens_at": campaign.window.opens_at,
        "closes_at": campaign.window.closes_at,
        "published_at": campaign.published_at,
        "minimum_choices": campaign.choices.minimum,
        "maximum_choices": campaign.choices.maximum,
        "quota_limit": campaign.quota.limit,
        "quota_period": campaign.quota.period.name,
        "quota_per_channel": campaign.quota.per_channel,
        "rules": RULES.dump_python(campaign.rules, mode="json"),
        "visibility": campaign.visibility.name,
        "results_at": campaign.results_at and f"{campaign.results_at:%H:%M}",
        "results_step": campaign.results_step.name,
        "currency": campaign.currency,
        "themes": THEMES.dump_python(campaign.themes, mode="json"),
        "own_districts": DISTRICTS.dump_python(campaign.own_districts, mode="json"),
        "awards": AWARDS.dump_python(campaign.awards, mode="json"),
        "pauses": PAUSES.dump_python(campaign.pauses, mode="json"),
        "extensions": EXTENSIONS.dump_python(campaign.extensions, mode="json"),
        "voided_votes": VOIDED_VOTES.dump_python(campaign.voided_votes, mode="json"),
        "stages": STAGES.dump_python(campaign.stages, mode="json"),
        "criteria": CRITERIA.dump_python(campaign.criteria, mode="json"),
        "source": SOURCE.dump_python(campaign.source, mode="json"),
    }


def _campaign(row: models.Campaign, projects: Iterable[models.Project], shared: Mapping[str, District]) -> Campaign:
    themes = {theme.code: theme for theme in THEMES.validate_python(row.themes)}
    own = {district.code: district for district in DISTRICTS.validate_python(row.own_districts)}
    return Campaign(
        slug=row.slug,
        state=CampaignState[row.state],
        languages=tuple(map(str, row.languages)),
        title=_read_text(row.title),
        edition=row.edition,
        organizer=_read_text(row.organizer),
        candidate_term=TEXT.validate_python(row.candidate_term),
        cover=COVER.validate_python(row.cover),
        time_zone=row.time_zone,
        window=Window(row.opens_at, row.closes_at),
        published_at=row.published_at,
        choices=ChoiceRange(row.minimum_choices, row.maximum_choices),
        quota=Quota(row.quota_limit, QuotaPeriod[row.quota_period], row.quota_per_channel),
        rules=RULES.validate_python(row.rules),
        visibility=ResultsVisibility[row.visibility],
        results_at=time.fromisoformat(row.results_at) if row.results_at else None,
        results_step=ResultsStep[row.results_step],
        currency=row.currency,
        themes=tuple(themes.values()),
        own_districts=tuple(own.values()),
        awards=AWARDS.validate_python(row.awards),
        pauses=PAUSES.validate_python(row.pauses),
        extensions=EXTENSIONS.validate_python(row.extensions),
        voided_votes=VOIDED_VOTES.validate_python(row.voided_votes),
        stages=STAGES.validate_python(row.stages),
        criteria=CRITERIA.validate_python(row.criteria),
        source=SOURCE.validate_python(row.source),
        projects=tuple(_project(project, shared, own, themes) for project in projects),
        revision=row.revision,
        voter_salt=row.voter_salt,
    )


def _text(text: LocalizedText | None) -> Any:
    return TEXT.dump_python(text, mode="json")


def _read_text(value: object) -> LocalizedText:
    text = TEXT.validate_python(value)
    if text is None:
        raise ValueError("a text that has to be there is missing")
    return text


def _district(row: models.District) -> District:
    return District(row.code, _read_text(row.name))


def _project_row(project: Project, position: int) -> models.Project:
    district = project.district
    return models.Project(
        id=f"{project.campaign}/{project.number}",
        campaign_id=project.campaign,
        number=project.number,
        position=position,
        code=project.code,
        title=_text(project.title),
        summary=_text(project.summary),
        organization=_text(project.organization),
        description=_text(project.description),
        level=project.level.name,
        district_id=district.code if district and not district.gazetteer else None,
        own_district=district.code if district and district.gazetteer else None,
        themes=[theme.code for theme in project.themes],
        start_year=project.start_year,
        figures=FIGURES.dump_python(project.figures, mode="json"),
        images=IMAGES.dump_python(project.images, mode="json"),
        links=LINKS.dump_python(project.links, mode="json"),
        cost=None if project.cost is None else f"{project.cost:f}",
        outcome=project.outcome.name,
        award=project.award,
        standing=project.standing.name,
        standing_reason=_text(project.standing_reason),
        standing_since=project.standing_since,
        replacement=project.replacement.name if project.replacement else None,
    )


def _project(
    row: models.Project, shared: Mapping[str, District], own: Mapping[str, District], themes: Mapping[str, Theme]
) -> Project:
    stored: Any = row  # the columns of foreign keys are known to Tortoise alone
    return Project(
        campaign=stored.campaign_id,
        number=row.number,
        position=row.position,
        title=_read_text(row.title),
        summary=TEXT.validate_python(row.summary),
        organization=TEXT.validate_python(row.organization),
        level=ProjectLevel[row.level],
        district=own[row.own_district] if row.own_district else shared.get(stored.district_id),
        themes=tuple(themes[str(code)] for code in row.themes),
        start_year=row.start_year,
        figures=FIGURES.validate_python(row.figures),
        outcome=Outcome[row.outcome],
        code=row.code,
        description=TEXT.validate_python(row.description),
        images=IMAGES.validate_python(row.images),
        links=LINKS.validate_python(row.links),
        cost=None if row.cost is None else Decimal(row.cost),
        award=row.award,
        standing=Standing[row.standing],
        standing_reason=TEXT.validate_python(row.standing_reason),
        standing_since=row.standing_since,
        replacement=Replacement[row.replacement] if row.replacement else None,
    )
