"""Read a campaign file into a campaign, or into the list of its mistakes."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign, ChoiceRange, Criterion, Source
from api.domain.campaigns.projects import District, Figure, Project, Theme
from api.domain.campaigns.stages import Stage
from api.domain.texts import LocalizedText, localized
from api.domain.voting.quota import Quota
from api.formats.campaign_toml.consistency import campaign_findings, district_codes, districts_findings
from api.formats.campaign_toml.errors import CampaignFileError, Mistake, Tree, to_mistakes
from api.formats.campaign_toml.messages import validate
from api.formats.campaign_toml.schema import (
    CampaignShape,
    DistrictsShape,
    FigureShape,
    ProjectShape,
    SourceShape,
    StageShape,
    TextShape,
    ThemeShape,
)

MAX_FILE_BYTES = 32 * 1024 * 1024  # bytes of a file; that of the selection of 2017 has 2,000 for each of its projects


def read_campaign_file(path: Path) -> tuple[Campaign, tuple[District, ...]]:
    """Return the campaign, its projects by number, and every district of its districts file, by code.

    Raises CampaignFileError with all the mistakes that mistakes_in would report.
    """
    campaign, districts, mistakes = _read(path)
    if mistakes or campaign is None or districts is None:
        raise CampaignFileError(mistakes)
    by_code = {shape.code: District(shape.code, _text(shape.name)) for shape in districts.districts}
    return campaign_of(campaign, by_code), tuple(by_code[code] for code in sorted(by_code))


def mistakes_in(path: Path) -> tuple[Mistake, ...]:
    """Return the mistakes of a campaign file and of its districts file; empty when it can be loaded."""
    return _read(path)[2]


def _read(path: Path) -> tuple[CampaignShape | None, DistrictsShape | None, tuple[Mistake, ...]]:
    try:
        tree = _parse(path)
    except CampaignFileError as error:
        return None, None, error.mistakes
    campaign, findings = validate(tree, CampaignShape)
    if any(finding.place[0] == "districts" for finding in findings):
        return campaign, None, to_mistakes(str(path), tree, findings + campaign_findings(tree, None))
    districts, codes, district_mistakes = _read_districts(path.parent / tree["districts"])
    return (
        campaign,
        districts,
        to_mistakes(str(path), tree, findings + campaign_findings(tree, codes)) + district_mistakes,
    )


def _read_districts(path: Path) -> tuple[DistrictsShape | None, list[str] | None, tuple[Mistake, ...]]:
    try:
        tree = _parse(path)
    except CampaignFileError as error:
        return None, None, error.mistakes
    districts, findings = validate(tree, DistrictsShape)
    return districts, district_codes(tree), to_mistakes(str(path), tree, findings + districts_findings(tree))


def _parse(path: Path) -> Tree:
    content = _read_bytes(path)
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _file_error(path, _line(content[: error.start]), "is not UTF-8", "Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        reason, _, location = str(error).removesuffix(")").rpartition(" (at ")
        key = location if location.startswith("line") else _line(content.rstrip())
        raise _file_error(
            path, key, f"is no TOML: {reason[:200]}", "Mend the syntax there; see https://toml.io."
        ) from error
    except (ValueError, RecursionError) as error:
        remedy = "Use shorter numbers and fewer brackets within brackets."
        raise _file_error(path, "", "holds a number or a nesting that cannot be read", remedy) from error


def _line(before: bytes) -> str:
    return f"line {before.count(10) + 1}"


def _read_bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise _file_error(path, "", "is not a file", "Name a TOML file.")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise _file_error(path, "", "does not exist", "Write the file, or mend the path.") from error
    except (OSError, ValueError) as error:
        remedy = "Let it be read, or mend the path."
        raise _file_error(path, "", f"cannot be read: {getattr(error, 'strerror', error)}", remedy) from error
    if len(content) > MAX_FILE_BYTES:
        raise _file_error(
            path, "", "is larger than 32 MiB", "A campaign of ten thousand projects fits in that; shorten it."
        )
    return content


def _file_error(path: Path, key: str, problem: str, remedy: str) -> CampaignFileError:
    return CampaignFileError((Mistake(str(path), key, problem, remedy),))


def campaign_of(shape: CampaignShape, districts: Mapping[str, District]) -> Campaign:
    themes = {theme.code: _theme(theme) for theme in shape.themes}
    projects = sorted(shape.projects, key=lambda project: project.number)
    return Campaign(
        slug=shape.slug,
        title=_text(shape.title),
        edition=shape.edition,
        organizer=_text(shape.organizer),
        time_zone=shape.time_zone,
        window=Window(shape.voting_window.opens_at, shape.voting_window.closes_at),
        published_at=shape.published_at,
        choices=ChoiceRange(shape.rules.choices.minimum, shape.rules.choices.maximum),
        quota=Quota(shape.rules.quota.limit, shape.rules.quota.period),
        visibility=shape.results_visibility,
        stages=tuple(map(_stage, shape.stages)),
        criteria=tuple(Criterion(criterion.code, _text(criterion.name)) for criterion in shape.criteria),
        source=_source(shape.source) if shape.source else None,
        projects=tuple(
            _project(shape.slug, position, project, districts, themes) for position, project in enumerate(projects, 1)
        ),
        themes=tuple(themes.values()),
    )


def _project(
    campaign: str, position: int, shape: ProjectShape, districts: Mapping[str, District], themes: Mapping[str, Theme]
) -> Project:
    return Project(
        campaign=campaign,
        number=shape.number,
        position=position,
        title=_text(shape.title),
        summary=_text(shape.summary),
        organization=_text(shape.organization) if shape.organization else None,
        level=shape.level,
        district=districts[shape.district] if shape.district else None,
        themes=tuple(themes[code] for code in shape.themes),
        start_year=shape.start_year,
        figures=tuple(map(_figure, shape.figures)),
        outcome=shape.outcome,
    )


def _theme(shape: ThemeShape) -> Theme:
    return Theme(shape.code, _text(shape.name), _text(shape.description) if shape.description else None)


def _stage(shape: StageShape) -> Stage:
    ties = tuple(shape.ties)
    return Stage(shape.code, _text(shape.name), shape.seats, shape.decided, shape.decided_at, shape.formula, ties)


def _source(shape: SourceShape) -> Source:
    return Source(shape.publisher, shape.published, shape.url)


def _figure(shape: FigureShape) -> Figure:
    unit = _text(shape.unit) if shape.unit else None
    return Figure(_text(shape.label), shape.value, unit, shape.year, shape.value_en)


def _text(shape: TextShape) -> LocalizedText:
    return localized(zh=shape.zh, en=shape.en)
