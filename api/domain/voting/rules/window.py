"""When voting is open at all, and the pauses in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from api.domain.campaigns.states import CampaignState
from api.domain.instants import spelled, zone_of
from api.domain.texts import LocalizedText, Text, localized
from api.domain.voting.rules.base import INPUT, JudgedBallot, Rule, RuledCampaign, Violation, unstopped

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class VotingNotOpen(Violation):
    """A ballot before the window."""

    opens_at: datetime
    code: ClassVar = "VOTING_NOT_OPEN"
    rule: ClassVar = "VOTING_WINDOW"
    path: ClassVar = INPUT

    @property
    def message(self) -> Text:
        at = spelled(self.opens_at)
        return Text("投票尚未开始，{at}开放。", "Voting has not opened yet; it opens at {at}.", at=at)

    @classmethod
    def example(cls) -> "VotingNotOpen":
        return cls(datetime(2017, 3, 22, tzinfo=SHANGHAI))


@dataclass(frozen=True, slots=True)
class VotingClosed(Violation):
    """A ballot after the window."""

    closed_at: datetime
    code: ClassVar = "VOTING_CLOSED"
    rule: ClassVar = "VOTING_WINDOW"
    path: ClassVar = INPUT

    @property
    def message(self) -> Text:
        at = spelled(self.closed_at)
        return Text("投票已于{at}结束。", "Voting closed at {at}.", at=at)

    @classmethod
    def example(cls) -> "VotingClosed":
        return cls(datetime(2017, 3, 31, 12, tzinfo=SHANGHAI))


@dataclass(frozen=True, slots=True)
class VotingPaused(Violation):
    """A ballot in a pause; until: None when nobody has said when voting goes on."""

    since: datetime
    until: datetime | None
    reason: LocalizedText
    code: ClassVar = "VOTING_PAUSED"
    rule: ClassVar = "VOTING_WINDOW"
    path: ClassVar = INPUT

    @property
    def message(self) -> Text:
        since, reason = spelled(self.since), unstopped(self.reason)
        if self.until is None:
            return Text(
                "投票已于{since}暂停：{reason}。恢复时间另行通知。",
                "Voting has been paused since {since}: {reason}. When it goes on will be announced.",
                since=since,
                reason=reason,
            )
        until = spelled(self.until)
        return Text(
            "投票已于{since}暂停：{reason}。{until}恢复。",
            "Voting has been paused since {since}: {reason}. It goes on at {until}.",
            since=since,
            reason=reason,
            until=until,
        )

    @classmethod
    def example(cls) -> "VotingPaused":
        reason = localized(zh="核查异常选票", en="unusual ballots are being looked into")
        return cls(datetime(2017, 3, 25, 9, 30, tzinfo=SHANGHAI), None, reason)


@dataclass(frozen=True, slots=True)
class VotingWindowRule(Rule):
    """Only while voting is open; both times are in the campaign's zone. draft: nobody votes in one."""

    opens_at: datetime
    closes_at: datetime
    state: CampaignState = CampaignState.PRESENTED
    code: ClassVar[str] = "VOTING_WINDOW"

    def description(self, campaign: RuledCampaign) -> Text:
        opens, closes = (f"{at:%Y-%m-%d %H:%M}" for at in (self.opens_at, self.closes_at))
        return Text(
            "投票时间为{opens}至{closes}（{zone}，结束时刻不含在内）。",
            "Voting is open from {opens} until just before {closes} ({zone}).",
            opens=opens,
            closes=closes,
            zone=zone_of(self.closes_at),
        )

    def violations(self, attempt: JudgedBallot) -> Sequence[Violation]:
        """Report a ballot that comes too early, too late or in a pause."""
        calendar, now = attempt.campaign.calendar, attempt.now
        if now >= calendar.closes_at or self.state is CampaignState.ARCHIVED:
            return (VotingClosed(self.closes_at),)
        if now < calendar.opens_at or self.state is CampaignState.DRAFT:
            return (VotingNotOpen(self.opens_at),)
        pause = attempt.campaign.pause(now)
        if pause is None:
            return ()
        return (VotingPaused(calendar.local(pause.start), pause.end and calendar.local(pause.end), pause.reason),)
