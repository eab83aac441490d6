from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import (
    AllowanceParts,
    BallotParts,
    BallotPartsProjects,  # noqa: F401
    ViolationParts,
)


class CastBallot(BaseModel):
    cast_ballot: Optional["CastBallotCastBallot"] = Field(alias="castBallot")


class CastBallotCastBallot(BaseModel):
    ballot: Optional["CastBallotCastBallotBallot"]
    violations: list["CastBallotCastBallotViolations"]
    viewer: "CastBallotCastBallotViewer"


class CastBallotCastBallotBallot(BallotParts):
    receipt: Optional["CastBallotCastBallotBallotReceipt"]


class CastBallotCastBallotBallotReceipt(BaseModel):
    note: str
    leaf_hash: str = Field(alias="leafHash")
    seal_by: datetime = Field(alias="sealBy")


class CastBallotCastBallotViolations(ViolationParts):
    typename__: str = Field(alias="__typename")


class CastBallotCastBallotViewer(BaseModel):
    id: str
    allowance: Optional["CastBallotCastBallotViewerAllowance"]


CastBallotCastBallotViewerAllowance = AllowanceParts
CastBallot.model_rebuild()
CastBallotCastBallot.model_rebuild()
CastBallotCastBallotBallot.model_rebuild()
CastBallotCastBallotViewer.model_rebuild()
