"""How a campaign file becomes a campaign, or a list of everything that is wrong with it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign, ChoiceRange, Criterion, Source, Stage
from api.domain.campaigns.projects import District, Figure, Project
from api.domain.texts import Text
from api.domain.voting.quota import Quota
from api.formats.campaign_toml.consistency import campaign_sense, codes_in, districts_sense
from api.formats.campaign_toml.errors import CampaignFileError, Mistake, Tree, mistake_lines
from api.formats.campaign_toml.messages import shaped
from api.formats.campaign_toml.schema import (
    CampaignShape,
    DistrictsShape,
    FigureShape,
    ProjectShape,
    SourceShape,
    StageShape,
    TextShape,
)

MAX_FILE_BYTES = 4 * 1024 * 1024  # bytes of a file; the selection of 2017 has 70 thousand


def read_campaign_file(path: Path) -> tuple[Campaign, tuple[District, ...]]:
    """The campaign, its projects by number, and every district of its districts file, by code.

    Raises CampaignFileError with all the mistakes that mistakes_in would report.
    """
    campaign, districts, mistakes = _read(path)
    if mistakes or campaign is None or districts is None:
        raise CampaignFileError(mistakes)
    known = {shape.code: District(shape.code, _text(shape.name)) for shape in districts.districts}
    return _campaign(campaign, known), tuple(known[code] for code in sorted(known))


def mistakes_in(path: Path) -> tuple[Mistake, ...]:
    """Every mistake in a campaign file and in its districts file; empty when it can be loaded."""
    return _read(path)[2]


def _read(path: Path) -> tuple[CampaignShape | None, DistrictsShape | None, tuple[Mistake, ...]]:
    try:
        tree = _tree(path)
    except CampaignFileError as error:
        return None, None, error.mistakes
    campaign, findings = shaped(tree, CampaignShape)
    if any(finding.place[0] == "districts" for finding in findings):
        return campaign, None, mistake_lines(str(path), tree, findings + campaign_sense(tree, None))
    districts, codes, others = _read_districts(path.parent / tree["districts"])
    return campaign, districts, mistake_lines(str(path), tree, findings + campaign_sense(tree, codes)) + others


def _read_districts(path: Path) -> tuple[DistrictsShape | None, list[str] | None, tuple[Mistake, ...]]:
    try:
        tree = _tree(path)
    except CampaignFileError as error:
        return None, None, error.mistakes
    districts, findings = shaped(tree, DistrictsShape)
    return districts, codes_in(tree), mistake_lines(str(path), tree, findings + districts_sense(tree))


def _tree(path: Path) -> Tree:
    content = _content(path)
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _refused(path, _line(content[: error.start]), "is not UTF-8", "Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        reason, _, where = str(error).removesuffix(")").rpartition(" (at ")
        key = where if where.startswith("line") else _line(content.rstrip())
        raise _refused(
            path, key, f"is no TOML: {reason[:200]}", "Mend the syntax there; see https://toml.io."
        ) from error
    except (ValueError, RecursionError) as error:
        remedy = "Use shorter numbers and fewer brackets within brackets."
        raise _refused(path, "", "holds a number or a nesting that cannot be read", remedy) from error


def _line(before: bytes) -> str:
    return f"line {before.count(10) + 1}"


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise _refused(path, "", "is not a file", "Name a TOML file.")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise _refused(path, "", "does not exist", "Write the file, or mend the path.") from error
    except (OSError, ValueError) as error:
        remedy = "Let it be read, or mend the path."
        raise _refused(path, "", f"cannot be read: {getattr(error, 'strerror', error)}", remedy) from error
    if len(content) > MAX_FILE_BYTES:
        raise _refused(path, "", "is larger than 4 MiB", "A campaign of a thousand projects fits in that; shorten it.")
    return content


def _refused(path: Path, key: str, problem: str, remedy: str) -> CampaignFileError:
    return CampaignFileError((Mistake(str(path), key, problem, remedy),))


def _campaign(shape: CampaignShape, districts: Mapping[str, District]) -> Campaign:
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
            _project(shape.slug, project, districts) for project in sorted(shape.projects, key=lambda p: p.number)
        ),
    )


def _project(campaign: str, shape: ProjectShape, districts: Mapping[str, District]) -> Project:
    return Project(
        campaign=campaign,
        number=shape.number,
        title=_text(shape.title),
        summary=_text(shape.summary),
        organization=_text(shape.organization) if shape.organization else None,
        level=shape.level,
        district=districts[shape.district] if shape.district else None,
        themes=tuple(shape.themes),
        start_year=shape.start_year,
        figures=tuple(map(_figure, shape.figures)),
        outcome=shape.outcome,
    )


def _stage(shape: StageShape) -> Stage:
    return Stage(shape.code, _text(shape.name), shape.seats, shape.decided, shape.decided_at, shape.formula)


def _source(shape: SourceShape) -> Source:
    return Source(shape.publisher, shape.published, shape.url)


def _figure(shape: FigureShape) -> Figure:
    return Figure(_text(shape.label), shape.value, _text(shape.unit) if shape.unit else None, shape.year)


def _text(shape: TextShape) -> Text:
    return Text(shape.zh, shape.en)
