from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import CandidateParts, PageParts


class Candidates(BaseModel):
    projects: Optional["CandidatesProjects"]


class CandidatesProjects(BaseModel):
    total_count: int = Field(alias="totalCount")
    page_info: "CandidatesProjectsPageInfo" = Field(alias="pageInfo")
    nodes: list["CandidatesProjectsNodes"]


CandidatesProjectsPageInfo = PageParts
CandidatesProjectsNodes = CandidateParts
Candidates.model_rebuild()
CandidatesProjects.model_rebuild()
