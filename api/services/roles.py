"""How staff change what a viewer may do: give a role, take it away, end sessions. Each change is put on record with it."""

from dataclasses import dataclass
from datetime import datetime

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.people.access import Grant
from api.domain.voting.quota import trail_name
from api.ports import AccessStore, Campaigns
from api.services.listing import find_campaign


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes a role, under their name in the trail, and why; nobody in particular for staff."""

    actor: str | None = None
    reason: tuple[str, ...] = ()


STAFF = Act()


@dataclass(frozen=True, slots=True)
class RoleManagement:
    """Changes roles and sessions. server_secret: what a viewer's name in the audit trail is made from."""

    access_store: AccessStore
    campaigns: Campaigns
    server_secret: bytes

    async def grant(self, grant: Grant, now: datetime, by: Act = STAFF) -> bool:
        """Give a role; False when the viewer has it already. Raises ApiError NOT_FOUND for an unknown campaign."""
        await self._check_campaign(grant, now)
        return await self.access_store.grant(grant, self._event(TrailKind.ROLE_GRANTED, grant, now, by))

    async def withdraw(self, grant: Grant, now: datetime, by: Act = STAFF) -> bool:
        """Take a role away; False when it was not granted. Raises ApiError NOT_FOUND for an unknown campaign."""
        await self._check_campaign(grant, now)
        return await self.access_store.withdraw(grant, self._event(TrailKind.ROLE_WITHDRAWN, grant, now, by))

    async def sign_out(self, viewer: str, now: datetime) -> None:
        """End every session of a viewer, at their own wish."""
        name = trail_name(self.server_secret, viewer)
        await self.access_store.revoke(viewer, AuditEvent(now, TrailKind.SIGNED_OUT, actor=name))

    async def revoke(self, viewer: str | None, now: datetime) -> None:
        """End every session of a viewer, given by pseudonym, or, for None, of everybody."""
        details = {} if viewer is None else {"viewer": trail_name(self.server_secret, viewer)}
        await self.access_store.revoke(viewer, AuditEvent(now, TrailKind.SESSIONS_REVOKED, details=details))

    async def _check_campaign(self, grant: Grant, now: datetime) -> None:
        if grant.campaign is not None:
            find_campaign(await self.campaigns.directory(), grant.campaign, now)

    def _event(self, kind: TrailKind, grant: Grant, now: datetime, by: Act) -> AuditEvent:
        viewer = trail_name(self.server_secret, grant.viewer)
        details = {"role": grant.role.name, "viewer": viewer, **({"reason": list(by.reason)} if by.reason else {})}
        return AuditEvent(now, kind, grant.campaign, by.actor, details)
