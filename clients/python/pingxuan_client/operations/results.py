from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PageParts


class Results(BaseModel):
    results: Optional["ResultsResults"]


class ResultsResults(BaseModel):
    as_of: datetime = Field(alias="asOf")
    total_count: int = Field(alias="totalCount")
    page_info: "ResultsResultsPageInfo" = Field(alias="pageInfo")
    nodes: list["ResultsResultsNodes"]


ResultsResultsPageInfo = PageParts


class ResultsResultsNodes(BaseModel):
    id: str
    rank: int
    votes: int
    share: float
    tied_count: int = Field(alias="tiedCount")
    project: "ResultsResultsNodesProject"


class ResultsResultsNodesProject(BaseModel):
    id: str
    number: int
    title: str
    district: Optional["ResultsResultsNodesProjectDistrict"]


class ResultsResultsNodesProjectDistrict(BaseModel):
    code: str
    name: str


Results.model_rebuild()
ResultsResults.model_rebuild()
ResultsResultsNodes.model_rebuild()
ResultsResultsNodesProject.model_rebuild()
