"""Count how many people sign in on each day, so that ballots of voters who never signed in stand out in the ballot log."""

from collections.abc import Callable
from datetime import datetime

from api.domain.voting.quota import sign_in_key
from api.ports import SignIn, SignInDays
from api.services.snapshots import Snapshot


class SignInCounting:
    """Notes sign-ins while voting is yet to end in some campaign that is published; at no other time is anything noted.

    newest: the newest snapshot, drafts included; None before there is one, when nothing is noted either.
    """

    def __init__(self, days: SignInDays, server_secret: bytes, newest: Callable[[], Snapshot | None]) -> None:
        self._days = days
        self._server_secret = server_secret
        self._newest = newest

    def note(self, voter: str, now: datetime) -> None:
        """Note that the voter with this pseudonym has signed in, once in each time zone. Never waits and never fails."""
        newest = self._newest()
        if newest is None:
            return
        directory = newest.directory
        campaigns = (c for slug, c in directory.campaigns.items() if slug not in directory.drafts)
        calendars = {c.time_zone: c.calendar for c in campaigns if now < c.window.closes_at}
        days = {zone: calendar.day_of(now) for zone, calendar in calendars.items()}
        keys = {zone: sign_in_key(self._server_secret, zone, day.isoformat(), voter) for zone, day in days.items()}
        self._days.note([SignIn(zone, day, keys[zone]) for zone, day in days.items()])
