"""Votes cast one by one: so many a period, and at most so many of them for one project."""

from dataclasses import dataclass
from typing import Literal

from api.domain.voting.quota import QuotaPeriod


@dataclass(frozen=True, slots=True)
class VoteQuotaRule:
    """A voter casts at most `limit` votes a period, at most `per_project` of them for one project; a ballot is one vote."""

    limit: int
    per_project: int
    period: QuotaPeriod
    kind: Literal["VOTE_QUOTA"] = "VOTE_QUOTA"
