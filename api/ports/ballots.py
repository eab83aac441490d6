"""What the services ask of storage about ballots and what is counted of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from api.domain.campaigns.campaign import Campaign
from api.domain.deferred import Deferred
from api.domain.integrity.rulings import Ruling, RulingKind, Verdict
from api.domain.integrity.signals import Signal
from api.domain.integrity.suspicions import Suspicion, SuspicionKind
from api.domain.results.report import Recounted
from api.domain.results.tallies import Counts
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot

Credential_contra = TypeVar("Credential_contra", contravariant=True)


class BallotBox(Protocol):
    """Stores ballots. A ballot that it returns is stored durably, and counted in the tallies."""

    def admit(self, admission: Admission) -> Deferred[AdmissionResult | None]:
        """Store a ballot under the first free of its ids, take a free one of its vote ids, and count it: all or nothing.

        The result is the stored ballot as new; an earlier one, not new and whatever it names, when its retry tag or one of its
        other tags is known; None when no id or no vote id is free. It is ApiError OVERLOADED when what it was judged by has
        changed. Whoever stops waiting changes nothing.
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


class BallotRecords(Protocol):
    """What the stored ballots say of themselves."""

    async def minutes(self, slug: str) -> Mapping[datetime, int]:
        """How many ballots that count were cast in each minute, in UTC; those without any are left out."""
        ...

    async def electors(self, slug: str) -> int | None:
        """How many people are on the campaign's list of voters; None where there is no list."""
        ...

    async def recount(self, campaign: Campaign) -> Recounted:
        """What counting every ballot anew comes to. It takes as long as there are many."""
        ...
