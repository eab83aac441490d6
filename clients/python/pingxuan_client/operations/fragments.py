from datetime import date, datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    BallotStatus,
    Outcome,
    ProjectLevel,
    QuotaPeriod,
    RuleCode,
    Standing,
    ViolationCode,
)


class AllowanceParts(BaseModel):
    can_cast: bool = Field(alias="canCast")
    remaining: int
    limit: int
    period: QuotaPeriod
    next_allowed_at: datetime | None = Field(alias="nextAllowedAt")
    used_up_project_ids: list[str] = Field(alias="usedUpProjectIds")


class BallotParts(BaseModel):
    id: str
    day: date
    cast_at: datetime = Field(alias="castAt")
    status: BallotStatus
    status_reason: str | None = Field(alias="statusReason")
    projects: list["BallotPartsProjects"]


class BallotPartsProjects(BaseModel):
    id: str
    number: int
    title: str


class CandidateParts(BaseModel):
    id: str
    number: int
    title: str
    summary: str
    organization: str | None
    level: ProjectLevel
    outcome: Outcome
    standing: Standing
    themes: list["CandidatePartsThemes"]
    district: Optional["CandidatePartsDistrict"]
    images: list["CandidatePartsImages"]


class CandidatePartsThemes(BaseModel):
    code: str
    name: str


class CandidatePartsDistrict(BaseModel):
    code: str
    name: str


class CandidatePartsImages(BaseModel):
    url: str
    small: str
    alternative: str
    width: int
    height: int


class PageParts(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    has_previous_page: bool = Field(alias="hasPreviousPage")
    start_cursor: str | None = Field(alias="startCursor")
    end_cursor: str | None = Field(alias="endCursor")


class TurnoutParts(BaseModel):
    ballots: int
    choices: int
    as_of: datetime = Field(alias="asOf")
    by_day: list["TurnoutPartsByDay"] = Field(alias="byDay")


class TurnoutPartsByDay(BaseModel):
    day: date
    ballots: int


class ViolationParts(BaseModel):
    code: ViolationCode
    rule: RuleCode
    message: str
    path: list[str]


AllowanceParts.model_rebuild()
BallotParts.model_rebuild()
CandidateParts.model_rebuild()
PageParts.model_rebuild()
TurnoutParts.model_rebuild()
ViolationParts.model_rebuild()
