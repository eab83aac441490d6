from datetime import datetime

from pydantic import Field

from .base_model import BaseModel


class Ranking(BaseModel):
    results_changed: "RankingResultsChanged" = Field(alias="resultsChanged")


class RankingResultsChanged(BaseModel):
    only_changes: bool = Field(alias="onlyChanges")
    removed_ids: list[str] = Field(alias="removedIds")
    as_of: datetime = Field(alias="asOf")
    total_count: int = Field(alias="totalCount")
    turnout: "RankingResultsChangedTurnout"
    nodes: list["RankingResultsChangedNodes"]


class RankingResultsChangedTurnout(BaseModel):
    ballots: int


class RankingResultsChangedNodes(BaseModel):
    id: str
    rank: int
    votes: int
    project: "RankingResultsChangedNodesProject"


class RankingResultsChangedNodesProject(BaseModel):
    id: str
    number: int
    title: str


Ranking.model_rebuild()
RankingResultsChanged.model_rebuild()
RankingResultsChangedNodes.model_rebuild()
