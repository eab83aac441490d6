"""Campaigns, projects and districts as rows of the models, and back as values of the domain."""

from collections.abc import Iterable, Mapping
from datetime import time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import (
    Announcement,
    Award,
    ChoiceRange,
    Criterion,
    Extension,
    Pause,
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
from api.domain.campaigns.states import CampaignState, ResultsStep, ResultsVisibility
from api.domain.review.terms import PanelTerms
from api.domain.selection.versions import StageSelection
from api.domain.texts import LocalizedText
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules import FurtherRule
from api.storage import models
from api.storage.json_columns import JsonColumn

TEXT = JsonColumn(TypeAdapter(LocalizedText | None))
STAGES = JsonColumn(TypeAdapter(tuple[Stage, ...]))
CRITERIA = JsonColumn(TypeAdapter(tuple[Criterion, ...]))
FIGURES = JsonColumn(TypeAdapter(tuple[Figure, ...]))
SOURCE = JsonColumn(TypeAdapter(Source | None))
COVER = JsonColumn(TypeAdapter(Image | None))
IMAGES = JsonColumn(TypeAdapter(tuple[Image, ...]))
LINKS = JsonColumn(TypeAdapter(tuple[Link, ...]))
THEMES = JsonColumn(TypeAdapter(tuple[Theme, ...]))
DISTRICTS = JsonColumn(TypeAdapter(tuple[District, ...]))
AWARDS = JsonColumn(TypeAdapter(tuple[Award, ...]))
RULES = JsonColumn(TypeAdapter(tuple[Annotated[FurtherRule, Field(discriminator="code")], ...]))
PAUSES = JsonColumn(TypeAdapter(tuple[Pause, ...]))
EXTENSIONS = JsonColumn(TypeAdapter(tuple[Extension, ...]))
PANEL = JsonColumn(TypeAdapter(PanelTerms | None))
ANNOUNCEMENTS = JsonColumn(TypeAdapter(tuple[Announcement, ...]))
VOIDED_VOTES = JsonColumn(TypeAdapter(tuple[VoidedVotes, ...]))


def campaign_values(campaign: Campaign) -> dict[str, Any]:
    """The columns of a campaign but for its slug, its revision and its salt."""
    return _judging_values(campaign) | {
        "state": campaign.state.name,
        "languages": list(campaign.languages),
        "title": text_json(campaign.title),
        "organizer": text_json(campaign.organizer),
        "candidate_term": text_json(campaign.candidate_term),
        "cover": COVER.dump(campaign.cover),
        "edition": campaign.edition,
        "published_at": campaign.published_at,
        "visibility": campaign.visibility.name,
        "results_at": campaign.results_at and f"{campaign.results_at:%H:%M}",
        "results_step": campaign.results_step.name,
        "currency": campaign.currency,
        "themes": THEMES.dump(campaign.themes),
        "own_districts": DISTRICTS.dump(campaign.own_districts),
        "awards": AWARDS.dump(campaign.awards),
        "pauses": PAUSES.dump(campaign.pauses),
        "extensions": EXTENSIONS.dump(campaign.extensions),
        "voided_votes": VOIDED_VOTES.dump(campaign.voided_votes),
        "panel": PANEL.dump(campaign.panel),
        "lot_digest": campaign.lot_digest,
        "announcements": ANNOUNCEMENTS.dump(campaign.announcements),
        "stages": STAGES.dump(campaign.stages),
        "criteria": CRITERIA.dump(campaign.criteria),
        "source": SOURCE.dump(campaign.source),
    }


def _judging_values(campaign: Campaign) -> dict[str, Any]:
    """The columns that ballots are judged by."""
    return {
        "time_zone": campaign.time_zone,
        "opens_at": campaign.window.opens_at,
        "closes_at": campaign.window.closes_at,
        "minimum_choices": campaign.choices.minimum,
        "maximum_choices": campaign.choices.maximum,
        "quota_limit": campaign.quota.limit,
        "quota_period": campaign.quota.period.name,
        "quota_per_channel": campaign.quota.per_channel,
        "rules": RULES.dump(campaign.rules),
    }


def announcements_of(row: models.Campaign) -> tuple[Announcement, ...]:
    """What was announced of a campaign."""
    return ANNOUNCEMENTS.read(row.announcements or [])


def campaign_of(
    row: models.Campaign,
    projects: Iterable[models.Project],
    shared: Mapping[str, District],
    selections: tuple[StageSelection, ...],
) -> Campaign:
    """Read a campaign. shared: the districts of the gazetteer. selections: what was announced of its stages."""
    themes = {theme.code: theme for theme in THEMES.read(row.themes)}
    own = {district.code: district for district in DISTRICTS.read(row.own_districts)}
    return Campaign(
        slug=row.slug,
        state=CampaignState[row.state],
        languages=tuple(map(str, row.languages)),
        title=_read_text(row.title),
        edition=row.edition,
        organizer=_read_text(row.organizer),
        time_zone=row.time_zone,
        window=Window(row.opens_at, row.closes_at),
        published_at=row.published_at,
        visibility=ResultsVisibility[row.visibility],
        results_at=time.fromisoformat(row.results_at) if row.results_at else None,
        results_step=ResultsStep[row.results_step],
        currency=row.currency,
        themes=tuple(themes.values()),
        own_districts=tuple(own.values()),
        **_rules(row),
        **_details(row),
        selections=selections,
        projects=tuple(project_of(project, shared, own, themes) for project in projects),
        revision=row.revision,
        voter_salt=row.voter_salt,
    )


def _rules(row: models.Campaign) -> dict[str, Any]:
    return {
        "choices": ChoiceRange(row.minimum_choices, row.maximum_choices),
        "quota": Quota(row.quota_limit, QuotaPeriod[row.quota_period], row.quota_per_channel),
        "rules": RULES.read(row.rules),
    }


def _details(row: models.Campaign) -> dict[str, Any]:
    return {
        "candidate_term": TEXT.read(row.candidate_term),
        "cover": COVER.read(row.cover),
        "awards": AWARDS.read(row.awards),
        "pauses": PAUSES.read(row.pauses),
        "extensions": EXTENSIONS.read(row.extensions),
        "voided_votes": VOIDED_VOTES.read(row.voided_votes),
        "panel": PANEL.read(row.panel),
        "lot_digest": row.lot_digest,
        "announcements": announcements_of(row),
        "stages": STAGES.read(row.stages),
        "criteria": CRITERIA.read(row.criteria),
        "source": SOURCE.read(row.source),
    }


def text_json(text: LocalizedText | None) -> Any:
    return TEXT.dump(text)


def _read_text(value: object) -> LocalizedText:
    text = TEXT.read(value)
    if text is None:
        raise ValueError("a text that has to be there is missing")
    return text


def district_of(row: models.District) -> District:
    return District(row.code, _read_text(row.name))


def project_row(project: Project, position: int) -> models.Project:
    district = project.district
    return models.Project(
        id=f"{project.campaign}/{project.number}",
        campaign_id=project.campaign,
        number=project.number,
        position=position,
        code=project.code,
        title=text_json(project.title),
        summary=text_json(project.summary),
        organization=text_json(project.organization),
        description=text_json(project.description),
        level=project.level.name,
        district_id=district.code if district and not district.gazetteer else None,
        own_district=district.code if district and district.gazetteer else None,
        themes=[theme.code for theme in project.themes],
        start_year=project.start_year,
        figures=FIGURES.dump(project.figures),
        images=IMAGES.dump(project.images),
        links=LINKS.dump(project.links),
        cost=None if project.cost is None else f"{project.cost:f}",
        outcome=project.outcome.name,
        award=project.award,
        standing=project.standing.name,
        standing_reason=text_json(project.standing_reason),
        standing_since=project.standing_since,
        replacement=project.replacement.name if project.replacement else None,
    )


def project_of(
    row: models.Project, shared: Mapping[str, District], own: Mapping[str, District], themes: Mapping[str, Theme]
) -> Project:
    stored: Any = row  # the columns of foreign keys are known to Tortoise alone
    return Project(
        campaign=stored.campaign_id,
        number=row.number,
        position=row.position,
        title=_read_text(row.title),
        summary=TEXT.read(row.summary),
        organization=TEXT.read(row.organization),
        level=ProjectLevel[row.level],
        district=own[row.own_district] if row.own_district else shared.get(stored.district_id),
        themes=tuple(themes[str(code)] for code in row.themes),
        start_year=row.start_year,
        figures=FIGURES.read(row.figures),
        outcome=Outcome[row.outcome],
        code=row.code,
        description=TEXT.read(row.description),
        images=IMAGES.read(row.images),
        links=LINKS.read(row.links),
        cost=None if row.cost is None else Decimal(row.cost),
        award=row.award,
        standing=Standing[row.standing],
        standing_reason=TEXT.read(row.standing_reason),
        standing_since=row.standing_since,
        replacement=Replacement[row.replacement] if row.replacement else None,
    )
