"""Read a campaign file, and the files that it names, into a campaign or into the list of its mistakes."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import District
from api.domain.texts import Text
from api.formats.campaign.campaigns import shared_districts
from api.formats.campaign.consistency import district_codes, districts_findings
from api.formats.campaign.findings import Finding, Tree
from api.formats.campaign.languages import languages_of
from api.formats.campaign.messages import missing, validate
from api.formats.campaign.raw_values import value_at
from api.formats.campaign.shapes import PROJECTS, DistrictsShape
from api.formats.campaign.validation import validate_campaign, viewers_of
from api.formats.campaign_toml.errors import CampaignFileError, Mistake, to_mistakes

MAX_FILE_BYTES = 32 * 1024 * 1024  # bytes of a file; that of the selection of 2017 has 2,000 for each of its projects
VOTER = re.compile(r"viewer/([a-z2-7]{26})")


class _File(NamedTuple):
    """What a campaign file says. districts: of its districts file, by code. viewers: pseudonyms of those who may vote."""

    campaign: Campaign
    districts: tuple[District, ...]
    viewers: tuple[str, ...]


def read_campaign_file(path: Path) -> tuple[Campaign, tuple[District, ...]]:
    """Return the campaign, its projects by number, and every district of its districts file, by code.

    Raises CampaignFileError with all the mistakes that mistakes_in would report.
    """
    file = _read_whole(path)
    return file.campaign, file.districts


def read_voters(path: Path) -> tuple[str, ...]:
    """Return the pseudonyms on a campaign file's list of voters; () without one. Raises CampaignFileError as above."""
    return _read_whole(path).viewers


def mistakes_in(path: Path) -> tuple[Mistake, ...]:
    """Return the mistakes of a campaign file and of the files that it names; empty when it can be loaded."""
    return _read(path)[1]


def _read_whole(path: Path) -> _File:
    file, mistakes = _read(path)
    if mistakes or file is None:
        raise CampaignFileError(mistakes)
    return file


def _read(path: Path) -> tuple[_File | None, tuple[Mistake, ...]]:
    try:
        tree = _parse(path)
    except CampaignFileError as error:
        return None, error.mistakes
    districts, codes, district_mistakes = _read_districts(path, tree)
    viewers, list_mistakes = _read_voters(path, tree)
    campaign, findings = validate_campaign(tree, districts, codes)
    mistakes = to_mistakes(str(path), tree, [*findings, *_without_projects(tree)]) + district_mistakes + list_mistakes
    if campaign is None or districts is None:
        return None, mistakes
    return _File(campaign, tuple(districts[code] for code in sorted(districts)), viewers), mistakes


def _without_projects(tree: Tree) -> list[Finding]:
    """A campaign that is made over GraphQL gets its projects later; a file has them."""
    if "projects" not in tree:
        return [missing(("projects",), PROJECTS)]
    if tree["projects"] == []:
        return [
            Finding(
                ("projects",),
                Text("是空的", "is empty"),
                Text("请写{projects}。", "Write {projects}.", projects=PROJECTS),
            )
        ]
    return []


def _named_file(path: Path, tree: Tree, *place: str) -> Path | None:
    """Return the path of a file that this one names; None where it names none, or in a way that is a mistake."""
    name = value_at(tree, str, *place)
    return path.parent / name if name and not Path(name).is_absolute() and name.isprintable() else None


def _read_districts(
    path: Path, tree: Tree
) -> tuple[Mapping[str, District] | None, list[str] | None, tuple[Mistake, ...]]:
    """Return the districts, their codes even where something else is wrong with them, and what is wrong."""
    if "districts" not in tree:
        return {}, [], ()
    file = _named_file(path, tree, "districts")
    if file is None:
        return None, None, ()
    try:
        districts = _parse(file)
    except CampaignFileError as error:
        return None, None, error.mistakes
    shape, findings = validate(districts, DistrictsShape)
    languages = languages_of(tree)
    mistakes = to_mistakes(str(file), districts, [*findings, *districts_findings(districts, languages)])
    if shape is None or mistakes:
        return None, district_codes(districts), mistakes
    return shared_districts(shape.districts, languages), district_codes(districts), ()


def _read_voters(path: Path, tree: Tree) -> tuple[tuple[str, ...], tuple[Mistake, ...]]:
    """Return the pseudonyms on the list of voters, one a line; lines that are empty or begin with # say nothing."""
    file = _named_file(path, tree, "rules", "eligibility", "list")
    if file is None:
        return viewers_of(tree), ()
    try:
        content = _decoded(file, _read_bytes(file))
    except CampaignFileError as error:
        return (), error.mistakes
    lines = [(number, line.strip()) for number, line in enumerate(content.splitlines(), 1)]
    named = [(number, line) for number, line in lines if line and not line.startswith("#")]
    mistakes = tuple(
        Mistake(
            str(file),
            f"line {number}",
            "is no id of a viewer",
            "Write `viewer/` and 26 small letters or digits, as Viewer.id has it.",
        )
        for number, line in named
        if not VOTER.fullmatch(line)
    )
    if not named:
        mistakes = (Mistake(str(file), "", "names nobody", "Write the ids of those who may vote, one a line."),)
    return tuple(sorted({line.removeprefix("viewer/") for _, line in named})), mistakes


def _parse(path: Path) -> Tree:
    content = _read_bytes(path)
    try:
        return tomllib.loads(_decoded(path, content))
    except tomllib.TOMLDecodeError as error:
        reason, _, location = str(error).removesuffix(")").rpartition(" (at ")
        key = location if location.startswith("line") else _line(content.rstrip())
        raise _file_error(
            path, key, f"is no TOML: {reason[:200]}", "Mend the syntax there; see https://toml.io."
        ) from error
    except (ValueError, RecursionError) as error:
        remedy = "Use shorter numbers and fewer brackets within brackets."
        raise _file_error(path, "", "holds a number or a nesting that cannot be read", remedy) from error


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _file_error(path, _line(content[: error.start]), "is not UTF-8", "Save the file as UTF-8.") from error


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
