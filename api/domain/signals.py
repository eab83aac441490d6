"""What is noted about a ballot's arrival, so that bursts can be found: keyed hashes that name no voter and no address.

A key is HMAC-SHA256(voter secret, kind | voting day | what the ballots share). Without the secret nobody can try out which
address it stands for, few as IPv4 addresses are; and it is another one on every day and in every campaign, so that it ties
no ballot to one of another day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from api.domain.ballots import Ballot
from api.domain.quota import signal_key
from api.domain.suspicions import SuspicionKind, Vigilance, places


@dataclass(frozen=True, slots=True)
class Trace:
    """How a ballot arrived: from which address, and when its voter had signed in. None where that is not known."""

    address: str | None
    signed_in_at: datetime | None


class Signal(NamedTuple):
    """That a ballot shares something with every other that has the same key."""

    key: str
    kind: SuspicionKind
    campaign: str
    ballot_id: str
    cast_at: datetime


def signals(secret: bytes, ballot: Ballot, trace: Trace, vigilance: Vigilance) -> list[Signal]:
    """Every signal of a ballot that is looked for."""
    day, wanted = ballot.day.isoformat(), vigilance.thresholds
    return [
        Signal(signal_key(secret, kind.name, day, shared), kind, ballot.campaign, ballot.id, ballot.cast_at)
        for kind, shared in _shared(ballot, trace, vigilance.haste)
        if kind in wanted
    ]


def _shared(ballot: Ballot, trace: Trace, haste: timedelta) -> list[tuple[SuspicionKind, str]]:
    shared = [(SuspicionKind.EQUAL_BALLOTS, str(ballot.numbers))]
    if trace.address is not None and (found := places(trace.address)) is not None:
        shared += [(SuspicionKind.ONE_ADDRESS, found[0]), (SuspicionKind.ONE_NETWORK, found[1])]
    if trace.signed_in_at is not None and timedelta(0) <= ballot.cast_at - trace.signed_in_at < haste:
        shared.append((SuspicionKind.HASTE, ""))
    return shared
