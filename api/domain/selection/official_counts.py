"""The votes and ballots that count, by channel, as a stage is decided by them."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.domain.voting.channels import Channel


@dataclass(frozen=True, slots=True)
class OfficialCounts:
    """Of one campaign. votes: by the project's position. held: how many ballots are held, so that it is not known yet."""

    ballots: Mapping[Channel, int]
    votes: Mapping[int, Mapping[Channel, int]]
    held: int = 0
