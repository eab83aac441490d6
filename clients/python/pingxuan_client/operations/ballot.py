from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import (
    BallotParts,
    BallotPartsProjects,  # noqa: F401
)


class Ballot(BaseModel):
    ballot: Optional["BallotBallot"]


class BallotBallot(BallotParts):
    receipt: Optional["BallotBallotReceipt"]


class BallotBallotReceipt(BaseModel):
    note: str
    leaf_hash: str = Field(alias="leafHash")
    seal_by: datetime = Field(alias="sealBy")
    proof_file: str | None = Field(alias="proofFile")


Ballot.model_rebuild()
BallotBallot.model_rebuild()
