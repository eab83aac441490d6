"""What the services ask of storage and identity about people, and of collation for them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypeVar

from api.domain.audit_trail import AuditEvent, RecordedEvent, TrailFilter
from api.domain.people.access import AccessGrants, Grant
from api.domain.people.identity import ExternalIdentity, Session, SignInMethod, Voter
from api.domain.texts import Language, LocalizedText

Credential_contra = TypeVar("Credential_contra", contravariant=True)


class Collation(Protocol):
    """The order in which readers of a language expect texts."""

    @property
    def language(self) -> Language:
        """Whose order it is."""
        ...

    def key(self, text: LocalizedText) -> bytes:
        """Return the place of a text among others."""
        ...


class AccessStore(Protocol):
    """Roles that were granted, and sessions that were revoked. A change and its event are stored both, or neither."""

    async def access(self) -> AccessGrants:
        """All grants and revocations, from one moment."""
        ...

    async def last_revocation(self) -> int:
        """The number of the last revocation there is now, 0 before the first. Raises ApiError OVERLOADED."""
        ...

    async def grant(self, grant: Grant, event: AuditEvent) -> bool:
        """Give a role; False, and no event, when the viewer has it already."""
        ...

    async def withdraw(self, grant: Grant, event: AuditEvent) -> bool:
        """Take exactly this grant away; False, and no event, when there is none."""
        ...

    async def revoke(self, viewer: str | None, event: AuditEvent) -> None:
        """End every session there is, of a viewer or, for None, of everybody."""
        ...


class AuditTrail(Protocol):
    """The record of what happened, which nobody can change."""

    def note(self, event: AuditEvent) -> None:
        """Have an event written soon. Never waits and never fails; a flood is counted rather than written in full."""
        ...

    async def events(
        self, trail_filter: TrailFilter, limit: int, before: int | None = None
    ) -> tuple[RecordedEvent, ...]:
        """At most so many events that pass the filter, the newest first, with numbers below `before`."""
        ...

    async def count(self, trail_filter: TrailFilter) -> int:
        """How many events pass the filter."""
        ...


class IdentityProvider(Protocol[Credential_contra]):
    """A way to sign in, named like its field of the GraphQL input `Credential`."""

    name: str

    @property
    def methods(self) -> Sequence[SignInMethod]:
        """What a front-end may offer people here; none while this way is closed."""
        ...

    async def authenticate(self, credential: Credential_contra, now: datetime) -> ExternalIdentity:
        """Who this credential stands for. Raises ApiError: it is wrong, the provider is out of reach, or this way is closed.

        The same person has the same realm and subject every time. No error, log or answer holds them.
        """
        ...


class Tokens(Protocol):
    """The tokens that prove a session."""

    def issue(self, voter: Voter, provider: str, now: datetime) -> Session:
        """A session for this voter, with a token that verify accepts until it expires."""
        ...

    def verify(self, token: str, now: datetime) -> Voter:
        """Who a token stands for. Raises ApiError UNAUTHENTICATED with the reason when it is not ours or has expired."""
        ...


class SignIn(NamedTuple):
    """That somebody signed in on a day of a zone: the same key for one person, and another one on every day."""

    zone: str
    day: date
    key: str


class SignInDays(Protocol):
    """How many people signed in on each day. Who they were is forgotten once the day is over."""

    def note(self, sign_ins: Sequence[SignIn]) -> None:
        """Have these counted soon, each once. Never waits and never fails; a flood is counted in part."""
        ...

    async def count(self, zone: str, day: date) -> int:
        """How many people have signed in on this day of the zone, as far as that is stored."""
        ...


class RateLimitUsage(Protocol):
    """What callers have used of their limits, at all processes together. Deleted soon, and kept under keys that name nobody."""

    async def add(self, usage: Mapping[str, int], period: int) -> Mapping[str, int]:
        """Add to the usage of each key in this period; return the sums of all processes. Delete earlier periods."""
        ...
