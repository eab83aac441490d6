"""What the services ask of storage, identity and collation, so that none of these is known to the others.

Storage and the tests' in-memory stand-ins keep these promises; every identity provider is one IdentityProvider.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from api.domain.audit_trail import AuditEvent, RecordedEvent, TrailFilter
from api.domain.campaigns.campaign import Campaign, Directory, VoidedVotes
from api.domain.campaigns.problems import FormErrors
from api.domain.campaigns.projects import District
from api.domain.images import ImageFile
from api.domain.integrity.rulings import Ruling, RulingKind, Verdict
from api.domain.integrity.signals import Signal
from api.domain.integrity.suspicions import Suspicion, SuspicionKind
from api.domain.people.access import AccessGrants, Grant
from api.domain.people.identity import ExternalIdentity, Session, SignInMethod, Voter
from api.domain.results.tallies import Counts
from api.domain.texts import Language, LocalizedText
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot

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


class BallotBox(Protocol):
    """Stores ballots. A ballot that it returns is stored durably, and counted in the tallies."""

    async def admit(self, admission: Admission) -> AdmissionResult | None:
        """Store a ballot under the first free of its ids, take a free one of its vote ids, and count it: all or nothing.

        Returns the stored ballot as new; an earlier one, not new and whatever it names, when its retry tag or one of its other
        tags is known; None when no id or no vote id is free. Raises ApiError OVERLOADED when what it was judged by has changed.
        """
        ...

    async def find(self, ids: Sequence[str]) -> tuple[Ballot, ...]:
        """The ballots among these ids that exist, in the order of the ids."""
        ...

    async def find_retried(self, *retry_tags: str) -> Ballot | None:
        """The ballot that was stored with the first of these retry tags that has one."""
        ...


class Electors(Protocol):
    """The lists of voters of those campaigns in which only who is listed may vote."""

    async def listed(self, campaign: str, viewer: str) -> bool:
        """Whether this viewer, by pseudonym, is on the campaign's list."""
        ...


class Rulings(Protocol):
    """The rulings of organizers and staff on ballots."""

    async def rule(self, campaign: str, ids: Sequence[str], ruling: Ruling) -> Verdict:
        """Make a ruling on each of these ballots that is open to it, move the count, and record it: all durably, or nothing.

        At most a few hundred ids at once. Two rulings at once on one ballot are made one after the other.
        """
        ...


class Signals(Protocol):
    """What was noted about how ballots arrived, and the suspicions that rest on it."""

    def note(self, signals: Sequence[Signal]) -> None:
        """Have signals written soon. Never waits and never fails; those for which there is no room are dropped."""
        ...

    async def suspicions(
        self, campaign: str, kinds: Sequence[SuspicionKind], limit: int, before: int | None = None
    ) -> tuple[Suspicion, ...]:
        """At most so many suspicions of these kinds, the newest first, with numbers below `before`; no kinds mean all."""
        ...

    async def count(self, campaign: str, kinds: Sequence[SuspicionKind]) -> int:
        """How many suspicions of these kinds there are; no kinds mean all."""
        ...

    async def suspicion(self, campaign: str, key: str) -> Suspicion | None:
        """The suspicion with this key; None when there is none, or it is no longer kept."""
        ...

    async def ballot_ids(self, suspicion: Suspicion, ruling: RulingKind | None, limit: int) -> tuple[str, ...]:
        """The ids of its first ballots by time, of those alone on which this ruling can be made; None means all."""
        ...


class Tallies(Protocol):
    """The counts of ballots and votes."""

    async def counts(self) -> Mapping[str, Counts]:
        """The counts of every campaign with ballots, by slug, all from one moment."""
        ...

    async def counts_until(self, campaign: str, moment: datetime) -> Counts:
        """The counts of a campaign's ballots that were cast before a moment that has passed, as they stood on record then.

        Once they have been asked for they are the same in every process, for a day at least.
        """
        ...


class OrderStore(Protocol):
    """The orders of results that cursors refer to."""

    async def keep(self, key: str, places: bytes, now: int) -> None:
        """Store an order under this key, durably, for a day at least; now: seconds since 1970. Orders of old are deleted."""
        ...

    async def find(self, key: str) -> bytes | None:
        """The order under this key."""
        ...


class ImageStore(Protocol):
    """Images that were uploaded, each under a name that never stands for another."""

    async def keep(self, image: ImageFile, campaign: str, max_megabytes: int, event: AuditEvent) -> None:
        """Store one and the event, both or neither. Raises ApiError QUERY_TOO_LARGE when the campaign's are more."""
        ...

    async def find(self, name: str) -> ImageFile | None:
        """The image of this name."""
        ...


class Campaigns(Protocol):
    """Campaigns, with their projects and districts."""

    async def revisions(self) -> Mapping[str, int]:
        """Every campaign's slug with a number that grows whenever the campaign changes."""
        ...

    async def directory(self) -> Directory:
        """All campaigns with their projects, and all districts."""
        ...

    async def campaign(self, slug: str) -> Campaign | None:
        """The campaign with this slug."""
        ...

    async def districts(self) -> Mapping[str, District]:
        """All districts of the shared gazetteer, by code."""
        ...

    async def has_ballots(self, slug: str) -> bool:
        """Whether a ballot is stored in the campaign with this slug, counted, held or voided."""
        ...

    async def save(self, campaign: Campaign, districts: Sequence[District], event: AuditEvent) -> None:
        """Store a campaign and the event, both or neither. It replaces what has its slug, whose voter salt stays."""
        ...

    async def electors(self, slug: str) -> frozenset[str]:
        """The campaign's list of voters, by pseudonym."""
        ...

    async def set_electors(self, slug: str, viewers: Collection[str]) -> None:
        """Replace the campaign's list of voters by these viewers, by pseudonym. It takes as long as the list is."""
        ...

    async def create(self, campaign: Campaign, grant: Grant, event: AuditEvent) -> None:
        """Store a campaign whose slug none has, a role in it, and the event, all or nothing."""
        ...

    async def change(self, before: Campaign, after: Campaign, event: AuditEvent) -> None:
        """Store a campaign in place of what it was before, and the event, both or neither.

        Raises LookupError when what is stored has another revision.
        """
        ...

    async def void_votes(self, before: Campaign, voided: VoidedVotes) -> int:
        """Take the votes for a project of some time out of the count; return how many had counted. Only when locked."""
        ...

    def locked(self, slug: str) -> AbstractAsyncContextManager["Campaigns"]:
        """The same campaigns in one transaction, while nobody loads another and no ballot is stored in the one of this slug."""
        ...


class CampaignForms(Protocol):
    """Campaigns as trees of plain values, with the keys that campaign files have."""

    def tree(self, campaign: Campaign) -> dict[str, Any]:
        """What an organizer would have to send for this campaign to be made, its projects included."""
        ...

    def read(self, tree: Mapping[str, Any], districts: Mapping[str, District], *, draft: bool) -> Campaign | FormErrors:
        """Make the campaign, or find everything that is wrong. draft: whether it may still lack projects and stages."""
        ...


class VoterSalts(Protocol):
    """The halves of the voter secrets that are stored with the campaigns (domain.voting.quota)."""

    async def destroy(self, campaign: str, event: AuditEvent) -> bool:
        """Delete a campaign's salt and all signals of its ballots, and store the event, all or nothing.

        Returns False, and stores no event, when there is no salt any more.
        """
        ...

    async def scrub(self) -> None:
        """Remove deleted salts from the files of the storage. May be repeated. Raises OperatorError when it cannot be done."""
        ...

    @property
    def leftovers(self) -> str:
        """Where a destroyed salt may still be found, out of this program's reach, in words for the operator."""
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


class RateLimitUsage(Protocol):
    """What callers have used of their limits, at all processes together. Deleted soon, and kept under keys that name nobody."""

    async def add(self, usage: Mapping[str, int], period: int) -> Mapping[str, int]:
        """Add to the usage of each key in this period; return the sums of all processes. Delete earlier periods."""
        ...
