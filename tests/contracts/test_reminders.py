"""Is a reminder sent once, by one process, to whoever asked for it, and is nothing of it left afterwards?"""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.clock import system_clock
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.people.identity import Voter
from api.domain.people.reminders import Reminder, ReminderKind, ReminderProblemCode
from api.domain.texts import Language
from api.domain.voting.quota import pseudonym
from api.identity.recipients import AesGcmSeal
from api.ports.reminders import Lease, SendOutcome
from api.services.random_keys import random_key
from api.services.reminder_sender import RETRY_INTERVAL, ReminderSender
from api.services.reminders import ReminderRequest, Reminders
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.erasure import SqlVoterSalts
from api.storage.reminders import SqlReminders
from tests.campaigns import DURING, LOADED, SLUG, a_campaign, at

CAMPAIGN = a_campaign()
SECRET = b"server secret"
OPENING, AGAIN, CLOSING = ReminderKind
TOMORROW, LAST_NOON = at("2017-03-26 09:00"), at("2017-03-30 12:00")
LIN, WANG = (Voter(pseudonym(SECRET, "wechat/mini", f"openid-of-{name}")) for name in ("lin", "wang"))


@dataclass
class Messages:
    """ports.reminders.ReminderMessages: takes every message, but for what is to go wrong next. A code is `code-of-NAME`."""

    outcomes: deque[SendOutcome] = field(default_factory=deque)
    sent: list[tuple[ReminderKind, str]] = field(default_factory=list)
    templates: Mapping[ReminderKind, str] = field(default_factory=lambda: {AGAIN: "again", CLOSING: "closing"})

    async def recipient(self, code: str) -> str:
        return code.replace("code", "openid")

    async def send(self, reminder: Reminder, recipient: str, campaign: Campaign) -> SendOutcome:
        outcome = self.outcomes.popleft() if self.outcomes else SendOutcome.SENT
        if outcome is SendOutcome.SENT:
            self.sent.append((reminder.kind, recipient))
        return outcome


class World:
    """A database with a campaign, what is sent from it, and clocks that stand until they are moved."""

    def __init__(self, database: Database) -> None:
        self.database, self.store, self.messages = database, SqlReminders(database), Messages()
        self.now, self.time, self.campaign = DURING, system_clock(), CAMPAIGN
        self.reminders = Reminders(self.store, self.messages, AesGcmSeal(), SECRET, random_key)

    async def _directory(self, now: datetime) -> Directory:
        return Directory({SLUG: self.campaign}, {})

    def process(self, name: str = "one") -> ReminderSender:
        clocks = lambda: self.now, lambda: self.time
        return ReminderSender(self.store, self.messages, AesGcmSeal(), SECRET, self._directory, *clocks, name)

    async def ask(self, voter: Voter, kind: ReminderKind, name: str) -> Reminder | ReminderProblemCode:
        request = ReminderRequest(kind, f"code-of-{name}", Language.ZH)
        return await self.reminders.request(self.campaign, voter, request, self.now)

    async def rows(self) -> list[dict[str, Any]]:
        return await self.database.rows("select * from reminders")


@pytest.fixture
async def world(database: Database) -> World:
    await SqlCampaigns(database).save(CAMPAIGN, CAMPAIGN.districts, LOADED)
    return World(database)


async def test_of_many_processes_one_sends_a_reminder_once_it_is_due_and_deletes_it(world: World) -> None:
    for voter, name in ((LIN, "lin"), (WANG, "wang")):
        await world.ask(voter, AGAIN, name)
    await world.ask(LIN, CLOSING, "lin")
    senders = [world.process(str(number)) for number in range(4)]
    assert await senders[0].send_due() == 0
    world.now = TOMORROW
    await asyncio.gather(*(sender.send_due() for sender in senders))
    assert sorted(world.messages.sent) == [(AGAIN, "openid-of-lin"), (AGAIN, "openid-of-wang")]
    assert [row["kind"] for row in await world.rows()] == ["VOTING_CLOSES"]


async def test_one_of_a_kind_waits_and_the_last_one_asked_for_is_it(world: World) -> None:
    first = await world.ask(LIN, AGAIN, "lin")
    again = await world.ask(LIN, AGAIN, "lins-other-phone")
    assert isinstance(first, Reminder)
    assert [each.key for each in await world.reminders.of([CAMPAIGN], LIN)] == [getattr(again, "key", None)]
    assert await world.reminders.cancel(first.key, [CAMPAIGN], LIN) is None
    world.now = TOMORROW
    await world.process().send_due()
    assert world.messages.sent == [(AGAIN, "openid-of-lins-other-phone")]


async def test_nobody_sees_or_cancels_anothers(world: World) -> None:
    reminder = await world.ask(LIN, AGAIN, "lin")
    assert isinstance(reminder, Reminder)
    assert await world.reminders.of([CAMPAIGN], WANG) == ()
    assert await world.reminders.cancel(reminder.key, [CAMPAIGN], WANG) is None
    assert len(await world.rows()) == 1
    assert await world.reminders.cancel(reminder.key, [CAMPAIGN], LIN) == replace(
        reminder, send_at=reminder.send_at.astimezone(tz=None)
    )
    assert await world.rows() == []


async def test_what_is_not_offered_or_too_late_stores_nothing(world: World) -> None:
    assert await world.ask(LIN, OPENING, "lin") is ReminderProblemCode.NOT_OFFERED
    world.now = LAST_NOON
    assert await world.ask(LIN, CLOSING, "lin") is ReminderProblemCode.TOO_LATE
    world.campaign = replace(CAMPAIGN, voter_salt=None)
    assert await world.ask(LIN, CLOSING, "lin") is ReminderProblemCode.NOT_OFFERED
    assert world.reminders.offers(world.campaign, DURING) == {}
    assert await world.rows() == []


async def test_a_stolen_database_tells_neither_who_asked_nor_to_whom_it_goes(world: World) -> None:
    await world.ask(LIN, AGAIN, "lin")
    [row] = await world.rows()
    known = (LIN.pseudonym, "openid-of-lin", "code-of-lin")
    stored = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row.values())
    assert not [name for name in known if name.encode() in stored]
    sealed = bytes(row["recipient"])
    for key in (b"\x00" * 32, b"salt".ljust(32), SECRET.ljust(32)):
        assert AesGcmSeal().open(key, sealed, row["key"]) is None
    other = a_campaign(slug="other", voter_salt="salt")
    assert row["owner"] not in {each.owner for each in await world.reminders.of([other], LIN)}


async def test_a_recipient_that_was_moved_to_another_reminder_gets_nothing(world: World) -> None:
    await world.ask(LIN, AGAIN, "lin")
    moved = bytes((await world.rows())[0]["recipient"])
    await world.ask(WANG, AGAIN, "wang")
    await world.database.rows("update reminders set recipient = $1", moved)
    world.now = TOMORROW
    await world.process().send_due()
    assert world.messages.sent == [(AGAIN, "openid-of-lin")]
    assert await world.rows() == []


async def test_whoever_refuses_is_not_asked_again_and_a_busy_wechat_is_later(world: World) -> None:
    world.messages.outcomes.extend([SendOutcome.REFUSED])
    await world.ask(LIN, AGAIN, "lin")
    world.now = TOMORROW
    await world.process().send_due()
    assert (world.messages.sent, await world.rows()) == ([], [])
    world.now = DURING
    await world.ask(LIN, AGAIN, "lin")
    world.messages.outcomes.extend([SendOutcome.LATER])
    world.now = TOMORROW
    assert [await world.process(name).send_due() for name in ("one", "two")] == [1, 0]
    world.time += RETRY_INTERVAL
    assert await world.process("two").send_due() == 1
    assert world.messages.sent == [(AGAIN, "openid-of-lin")]


async def test_what_could_not_be_sent_while_it_helped_is_deleted_also_where_reminders_were_turned_off(
    world: World,
) -> None:
    await world.ask(LIN, AGAIN, "lin")
    world.now, world.messages.templates = TOMORROW + timedelta(hours=6), {}
    await world.process().send_due()
    assert len(await world.rows()) == 1
    world.now += timedelta(seconds=1)
    await world.process().send_due()
    assert (world.messages.sent, await world.rows()) == ([], [])


async def test_a_close_that_was_put_off_puts_its_reminder_off(world: World) -> None:
    await world.ask(LIN, CLOSING, "lin")
    window = replace(CAMPAIGN.window, closes_at=at("2017-04-02 12:00"))
    world.now, world.campaign = LAST_NOON, replace(CAMPAIGN, window=window)
    assert await world.process().send_due() == 1
    assert world.messages.sent == []
    world.now = at("2017-04-01 12:00")
    assert await world.process().send_due() == 1
    assert world.messages.sent == [(CLOSING, "openid-of-lin")]


async def test_a_process_that_died_is_followed_by_another_and_one_that_stood_still_deletes_nothing(
    world: World,
) -> None:
    await world.ask(LIN, AGAIN, "lin")
    world.now = TOMORROW
    lease = Lease(world.time, world.time + timedelta(minutes=10))
    claimed = await world.store.claim("dead", TOMORROW, lease, 10)
    assert [each.kind for each in claimed] == [AGAIN]
    assert await world.process("two").send_due() == 0
    world.time = lease.until
    assert await world.process("two").send_due() == 1
    world.now = DURING
    await world.ask(LIN, AGAIN, "lin")
    await world.store.finish(claimed[0].key, "dead")
    assert len(await world.rows()) == 1


async def test_destroying_the_voter_secret_deletes_them(world: World) -> None:
    await world.ask(LIN, CLOSING, "lin")
    await SqlVoterSalts(world.database).destroy(SLUG, AuditEvent(DURING, TrailKind.CAMPAIGN_FORGOTTEN, SLUG))
    assert await world.rows() == []
