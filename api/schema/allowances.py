"""What is left of a viewer's quota."""

from datetime import datetime

import strawberry

from api.domain.voting.quota import QuotaPeriod
from api.schema.rules.voters import LIMIT, PERIOD
from api.services import casting


@strawberry.type(description="How many ballots the viewer may still cast in the current period.")
class Allowance:
    """Shows services.casting.Allowance."""

    can_cast: bool = strawberry.field(
        description="Whether a ballot of this viewer would pass the quota, the window, its pauses and hours right now."
    )
    remaining: int = strawberry.field(
        description="Ballots left in this period, or votes where they are cast one by one; 0 while voting is not open, and for "
        "whom this campaign is not."
    )
    limit: int = strawberry.field(description=LIMIT)
    period: QuotaPeriod = strawberry.field(description=PERIOD)
    next_allowed_at: datetime | None = strawberry.field(
        description="When the next ballot may be cast; null when that is now, or never again, or when nobody knows."
    )
    used_up_project_ids: list[strawberry.ID] = strawberry.field(
        description="Where votes are cast one by one, the ids of those projects for which the viewer has none left in this "
        "period, `VoteQuotaRule.perProject`; else empty."
    )

    @classmethod
    def of(cls, allowance: casting.Allowance) -> "Allowance":
        return cls(
            can_cast=allowance.can_cast,
            remaining=allowance.remaining,
            limit=allowance.quota.limit,
            period=allowance.quota.period,
            next_allowed_at=allowance.next_allowed_at,
            used_up_project_ids=[strawberry.ID(name) for name in allowance.used_up],
        )
