"""What is noted about how a ballot arrived, so that bursts can be found: keyed hashes that name no voter and no address.

A key is HMAC-SHA256(voter secret, kind | voting day | what the ballots share). Without the secret nobody can try out which
address it stands for, few as IPv4 addresses are; and it is another one on every day and in every campaign, so that it ties
no ballot to one of another day.
"""

from collections import OrderedDict
from datetime import date, datetime
from typing import NamedTuple

from api.domain.integrity.suspicions import DetectionConfig, SuspicionKind
from api.domain.value_classes import value
from api.domain.voting.ballots import Ballot
from api.domain.voting.quota import signal_key

EQUAL_BALLOTS, ONE_ADDRESS, ONE_NETWORK, HASTE = SuspicionKind  # an enum's attribute takes five times as long to read


@value
class BallotOrigin:
    """Where a ballot came from: the prefixes of its address (addresses.network_prefixes) and when its voter had signed in.

    In seconds since 1970. None where that is not known.
    """

    prefixes: tuple[str, str] | None
    signed_in_at: int | None


class SharedTrait(NamedTuple):
    """What a ballot may have in common with others of its day: value is the same for all that do."""

    kind: SuspicionKind
    campaign: str
    day: date
    value: tuple[int, ...] | str


class Arrival(NamedTuple):
    """A ballot, and when it was cast."""

    ballot_id: str
    cast_at: datetime


class Signal(NamedTuple):
    """A trait of a ballot as it is stored: every ballot with the same trait has the same key."""

    key: str
    kind: SuspicionKind
    campaign: str
    ballot_id: str
    cast_at: datetime


def shared_traits(ballot: Ballot, origin: BallotOrigin, detection: DetectionConfig) -> list[SharedTrait]:
    """The traits of a ballot that are looked for."""
    values: dict[SuspicionKind, tuple[int, ...] | str] = {EQUAL_BALLOTS: ballot.positions}
    if origin.prefixes is not None:
        values[ONE_ADDRESS], values[ONE_NETWORK] = origin.prefixes
    since = origin.signed_in_at
    if since is not None and 0 <= ballot.cast_at.timestamp() - since < detection.min_seconds:
        values[HASTE] = ""
    campaign, day = ballot.campaign, ballot.day
    return [SharedTrait(kind, campaign, day, values[kind]) for kind in detection.thresholds if kind in values]


def signal(secret: bytes, trait: SharedTrait, arrival: Arrival) -> Signal:
    """The signal of a trait, under a key from which nobody without the secret can tell the trait."""
    key = signal_key(secret, trait.kind.name, trait.day.isoformat(), str(trait.value))
    return Signal(key, trait.kind, trait.campaign, *arrival)


class FirstSeenCache:
    """Holds back the first ballot with a trait until there is a second, since most traits have only one and are not stored.

    It remembers the first arrival of each trait; beyond max_traits the oldest is forgotten.
    """

    def __init__(self, max_traits: int) -> None:
        self._max_traits = max_traits
        self._first: OrderedDict[SharedTrait, Arrival | None] = OrderedDict()  # None: it has been returned

    def add(self, trait: SharedTrait, arrival: Arrival) -> tuple[Arrival, ...]:
        """The arrivals to store now: none for the first with a trait, both for the second, then each as it comes."""
        first = self._first.setdefault(trait, arrival)
        if first is arrival:
            if len(self._first) > self._max_traits:
                self._first.popitem(last=False)
            return ()
        self._first[trait] = None
        return (arrival,) if first is None else (first, arrival)
