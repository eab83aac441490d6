"""Reminders as voters ask for them: opt-in, one of a kind in a campaign, and kept only until they are sent or cancelled."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from api.domain.campaigns.campaign import Campaign
from api.domain.people.identity import Voter
from api.domain.people.reminders import Reminder, ReminderKind, ReminderProblemCode, reminder_moment
from api.domain.texts import Language
from api.domain.voting.quota import reminder_key, reminder_owner, voter_secret
from api.ports.reminders import RecipientSeal, ReminderMessages, ReminderStore


class ReminderRequest(NamedTuple):
    """What somebody asks for. code: of `wx.login`, which tells whom to send it to. language: that of the message."""

    kind: ReminderKind
    code: str
    language: Language


class Reminders:
    """Stores reminders. new_key: makes up 26 characters that nobody guesses."""

    def __init__(
        self,
        store: ReminderStore,
        messages: ReminderMessages,
        seal: RecipientSeal,
        server_secret: bytes,
        new_key: Callable[[], str],
    ) -> None:
        self._store = store
        self._messages = messages
        self._seal = seal
        self._server_secret = server_secret
        self._new_key = new_key

    def offers(self, campaign: Campaign, now: datetime) -> Mapping[ReminderKind, tuple[str, datetime]]:
        """The reminders that can be asked for now: the ids of their templates, and when they would be sent."""
        if campaign.anonymised:
            return {}
        moments = {kind: reminder_moment(kind, campaign, now) for kind in self._messages.templates}
        return {
            kind: (self._messages.templates[kind], moment) for kind, moment in moments.items() if moment is not None
        }

    async def request(
        self, campaign: Campaign, voter: Voter, asked: ReminderRequest, now: datetime
    ) -> Reminder | ReminderProblemCode:
        """Store a reminder, in the place of the voter's of this kind. ApiError for a code that WeChat does not take."""
        if asked.kind not in self._messages.templates or campaign.anonymised:
            return ReminderProblemCode.NOT_OFFERED
        send_at = reminder_moment(asked.kind, campaign, now)
        if send_at is None:
            return ReminderProblemCode.TOO_LATE
        key, secret = self._new_key(), secret_of(self._server_secret, campaign)
        sealed = self._seal.seal(reminder_key(secret), await self._messages.recipient(asked.code), key)
        owner = reminder_owner(secret, voter.pseudonym)
        reminder = Reminder(key, campaign.slug, asked.kind, send_at, asked.language, owner, sealed)
        await self._store.add(reminder)
        return reminder

    async def of(self, campaigns: Iterable[Campaign], voter: Voter) -> tuple[Reminder, ...]:
        """The voter's reminders in these campaigns, by when they are sent."""
        owners = self._owners(campaigns, voter)
        return await self._store.of(owners) if owners else ()

    async def cancel(self, key: str, campaigns: Iterable[Campaign], voter: Voter) -> Reminder | None:
        """Delete a reminder of the voter's in one of these campaigns; None where there is none."""
        owners = self._owners(campaigns, voter)
        return await self._store.cancel(key, owners) if owners else None

    def _owners(self, campaigns: Iterable[Campaign], voter: Voter) -> list[str]:
        known = (campaign for campaign in campaigns if not campaign.anonymised)
        return [reminder_owner(secret_of(self._server_secret, each), voter.pseudonym) for each in known]


def secret_of(server_secret: bytes, campaign: Campaign) -> bytes:
    """The voter secret of a campaign that is not anonymised."""
    if not campaign.voter_salt:
        raise LookupError(f"{campaign.slug}: its voter secret is destroyed")
    return voter_secret(server_secret, campaign.slug, campaign.voter_salt)
