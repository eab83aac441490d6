"""Reminders that a voter asked for: of what, when, and what stands in the way of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from typing import assert_never

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.states import CampaignState
from api.domain.texts import Language, Text
from api.domain.voting.rules.quota import next_ballot_at
from api.domain.voting.voting_times import voting_open_from

MORNING, EVENING = time(9), time(21)  # nobody is woken by a reminder
BEFORE_CLOSE = timedelta(days=1)
LATE = timedelta(hours=1)
MAX_LATENESS = timedelta(hours=6)  # of a reminder that still helps
ONE_DAY = timedelta(days=1)


class ReminderKind(Enum):
    """What a reminder is about."""

    VOTING_OPENS = "Voting opens."
    BALLOT_AGAIN = "The next period of the quota has begun: whoever voted may vote again."
    VOTING_CLOSES = "Voting closes a day later."


class ReminderProblemCode(Enum):
    """What stood in the way of a reminder."""

    NOT_OFFERED = "This server sends no such reminders for this campaign."
    TOO_LATE = "There is nothing left to be reminded of: its moment has passed, or it does not come again."


MESSAGES: Mapping[ReminderProblemCode, Text] = {
    ReminderProblemCode.NOT_OFFERED: Text(
        "此服务器不为该评选发送这种提醒。", "This server sends no such reminders for this campaign."
    ),
    ReminderProblemCode.TOO_LATE: Text(
        "已经没有可提醒的时刻：它已过去，或不会再来。", "There is nothing left to remind you of: its moment has passed."
    ),
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that waits. owner: its voter under a name that is used here alone, another one in every campaign.

    recipient: whom WeChat sends it to, sealed (ports.reminders.RecipientSeal).
    """

    key: str
    campaign: str
    kind: ReminderKind
    send_at: datetime
    language: Language
    owner: str = field(repr=False)
    recipient: bytes = field(repr=False)


def reminder_moment(kind: ReminderKind, campaign: Campaign, now: datetime) -> datetime | None:
    """Return when a reminder that is asked for now is sent, in the campaign's zone; None when there is nothing to come."""
    if campaign.state is not CampaignState.PRESENTED or now >= campaign.window.closes_at:
        return None
    moment = _moment(kind, campaign, now)
    return None if moment is None or moment.astimezone(UTC) <= now else moment


def _moment(kind: ReminderKind, campaign: Campaign, now: datetime) -> datetime | None:
    match kind:
        case ReminderKind.VOTING_OPENS:
            return _opening(campaign, now) if now < campaign.window.opens_at else None
        case ReminderKind.BALLOT_AGAIN:
            again = next_ballot_at(campaign, now) if now >= campaign.window.opens_at else None
            return None if again is None else _opening(campaign, again)
        case ReminderKind.VOTING_CLOSES:
            return _close(campaign)
        case _:
            assert_never(kind)


def postponed(reminder: Reminder, campaign: Campaign, now: datetime) -> datetime | None:
    """Return when a reminder that is due is to be looked at again; None when it is to be sent now.

    The close may have been put off, voting may stand still, without anybody knowing for how long, and whoever sends it may come
    to it late at night.
    """
    morning = _awake(now, campaign)
    if now - reminder.send_at > LATE and morning.astimezone(UTC) > now:
        return morning
    if reminder.kind is ReminderKind.VOTING_CLOSES:
        moment = _close(campaign)
        return None if moment is None or moment.astimezone(UTC) <= now else moment
    open_from = voting_open_from(campaign, now)
    if open_from is not None and open_from.astimezone(UTC) <= now:
        return None
    return (None if open_from is None else _opening(campaign, open_from)) or now + LATE


def is_moot(reminder: Reminder, campaign: Campaign | None, now: datetime) -> bool:
    """Return whether a reminder that is due helps nobody any more, or whose it is cannot be read any more."""
    if campaign is None or campaign.anonymised or campaign.state is not CampaignState.PRESENTED:
        return True
    return now >= campaign.window.closes_at or now - reminder.send_at > MAX_LATENESS


def opening_moment(campaign: Campaign) -> datetime:
    """Return when the calendar reminds of the opening, in the campaign's zone."""
    return _awake(campaign.window.opens_at, campaign)


def closing_moment(campaign: Campaign) -> datetime:
    """Return when the calendar reminds of the close: a day before it, or where voting opens later with the opening."""
    return _close(campaign) or opening_moment(campaign)


def _opening(campaign: Campaign, start: datetime) -> datetime | None:
    """The first moment from then on at which voting is open and people are awake."""
    first = voting_open_from(campaign, start)
    return None if first is None else voting_open_from(campaign, _awake(first, campaign))


def _close(campaign: Campaign) -> datetime | None:
    """A day before the close, or later, when people are awake; None where voting opens later than that."""
    moment = campaign.calendar.closes_at - BEFORE_CLOSE
    return None if moment < campaign.calendar.opens_at else _awake(moment, campaign)


def _awake(moment: datetime, campaign: Campaign) -> datetime:
    """This moment, in the campaign's zone, or the next morning, unless voting is over by then."""
    local = campaign.calendar.local(moment)
    if MORNING <= local.time() < EVENING:
        return local
    day = local.date() if local.time() < MORNING else local.date() + ONE_DAY
    morning = datetime.combine(day, MORNING, local.tzinfo)
    return morning if morning.astimezone(UTC) < campaign.calendar.closes_at else local
