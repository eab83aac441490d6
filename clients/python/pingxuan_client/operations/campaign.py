from datetime import datetime
from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import CampaignPhase, ResultsVisibility, RuleCode, StageStatus
from .fragments import TurnoutParts


class Campaign(BaseModel):
    campaign: Optional["CampaignCampaign"]


class CampaignCampaign(BaseModel):
    id: str
    slug: str
    title: str
    organizer: str
    candidate_term: str = Field(alias="candidateTerm")
    phase: CampaignPhase
    time_zone: str = Field(alias="timeZone")
    server_time: datetime = Field(alias="serverTime")
    results_visibility: ResultsVisibility = Field(alias="resultsVisibility")
    voting_window: "CampaignCampaignVotingWindow" = Field(alias="votingWindow")
    rules: list[
        Annotated[
            Union["CampaignCampaignRulesChoiceCountRule", "CampaignCampaignRulesBallotRule"],
            Field(union_mode="left_to_right"),
        ]
    ]
    stages: list["CampaignCampaignStages"]
    themes: list["CampaignCampaignThemes"]
    turnout: "CampaignCampaignTurnout"


class CampaignCampaignVotingWindow(BaseModel):
    opens_at: datetime = Field(alias="opensAt")
    closes_at: datetime = Field(alias="closesAt")


class CampaignCampaignRulesBallotRule(BaseModel):
    typename__: str = Field(alias="__typename")
    code: RuleCode
    description: str


class CampaignCampaignRulesChoiceCountRule(BaseModel):
    typename__: Literal["ChoiceCountRule"] = Field(alias="__typename")
    code: RuleCode
    description: str
    minimum: int
    maximum: int


class CampaignCampaignStages(BaseModel):
    code: str
    name: str
    seats: int
    status: StageStatus


class CampaignCampaignThemes(BaseModel):
    code: str
    name: str


CampaignCampaignTurnout = TurnoutParts
Campaign.model_rebuild()
CampaignCampaign.model_rebuild()
