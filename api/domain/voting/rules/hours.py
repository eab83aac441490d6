"""The hours of the day in which ballots are accepted."""

from dataclasses import dataclass
from datetime import time
from typing import Literal


@dataclass(frozen=True, slots=True)
class VotingHoursRule:
    """Ballots are accepted from `start` on and before `end` by the campaign's clocks; over midnight where end <= start."""

    start: time
    end: time
    kind: Literal["VOTING_HOURS"] = "VOTING_HOURS"
