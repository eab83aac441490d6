from typing import Optional

from .base_model import BaseModel
from .enums import Role
from .fragments import AllowanceParts, BallotParts


class Viewer(BaseModel):
    viewer: Optional["ViewerViewer"]


class ViewerViewer(BaseModel):
    id: str
    roles: list[Role]
    allowance: Optional["ViewerViewerAllowance"]
    ballots: list["ViewerViewerBallots"] | None


ViewerViewerAllowance = AllowanceParts
ViewerViewerBallots = BallotParts
Viewer.model_rebuild()
ViewerViewer.model_rebuild()
