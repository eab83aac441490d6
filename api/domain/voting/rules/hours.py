"""The hours of the day in which ballots are accepted, on the clocks of the campaign's zone.

What counts is what those clocks show: where they are set forward over the opening hour, voting opens as they are set, and
an hour that they show twice is open twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

from api.domain.instants import spelled, zone_of
from api.domain.texts import Text
from api.domain.voting.rules.base import INPUT, JudgedBallot, Rule, RuledCampaign, Violation

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OutsideVotingHours(Violation):
    """A ballot outside of the hours; opens_at: when they begin next, None when voting closes before."""

    start: time
    end: time
    opens_at: datetime | None
    code: ClassVar = "OUTSIDE_VOTING_HOURS"
    rule: ClassVar = "VOTING_HOURS"
    path: ClassVar = INPUT

    @property
    def message(self) -> Text:
        hours = Text("每天的投票时段为{hours}", "Voting is open daily {hours}", hours=_in_words(self.start, self.end))
        if self.opens_at is None:
            return Text(
                "{hours}，本次评选已无可投票的时段。", "{hours}; it closes before they begin again.", hours=hours
            )
        at = spelled(self.opens_at)
        return Text("{hours}，{at}起可以投票。", "{hours}; vote from {at}.", hours=hours, at=at)

    @classmethod
    def example(cls) -> "OutsideVotingHours":
        return cls(time(9), time(22), datetime(2017, 3, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai")))


@dataclass(frozen=True, slots=True)
class VotingHoursRule(Rule):
    """Ballots are accepted from `start` on and before `end`, full minutes; over midnight where `end` is not later."""

    start: time
    end: time
    code: Literal["VOTING_HOURS"] = "VOTING_HOURS"

    def description(self, campaign: RuledCampaign) -> Text:
        local = campaign.calendar.local(campaign.window.opens_at)
        return Text(
            "每天的投票时段为{hours}（{zone}）。",
            "Voting is open daily {hours} ({zone}).",
            hours=_in_words(self.start, self.end),
            zone=zone_of(local),
        )

    def violations(self, attempt: JudgedBallot) -> Iterator[Violation]:
        campaign, now = attempt.campaign, attempt.now
        if campaign.window.contains(now) and not self.include(campaign.calendar.local(now)):
            yield OutsideVotingHours(self.start, self.end, open_from(campaign, now))

    def include(self, local: datetime) -> bool:
        """Return whether ballots are accepted when the clocks show this."""
        clock = local.time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


def open_from(campaign: RuledCampaign, instant: datetime) -> datetime | None:
    """The first instant from this one on in the campaign's hours of voting, if it has any; None when voting closes before."""
    calendar, closes_at = campaign.calendar, campaign.window.closes_at.astimezone(UTC)
    opens_at = instant.astimezone(UTC)
    for rule in campaign.rules:
        if isinstance(rule, VotingHoursRule) and not rule.include(calendar.local(opens_at)):
            opens_at = _next_opening(rule, calendar.zone, opens_at.replace(second=0, microsecond=0), closes_at)
    return calendar.local(opens_at) if opens_at < closes_at else None


@lru_cache(maxsize=64)
def _next_opening(rule: VotingHoursRule, zone: ZoneInfo, minute: datetime, closes_at: datetime) -> datetime:
    """Go on minute by minute from one in which voting is not open, since clocks may be set at any; at most until it closes."""
    while minute < closes_at and not rule.include(minute.astimezone(zone)):
        minute += MINUTE
    return minute


def _in_words(start: time, end: time) -> Text:
    if end <= start:
        return Text(
            "{start:%H:%M}至次日{end:%H:%M}",
            "from {start:%H:%M} until just before {end:%H:%M} of the next day",
            start=start,
            end=end,
        )
    return Text("{start:%H:%M}至{end:%H:%M}", "from {start:%H:%M} until just before {end:%H:%M}", start=start, end=end)
