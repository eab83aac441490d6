"""Ids of the API: readable paths, unique across types.

    campaign/shanghai-2017    district/310115    project/shanghai-2017/17    ballot/<26 base32 digits>
    district/<slug>/<code>, of a campaign that has districts of its own
    suspicion/<26 base32 digits>    result/shanghai-2017/17    result/shanghai-2017/17/2017-03-22
    expert/shanghai-2017/3    review/shanghai-2017/3/17, of the third expert and project number 17
    job/<26 base32 digits>    reminder/<26 base32 digits>

Clients treat them as opaque; people can read them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from api.domain.value_classes import value

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
PATTERNS = {
    "campaign": re.compile(rf"campaign/({SLUG})"),
    "district": re.compile(rf"district/(?:({SLUG})/([A-Za-z0-9][A-Za-z0-9_-]{{0,39}})|([0-9]{{2,12}}))"),
    "project": re.compile(rf"project/({SLUG})/([1-9][0-9]{{0,5}})"),
    "result": re.compile(rf"result/({SLUG})/([1-9][0-9]{{0,5}})(?:/([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}))?"),
    "ballot": re.compile(r"ballot/([a-z2-7]{26})"),
    "expert": re.compile(rf"expert/({SLUG})/([1-9][0-9]{{0,3}})"),
    "review": re.compile(rf"review/({SLUG})/([1-9][0-9]{{0,3}})/([1-9][0-9]{{0,5}})"),
    "job": re.compile(r"job/([a-z2-7]{26})"),
}
MAX_SLUG_LENGTH = 64
VIEWER = re.compile(r"viewer/([a-z0-9]{26})")
OBJECTION = re.compile(rf"objection/({SLUG})/([A-Za-z][A-Za-z0-9_-]{{0,39}})/([1-9][0-9]{{0,5}})")
SUSPICION = re.compile(r"suspicion/([a-z2-7]{26})")
REMINDER = re.compile(r"reminder/([a-z2-7]{26})")


@dataclass(frozen=True, slots=True)
class CampaignId:
    """The id of a campaign."""

    slug: str

    def __str__(self) -> str:
        return f"campaign/{self.slug}"


@dataclass(frozen=True, slots=True)
class DistrictId:
    """The id of a district. gazetteer: the slug of the campaign whose own it is; empty for the shared one."""

    code: str
    gazetteer: str = ""

    def __str__(self) -> str:
        return f"district/{self.gazetteer}/{self.code}" if self.gazetteer else f"district/{self.code}"


@dataclass(frozen=True, slots=True)
class ProjectId:
    """The id of a project: its campaign's slug and its number there."""

    campaign: str
    number: int

    def __str__(self) -> str:
        return f"project/{self.campaign}/{self.number}"


@value
class BallotId:
    """The id of a ballot."""

    key: str

    def __str__(self) -> str:
        return f"ballot/{self.key}"


@dataclass(frozen=True, slots=True)
class ResultId:
    """The id of a project's result: its campaign's slug, its number there and, for that of one voting day, the day."""

    campaign: str
    number: int
    day: date | None = None

    def __str__(self) -> str:
        return f"result/{self.campaign}/{self.number}" + ("" if self.day is None else f"/{self.day}")


@dataclass(frozen=True, slots=True)
class ExpertId:
    """The id of an expert: the campaign's slug and their number on its panel."""

    campaign: str
    number: int

    def __str__(self) -> str:
        return f"expert/{self.campaign}/{self.number}"


@dataclass(frozen=True, slots=True)
class ReviewId:
    """The id of a review: the campaign's slug, the number of the expert and that of the project."""

    campaign: str
    expert: int
    project: int

    def __str__(self) -> str:
        return f"review/{self.campaign}/{self.expert}/{self.project}"


@dataclass(frozen=True, slots=True)
class JobId:
    """The id of a job."""

    key: str

    def __str__(self) -> str:
        return f"job/{self.key}"


NodeId = CampaignId | DistrictId | ProjectId | ResultId | BallotId | ExpertId | ReviewId | JobId


def parse_id(text: str) -> NodeId | None:
    """Parse an id, whether or not anything has it; None for a text that has no form of an id."""
    kind = text.partition("/")[0]
    match = PATTERNS[kind].fullmatch(text) if kind in PATTERNS else None
    if match is None:
        return None
    if kind == "campaign":
        return CampaignId(match[1])
    if kind == "district":
        return DistrictId(match[2], match[1]) if match[1] else DistrictId(match[3])
    return _result_id(match) if kind == "result" else MAKERS[kind](match)


MAKERS: Mapping[str, Callable[[re.Match[str]], NodeId]] = {
    "project": lambda match: ProjectId(match[1], int(match[2])),
    "ballot": lambda match: BallotId(match[1]),
    "expert": lambda match: ExpertId(match[1], int(match[2])),
    "review": lambda match: ReviewId(match[1], int(match[2]), int(match[3])),
    "job": lambda match: JobId(match[1]),
}


def _result_id(match: re.Match[str]) -> ResultId | None:
    try:
        return ResultId(match[1], int(match[2]), None if match[3] is None else date.fromisoformat(match[3]))
    except ValueError:  # no such day
        return None


def suspicion_id(key: str) -> str:
    """Return the id of a suspicion, which is no Node: not everybody may ask for it."""
    return f"suspicion/{key}"


def suspicion_key(text: str) -> str | None:
    """Parse a suspicion's id, whether or not any has it, and return the key; None for a text of another form."""
    match = SUSPICION.fullmatch(text)
    return None if match is None else match[1]


@dataclass(frozen=True, slots=True)
class ObjectionId:
    """The id of an objection, which is no Node: the campaign's slug, the stage's code and its number there."""

    campaign: str
    stage: str
    number: int

    def __str__(self) -> str:
        return f"objection/{self.campaign}/{self.stage}/{self.number}"


def parse_objection_id(text: str) -> ObjectionId | None:
    """Parse an objection's id, whether or not any has it; None for a text of another form."""
    match = OBJECTION.fullmatch(text)
    return None if match is None else ObjectionId(match[1], match[2], int(match[3]))


def viewer_id(pseudonym: str) -> str:
    """Return the id of a viewer, which is no Node."""
    return f"viewer/{pseudonym}"


def viewer_pseudonym(text: str) -> str | None:
    """Parse a viewer's id and return the pseudonym; None for a text of another form."""
    match = VIEWER.fullmatch(text)
    return None if match is None else match[1]


def reminder_id(key: str) -> str:
    """Return the id of a reminder, which is no Node: it is its voter's alone."""
    return f"reminder/{key}"


def reminder_key(text: str) -> str | None:
    """Parse a reminder's id, whether or not any has it, and return the key; None for a text of another form."""
    match = REMINDER.fullmatch(text)
    return None if match is None else match[1]


def is_slug(name: str) -> bool:
    """Return whether a campaign could have this slug."""
    return len(name) <= MAX_SLUG_LENGTH and re.fullmatch(SLUG, name) is not None
