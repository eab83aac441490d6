"""The audit trail of a running system: what is recorded when, and under which name a person appears in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.domain.audit_trail import AuditEvent, RecordedEvent, TrailFilter, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ErrorCode
from api.domain.people.identity import Role
from api.domain.voting.quota import trail_name, voter_secret
from api.domain.voting.rules.base import Violation
from api.ports import AuditTrail


@dataclass(frozen=True, slots=True)
class AuditRecorder:
    """Records refused ballots, denied access and failed sign-ins, and reads the trail.

    server_secret: what names are made from where no campaign is involved.
    """

    trail: AuditTrail
    server_secret: bytes

    def record_refusal(self, campaign: Campaign, voter: str, violations: Sequence[Violation], now: datetime) -> None:
        """The rules refused a ballot."""
        codes = [violation.code for violation in violations]
        actor = self.actor(campaign, voter)
        self.trail.note(AuditEvent(now, TrailKind.BALLOT_REFUSED, campaign.slug, actor, {"codes": codes}))

    def record_denial(
        self, campaign: Campaign | None, voter: str, field: str, roles: Sequence[Role], now: datetime
    ) -> None:
        """A viewer had none of the roles that a field needs."""
        details = {"field": field, "roles": [role.name for role in roles]}
        slug = None if campaign is None else campaign.slug
        self.trail.note(AuditEvent(now, TrailKind.ACCESS_DENIED, slug, self.actor(campaign, voter), details))

    def record_failed_sign_in(self, provider: str, code: ErrorCode, now: datetime) -> None:
        """A provider did not authenticate somebody."""
        self.trail.note(AuditEvent(now, TrailKind.SIGN_IN_FAILED, details={"provider": provider, "code": code.name}))

    def actor(self, campaign: Campaign | None, voter: str) -> str | None:
        """A voter's name in the events of a campaign, or of none; None once the campaign's voter secret is destroyed."""
        if campaign is None:
            return trail_name(self.server_secret, voter)
        if not campaign.voter_salt:
            return None
        return trail_name(voter_secret(self.server_secret, campaign.slug, campaign.voter_salt), voter)

    async def events(
        self, trail_filter: TrailFilter, limit: int, before: int | None = None
    ) -> tuple[RecordedEvent, ...]:
        """At most so many events that pass the filter, the newest first, with numbers below `before`."""
        return await self.trail.events(trail_filter, limit, before)

    async def count(self, trail_filter: TrailFilter) -> int:
        """How many events pass the filter."""
        return await self.trail.count(trail_filter)
