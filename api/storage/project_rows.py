"""Projects, districts and texts as rows of the models, and back as values of the domain."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

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
from api.domain.texts import LocalizedText
from api.storage import models
from api.storage.json_columns import JsonColumn

TEXT = JsonColumn(TypeAdapter(LocalizedText | None))
FIGURES = JsonColumn(TypeAdapter(tuple[Figure, ...]))
IMAGES = JsonColumn(TypeAdapter(tuple[Image, ...]))
LINKS = JsonColumn(TypeAdapter(tuple[Link, ...]))


def text_json(text: LocalizedText | None) -> Any:
    return TEXT.dump(text)


def read_text(value: object) -> LocalizedText:
    text = TEXT.read(value)
    if text is None:
        raise ValueError("a text that has to be there is missing")
    return text


def district_of(row: models.District) -> District:
    return District(row.code, read_text(row.name))


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
        title=read_text(row.title),
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
