from datetime import datetime
from decimal import Decimal
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import (  # noqa: F401
    CandidateParts,
    CandidatePartsDistrict,
    CandidatePartsImages,
    CandidatePartsThemes,
)


class Candidate(BaseModel):
    project: Optional["CandidateProject"]


class CandidateProject(CandidateParts):
    code: str | None
    start_year: int | None = Field(alias="startYear")
    cost: Decimal | None
    description_html: str | None = Field(alias="descriptionHtml")
    links: list["CandidateProjectLinks"]
    result: Optional["CandidateProjectResult"]


class CandidateProjectLinks(BaseModel):
    url: str
    title: str


class CandidateProjectResult(BaseModel):
    id: str
    rank: int
    votes: int
    share: float
    as_of: datetime = Field(alias="asOf")
    ahead: Optional["CandidateProjectResultAhead"]
    behind: Optional["CandidateProjectResultBehind"]


class CandidateProjectResultAhead(BaseModel):
    id: str
    project: "CandidateProjectResultAheadProject"


class CandidateProjectResultAheadProject(BaseModel):
    number: int
    title: str


class CandidateProjectResultBehind(BaseModel):
    id: str
    project: "CandidateProjectResultBehindProject"


class CandidateProjectResultBehindProject(BaseModel):
    number: int
    title: str


Candidate.model_rebuild()
CandidateProject.model_rebuild()
CandidateProjectResult.model_rebuild()
CandidateProjectResultAhead.model_rebuild()
CandidateProjectResultBehind.model_rebuild()
