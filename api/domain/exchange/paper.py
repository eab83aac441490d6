"""Ballots of a polling place: by which channels they come, when they count as cast, and when they come too late."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import quote

from api.domain.campaigns.acts import require_phase
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ProblemCode, refused
from api.domain.campaigns.projects import Standing
from api.domain.campaigns.stages import Stage
from api.domain.campaigns.states import CampaignPhase
from api.domain.exchange.ballot_files import PaperBallot
from api.domain.folding import fold
from api.domain.instants import spelled
from api.domain.people.identity import Voter
from api.domain.selection.terms import CriterionSource, InputSource
from api.domain.texts import Text
from api.domain.voting.channels import Channel
from api.domain.voting.voting_times import voting_open_from

P = CampaignPhase
ONCE_OPENED = (P.VOTING, P.PAUSED, P.CLOSED, P.ANNOUNCED, P.PUBLISHED)
CHANNELS = (Channel.PAPER, Channel.ON_SITE, Channel.SMS)
DAY = ("input", "day")


def paper_voter(place: str, number: str, channel: Channel) -> Voter:
    """The voter that a printed ballot stands for: the same wherever a place's name is written a little differently."""
    return Voter(
        f"paper/{quote(fold(place), safe='')}/{quote(number, safe='')}", channel=channel, at_polling_place=True
    )


def batch_digest(ballots: Iterable[PaperBallot]) -> str:
    """The SHA-256 of what ballots say, in whatever order and form their file has it."""
    rows = sorted(f"{quote(each.number)}:{','.join(map(str, sorted(each.projects)))}" for each in ballots)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def require_countable(campaign: Campaign, decided: Collection[str], now: datetime) -> None:
    """Raise ActFailed unless ballots of a polling place can still count. decided: the stages with a version of a decision."""
    require_phase(campaign, now, ONCE_OPENED)
    if campaign.anonymised:
        raise refused(
            ProblemCode.FROZEN,
            Text(
                "本次评选的选民密钥已销毁，不能再录入选票。",
                "This campaign's voter secret has been destroyed; no further ballot can be entered.",
            ),
            "campaign",
        )
    known = {stage.code for stage in campaign.published(now).stages if stage.decided}
    for stage in campaign.stages:
        if stage.code in known | {*decided} and takes_votes(stage):
            raise refused(
                ProblemCode.FROZEN,
                Text(
                    "阶段{stage}已依据公众投票作出决定，不能再计入选票。",
                    "The stage {stage} has been decided by the votes of the public, so no further ballots can count.",
                    stage=stage.code,
                ),
                "campaign",
            )


def takes_votes(stage: Stage) -> bool:
    """Whether a stage goes by the votes of the public, in its score or to break ties."""
    return any(each.source is InputSource.PUBLIC_VOTE for each in stage.scored_by) or any(
        each.source is CriterionSource.PUBLIC_VOTE for each in stage.further_criteria
    )


def polling_day(campaign: Campaign, day: date | None, now: datetime) -> date:
    """The voting day on which ballots were cast: the last one that has begun, unless one is named. Raises ActFailed."""
    calendar = campaign.calendar
    begun = calendar.days_begun(now)
    if day is None and begun:
        return begun[-1]
    if day is not None and day in begun:
        return day
    if day is None or day in calendar.days:
        raise refused(
            ProblemCode.TOO_EARLY,
            Text(
                "该投票日尚未开始，请在当天或之后录入。",
                "That voting day has not begun. Enter its ballots on the day itself, or later.",
            ),
            *DAY,
        )
    first, last = calendar.days[0], calendar.days[-1]
    raise refused(
        ProblemCode.INVALID_INPUT,
        Text(
            "{day}不是投票日，投票日为{first}至{last}。",
            "{day} is no voting day; they are {first} to {last}.",
            day=day.isoformat(),
            first=first.isoformat(),
            last=last.isoformat(),
        ),
        *DAY,
    )


def polling_moment(campaign: Campaign, day: date, now: datetime) -> datetime:
    """The moment at which the ballots of a day count as cast: the first at which voting was open on it. Raises ActFailed."""
    start = max(campaign.calendar.start_of(day).astimezone(UTC), campaign.window.opens_at.astimezone(UTC))
    moment = voting_open_from(campaign, start)
    if moment is None or campaign.calendar.day_of(moment) != day:
        raise refused(
            ProblemCode.INVALID_INPUT,
            Text(
                "{day}全天不在投票时段内或处于暂停，没有可计票的时刻。请核对日期。",
                "On {day} voting was not open at any moment, for its hours or a pause. See whether the day is right.",
                day=day.isoformat(),
            ),
            *DAY,
        )
    if moment > now:
        at = spelled(campaign.calendar.local(moment))
        raise refused(
            ProblemCode.TOO_EARLY,
            Text("{day}的投票{at}才开始。", "On {day} voting opens at {at}.", day=day.isoformat(), at=at),
            *DAY,
        )
    return moment


def as_of(campaign: Campaign, moment: datetime) -> Campaign:
    """The campaign with those projects standing that stood at this moment, whatever has become of them since."""
    projects = tuple(
        replace(each, standing=Standing.STANDING)
        if each.standing_since is not None and each.standing_since > moment
        else each
        for each in campaign.projects
    )
    return campaign if projects == campaign.projects else replace(campaign, projects=projects)
