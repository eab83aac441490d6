"""Campaigns, projects and districts as rows of the models, and back as values of the domain."""

from collections.abc import Iterable, Mapping
from datetime import time
from decimal import Decimal
from typing import Annotated, Any, TypeVar

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
from api.domain.texts import LocalizedText
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules import FurtherRule
from api.storage import models

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
PANEL = TypeAdapter(PanelTerms | None)
ANNOUNCEMENTS = TypeAdapter(tuple[Announcement, ...])
VOIDED_VOTES = TypeAdapter(tuple[VoidedVotes, ...])


def from_json(adapter: TypeAdapter[T], value: Any) -> T:
    """A JSON column as either dialect returns it."""
    return adapter.validate_json(value) if isinstance(value, str) else adapter.validate_python(value)


def campaign_values(campaign: Campaign) -> dict[str, Any]:
    """The columns of a campaign but for its slug, its revision and its salt."""
    return _judging_values(campaign) | {
        "state": campaign.state.name,
        "languages": list(campaign.languages),
        "title": text_json(campaign.title),
        "organizer": text_json(campaign.organizer),
        "candidate_term": text_json(campaign.candidate_term),
        "cover": COVER.dump_python(campaign.cover, mode="json"),
        "edition": campaign.edition,
        "published_at": campaign.published_at,
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
        "panel": PANEL.dump_python(campaign.panel, mode="json"),
        "lot_digest": campaign.lot_digest,
        "announcements": ANNOUNCEMENTS.dump_python(campaign.announcements, mode="json"),
        "stages": STAGES.dump_python(campaign.stages, mode="json"),
        "criteria": CRITERIA.dump_python(campaign.criteria, mode="json"),
        "source": SOURCE.dump_python(campaign.source, mode="json"),
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
        "rules": RULES.dump_python(campaign.rules, mode="json"),
    }


def campaign_of(row: models.Campaign, projects: Iterable[models.Project], shared: Mapping[str, District]) -> Campaign:
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
        **_details(row),
        projects=tuple(project_of(project, shared, own, themes) for project in projects),
        revision=row.revision,
        voter_salt=row.voter_salt,
    )


def _details(row: models.Campaign) -> dict[str, Any]:
    return {
        "awards": AWARDS.validate_python(row.awards),
        "pauses": PAUSES.validate_python(row.pauses),
        "extensions": EXTENSIONS.validate_python(row.extensions),
        "voided_votes": VOIDED_VOTES.validate_python(row.voided_votes),
        "panel": PANEL.validate_python(row.panel),
        "lot_digest": row.lot_digest,
        "announcements": ANNOUNCEMENTS.validate_python(row.announcements or ()),
        "stages": STAGES.validate_python(row.stages),
        "criteria": CRITERIA.validate_python(row.criteria),
        "source": SOURCE.validate_python(row.source),
    }


def text_json(text: LocalizedText | None) -> Any:
    return TEXT.dump_python(text, mode="json")


def _read_text(value: object) -> LocalizedText:
    text = TEXT.validate_python(value)
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
        figures=FIGURES.dump_python(project.figures, mode="json"),
        images=IMAGES.dump_python(project.images, mode="json"),
        links=LINKS.dump_python(project.links, mode="json"),
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
