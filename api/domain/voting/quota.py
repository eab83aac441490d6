"""Enforce how often a voter may cast, by the ids of ballots.

A ballot's id is HMAC-SHA256(voter secret, voter | period | slot), so a second ballot in the same period and slot *is*
the same row, and the primary key refuses it: on any database, under any concurrency, with no read before the write. The
row names no voter. Where votes are cast one by one, each also takes a slot of its project in the period, which is derived
and refused in the same way.

The voter secret of a campaign needs two halves, the server's secret and the salt kept with the campaign: a stolen database
lacks the first, and destroying the second after the vote is final.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import assert_never

from api.domain.campaigns.calendar import Calendar
from api.domain.mac import HmacSha256
from api.domain.voting.channels import Channel

DIGITS = b"abcdefghijklmnopqrstuvwxyz234567".ljust(256)  # of base32 (RFC 4648), in lower case
ID_LENGTH = 26  # of them


def _spreading(half: int) -> tuple[int, int, int]:
    """Of runs of twice so many groups of five bits: what stays, what moves up, and how far, so that each half has its bytes."""
    stays = sum((1 << 5 * half) - 1 << 16 * half * run for run in range(16 // half))
    return stays, stays << 5 * half, 3 * half


SPREADING = tuple(map(_spreading, (16, 8, 4, 2, 1)))


class QuotaPeriod(Enum):
    """Over which time a quota counts."""

    HOUR = "One hour of the clocks in the campaign's time zone. A new hour brings a new quota."
    DAY = "One voting day, in the campaign's time zone. A new day brings a new quota."
    CAMPAIGN = "The whole campaign. A quota that is used up stays used up."

    def key(self, calendar: Calendar, instant: datetime) -> str:
        """Name the period that holds this instant. Ids of stored ballots are made from it: it never changes."""
        match self:
            case QuotaPeriod.HOUR:
                return calendar.hour_of(instant)
            case QuotaPeriod.DAY:
                return calendar.day_of(instant).isoformat()
            case QuotaPeriod.CAMPAIGN:
                return "campaign"
            case _:
                assert_never(self)

    def keys(self, calendar: Calendar) -> tuple[str, ...]:
        """Name every period of the campaign, in order."""
        match self:
            case QuotaPeriod.HOUR:
                return calendar.hours
            case QuotaPeriod.DAY:
                return tuple(day.isoformat() for day in calendar.days)
            case QuotaPeriod.CAMPAIGN:
                return ("campaign",)
            case _:
                assert_never(self)

    def next_begins(self, calendar: Calendar, now: datetime) -> datetime | None:
        """When the period after the current one begins; None when voting ends before that."""
        match self:
            case QuotaPeriod.HOUR:
                return calendar.next_hour_begins(now)
            case QuotaPeriod.DAY:
                return calendar.next_day_begins(now)
            case QuotaPeriod.CAMPAIGN:
                return None
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `limit` ballots per voter and period; limit >= 1. per_channel: so many by each channel."""

    limit: int
    period: QuotaPeriod
    per_channel: bool = False

    def period_key(self, calendar: Calendar, instant: datetime, channel: Channel) -> str:
        """Name the period that holds this instant, for a ballot that comes by this channel."""
        key = self.period.key(calendar, instant)
        return f"{key} {channel.name}" if self.per_channel else key

    def period_keys(self, calendar: Calendar) -> tuple[str, ...]:
        """Name every period of a campaign, of each channel where that makes a difference."""
        keys = self.period.keys(calendar)
        return tuple(f"{key} {channel.name}" for key in keys for channel in Channel) if self.per_channel else keys


@lru_cache(maxsize=64)
def voter_secret(server_secret: bytes, campaign: str, salt: str) -> bytes:
    """The key that turns voters into ballot ids, different in every campaign."""
    return _hmac(server_secret, "voter-secret", campaign, salt)


def ballot_ids(secret: bytes, voter: str, period: str, slots: Iterable[int]) -> tuple[str, ...]:
    """The ids of the ballots that this voter may cast in a period, by its key, in these slots of the quota."""
    return tuple([_name(secret, "ballot", voter, period, str(slot)) for slot in slots])


def vote_ids(secret: bytes, voter: str, period: str, position: int, slots: Iterable[int]) -> tuple[str, ...]:
    """What is stored of the votes that this voter may cast in a period for the project with this position."""
    return tuple([_name(secret, "vote", voter, period, str(position), str(slot)) for slot in slots])


def retry_tag(secret: bytes, voter: str, key: str) -> str:
    """What is stored of an idempotency key: it finds the voter's ballot again and tells nobody anything else."""
    return _name(secret, "retry", voter, key)


def signal_key(secret: bytes, kind: str, day: str, shared: str) -> str:
    """What is stored of something that ballots of a day share: equal for equal things, and not to be guessed from."""
    return _name(secret, "signal", kind, day, shared)


def trail_name(secret: bytes, voter: str) -> str:
    """The name under which a person appears in the trail: another one for every campaign's voter secret."""
    return _name(secret, "trail", voter)


def reminder_owner(secret: bytes, voter: str) -> str:
    """The name under which a voter's reminders are stored: another one for every campaign's voter secret, and no ballot's."""
    return _name(secret, "reminder", voter)


def reminder_key(secret: bytes) -> bytes:
    """The key that the recipients of a campaign's reminders are encrypted with: it is gone with the voter secret."""
    return _hmac(secret, "recipients of reminders")


def pseudonym(server_secret: bytes, provider: str, subject: str) -> str:
    """The name under which a person is known here: the same at every sign-in, and not reversible."""
    return _name(server_secret, "voter", provider, subject)


def sign_in_key(server_secret: bytes, zone: str, day: str, voter: str) -> str:
    """What is stored of a sign-in until its day is over: equal for one person's, and another one on every day."""
    return _name(server_secret, "sign-in", zone, day, voter)


def _hmac(key: bytes, *parts: str) -> bytes:
    return keyed(key).digest("\x00".join(parts).encode())


keyed = lru_cache(maxsize=64)(HmacSha256)  # services.snapshots clears it, as it does voter_secret


def _name(key: bytes, *parts: str) -> str:
    """The first 130 bits in base32, as base64.b32encode has them but in a fraction of the time: all move to bytes at once."""
    bits = int.from_bytes(_hmac(key, *parts)[:17], "big") >> 6
    for stays, moves, far in SPREADING:
        bits = bits & stays | (bits & moves) << far
    return bits.to_bytes(ID_LENGTH, "big").translate(DIGITS).decode()
