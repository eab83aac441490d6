"""Campaigns as rows of the models, and back as values of the domain."""

from collections.abc import Iterable, Mapping
from datetime import time
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
from api.domain.campaigns.projects import District, Image, ProjectOrderField, Theme
from api.domain.campaigns.stages import Stage
from api.domain.campaigns.states import CampaignState, ResultsStep, ResultsVisibility
from api.domain.review.terms import PanelTerms
from api.domain.selection.versions import StageSelection
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules import FurtherRule
from api.storage import models
from api.storage.json_columns import JsonColumn
from api.storage.project_rows import TEXT, project_of, read_text, text_json

STAGES = JsonColumn(TypeAdapter(tuple[Stage, ...]))
CRITERIA = JsonColumn(TypeAdapter(tuple[Criterion, ...]))
SOURCE = JsonColumn(TypeAdapter(Source | None))
COVER = JsonColumn(TypeAdapter(Image | None))
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
    return (
        _judging_values(campaign)
        | _selecting_values(campaign)
        | {
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
            "project_order": campaign.project_order.name,
            "currency": campaign.currency,
            "themes": THEMES.dump(campaign.themes),
            "own_districts": DISTRICTS.dump(campaign.own_districts),
            "awards": AWARDS.dump(campaign.awards),
            "pauses": PAUSES.dump(campaign.pauses),
            "extensions": EXTENSIONS.dump(campaign.extensions),
            "voided_votes": VOIDED_VOTES.dump(campaign.voided_votes),
            "source": SOURCE.dump(campaign.source),
        }
    )


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


def _selecting_values(campaign: Campaign) -> dict[str, Any]:
    """The columns that say how projects are selected, and what was announced."""
    return {
        "panel": PANEL.dump(campaign.panel),
        "lot_digest": campaign.lot_digest,
        "announcements": ANNOUNCEMENTS.dump(campaign.announcements),
        "stages": STAGES.dump(campaign.stages),
        "criteria": CRITERIA.dump(campaign.criteria),
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
        title=read_text(row.title),
        edition=row.edition,
        organizer=read_text(row.organizer),
        time_zone=row.time_zone,
        window=Window(row.opens_at, row.closes_at),
        published_at=row.published_at,
        visibility=ResultsVisibility[row.visibility],
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
        "results_at": time.fromisoformat(row.results_at) if row.results_at else None,
        "results_step": ResultsStep[row.results_step],
        "project_order": ProjectOrderField[row.project_order or "NUMBER"],
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
