"""What is noted about a ballot's arrival, so that bursts can be found: keyed hashes that name no voter and no address.

A key is HMAC-SHA256(voter secret, kind | voting day | what the ballots share). Without the secret nobody can try out which
address it stands for, few as IPv4 addresses are; and it is another one on every day and in every campaign, so that it ties
no ballot to one of another day.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from api.domain.integrity.suspicions import DetectionConfig, SuspicionKind
from api.domain.voting.ballots import Ballot
from api.domain.voting.quota import signal_key


@dataclass(frozen=True, slots=True)
class BallotOrigin:
    """How a ballot arrived: the prefixes of its address (addresses.network_prefixes) and when its voter had signed in.

    None where that is not known.
    """

    prefixes: tuple[str, str] | None
    signed_in_at: datetime | None


class SharedTrait(NamedTuple):
    """What a ballot has in common with every other of which this is true on that day."""

    kind: SuspicionKind
    campaign: str
    day: date
    shared: tuple[int, ...] | str


class Arrival(NamedTuple):
    """A ballot, and when it was cast."""

    ballot_id: str
    cast_at: datetime


class Signal(NamedTuple):
    """That a ballot shares something with every other that has the same key."""

    key: str
    kind: SuspicionKind
    campaign: str
    ballot_id: str
    cast_at: datetime


def shared_traits(ballot: Ballot, origin: BallotOrigin, detection: DetectionConfig) -> list[SharedTrait]:
    """Everything that is looked for and that this ballot may have in common with others."""
    wanted = detection.thresholds
    return [
        SharedTrait(kind, ballot.campaign, ballot.day, shared)
        for kind, shared in _shared(ballot, origin, detection.haste)
        if kind in wanted
    ]


def signal(secret: bytes, clue: SharedTrait, arrival: Arrival) -> Signal:
    """A clue that is worth keeping, with nothing in it that it could be undone to."""
    key = signal_key(secret, clue.kind.name, clue.day.isoformat(), str(clue.shared))
    return Signal(key, clue.kind, clue.campaign, *arrival)


class FirstSeenCache:
    """Tells ballots that share something with another from those that stand alone, which are most, and which nobody keeps.

    It remembers the first arrival of so many clues; the oldest make room for the newest.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._first: OrderedDict[SharedTrait, Arrival | None] = OrderedDict()  # None: it has been handed out

    def join(self, clue: SharedTrait, arrival: Arrival) -> tuple[Arrival, ...]:
        """The arrivals to keep now: none of a first one, both with the second, and then each as it comes."""
        first = self._first.setdefault(clue, arrival)
        if first is arrival:
            if len(self._first) > self._most:
                self._first.popitem(last=False)
            return ()
        self._first[clue] = None
        return (arrival,) if first is None else (first, arrival)


def _shared(
    ballot: Ballot, origin: BallotOrigin, haste: timedelta
) -> list[tuple[SuspicionKind, tuple[int, ...] | str]]:
    shared: list[tuple[SuspicionKind, tuple[int, ...] | str]] = [(SuspicionKind.EQUAL_BALLOTS, ballot.numbers)]
    if origin.prefixes is not None:
        address, network = origin.prefixes
        shared += [(SuspicionKind.ONE_ADDRESS, address), (SuspicionKind.ONE_NETWORK, network)]
    if origin.signed_in_at is not None and timedelta(0) <= ballot.cast_at - origin.signed_in_at < haste:
        shared.append((SuspicionKind.HASTE, ""))
    return shared
