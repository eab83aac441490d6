"""An expert's ballot: the projects that one of the jury names in a stage."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Juror:
    """An expert who takes part, or was dropped, by number."""

    number: int
    is_dropped: bool = False


@dataclass(frozen=True, slots=True)
class CastExpertBallot:
    """A ballot as it was cast last. projects: by number. revision: how often it was cast."""

    campaign: str
    stage: str
    expert: int
    projects: tuple[int, ...]
    revision: int
    cast_at: datetime
