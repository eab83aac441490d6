from datetime import datetime
from decimal import Decimal
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import (  # noqa: F401
    CandidateParts,
    CandidatePartsDistrict,
    CandidatePartsThemes,
)


class Candidate(BaseModel):
    project: Optional["CandidateProject"]


class CandidateProject(CandidateParts):
    code: str | None
    start_year: int | None = Field(alias="startYear")
    cost: Decimal | None
    description_html: str | None = Field(alias="descriptionHtml")
    images: list["CandidateProjectImages"]
    links: list["CandidateProjectLinks"]
    result: Optional["CandidateProjectResult"]


class CandidateProjectImages(BaseModel):
    url: str
    alternative: str
    width: int
    height: int


class CandidateProjectLinks(BaseModel):
    url: str
    title: str


class CandidateProjectResult(BaseModel):
    id: str
    rank: int
    votes: int
    share: float
    as_of: datetime = Field(alias="asOf")


Candidate.model_rebuild()
CandidateProject.model_rebuild()
