from pydantic import Field

from .base_model import BaseModel
from .fragments import ViolationParts


class CheckBallot(BaseModel):
    check_ballot: list["CheckBallotCheckBallot"] | None = Field(alias="checkBallot")


class CheckBallotCheckBallot(ViolationParts):
    typename__: str = Field(alias="__typename")


CheckBallot.model_rebuild()
