from pydantic import Field

from .base_model import BaseModel
from .fragments import TurnoutParts


class Turnout(BaseModel):
    turnout_changed: "TurnoutTurnoutChanged" = Field(alias="turnoutChanged")


TurnoutTurnoutChanged = TurnoutParts
Turnout.model_rebuild()
