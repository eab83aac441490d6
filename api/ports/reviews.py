"""What the services ask of storage about panels of experts and their reviews."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from api.domain.audit_trail import AuditEvent
from api.domain.campaigns.campaign import Campaign
from api.domain.people.access import Grant
from api.domain.review.panel import Expert, Panel, Review, ReviewRevision


class LockedPanel(Protocol):
    """The panel of one campaign in one transaction, while nobody else changes the campaign or anything of the panel."""

    async def campaign(self) -> Campaign | None:
        """The campaign as it is stored."""
        ...

    async def panel(self, campaign: Campaign, viewer: str | None = None) -> Panel | None:
        """As PanelStore has it."""
        ...

    async def invite(
        self, experts: Sequence[Expert], codes: Mapping[int, str], conflicts: Sequence[Review], event: AuditEvent
    ) -> None:
        """Store new experts, the digests of the codes that accept their invitations, by number, and known conflicts."""
        ...

    async def expert_with(self, code: str) -> int | None:
        """The number of the expert of the campaign whose invitation is accepted by the code with this digest."""
        ...

    async def accept(self, expert: Expert, grant: Grant, event: AuditEvent) -> None:
        """Store that an invitation is accepted, so that no code accepts it any more, and the role that comes of it."""
        ...

    async def assign(self, reviews: Sequence[Review], event: AuditEvent) -> None:
        """Store what has to be reviewed, in place of all reviews that were assigned and not begun."""
        ...

    async def put(self, reviews: Sequence[Review], event: AuditEvent | None) -> None:
        """Store reviews as they now are, with what they are from now on in their history, and the event, if any."""
        ...

    async def drop(self, expert: Expert, reviews: Sequence[Review], grant: Grant | None, event: AuditEvent) -> None:
        """Store that an expert was dropped, what their reviews are then, and that role and code are gone."""
        ...

    async def change(self, before: Campaign, after: Campaign, event: AuditEvent) -> None:
        """Store a campaign in place of what it was before, and the event."""
        ...


class PanelStore(Protocol):
    """Panels, with their experts and reviews."""

    async def panel(self, campaign: Campaign, viewer: str | None = None) -> Panel | None:
        """The panel of a campaign; None where it has none. viewer: who alone it is read for, if anybody.

        Its terms are read last: whatever they say of who may see reviews holds for those that it has.
        """
        ...

    async def experts(self, slug: str) -> tuple[Expert, ...]:
        """All experts of a campaign, by number, without their reviews."""
        ...

    async def revision(self, slug: str) -> int:
        """A number that is another one after every change of a review of a campaign."""
        ...

    async def history(self, slug: str, expert: int | None = None) -> tuple[ReviewRevision, ...]:
        """What all reviews of a campaign, or those of an expert, have been, the earliest first."""
        ...

    async def campaign_with(self, code: str) -> str | None:
        """The slug of the campaign to which the code with this digest invites."""
        ...

    async def campaigns_of(self, viewer: str) -> tuple[str, ...]:
        """The slugs of the campaigns that a viewer, by pseudonym, is or was an expert of, in order."""
        ...

    def locked(self, slug: str) -> AbstractAsyncContextManager[LockedPanel]:
        """The panel of a campaign in one transaction. The lock is the campaign's own."""
        ...
