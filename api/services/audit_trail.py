"""What goes on record while people use the system, and by which name a person appears there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ErrorCode
from api.domain.people.identity import Role
from api.domain.voting.quota import trail_name, voter_secret
from api.domain.voting.violations import Violation
from api.ports import AuditTrail


@dataclass(frozen=True, slots=True)
class AuditRecorder:
    """Notes what was refused to whom. server_secret is what names are made from where no campaign is involved."""

    trail: AuditTrail
    server_secret: bytes

    def refused(self, campaign: Campaign, voter: str, violations: Sequence[Violation], now: datetime) -> None:
        """The rules refused a ballot."""
        codes = [violation.code.name for violation in violations]
        actor = self.actor(campaign, voter)
        self.trail.note(AuditEvent(now, TrailKind.BALLOT_REFUSED, campaign.slug, actor, {"codes": codes}))

    def denied(self, campaign: Campaign | None, voter: str, field: str, roles: Sequence[Role], now: datetime) -> None:
        """A field was refused to somebody for want of a role."""
        details = {"field": field, "roles": [role.name for role in roles]}
        slug = None if campaign is None else campaign.slug
        self.trail.note(AuditEvent(now, TrailKind.ACCESS_DENIED, slug, self.actor(campaign, voter), details))

    def not_signed_in(self, provider: str, code: ErrorCode, now: datetime) -> None:
        """A provider did not vouch for somebody."""
        self.trail.note(AuditEvent(now, TrailKind.SIGN_IN_FAILED, details={"provider": provider, "code": code.name}))

    def actor(self, campaign: Campaign | None, voter: str) -> str | None:
        """A voter's name in a campaign's entries, or in those of none; None once the campaign is forgotten."""
        if campaign is None:
            return trail_name(self.server_secret, voter)
        if not campaign.voter_salt:
            return None
        return trail_name(voter_secret(self.server_secret, campaign.slug, campaign.voter_salt), voter)
