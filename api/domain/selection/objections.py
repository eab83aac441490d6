"""Objections to what was announced: which are heard, and when what was announced can be final."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Announcement
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode, refused
from api.domain.campaigns.stages import Stage
from api.domain.characters import count_characters, first_invisible
from api.domain.ids import ProjectId, parse_id
from api.domain.instants import spelled
from api.domain.selection.candidates import earlier_stages, later_stages
from api.domain.selection.versions import Objection, StageSelection
from api.domain.texts import Text

MAX_NAME_LENGTH = 200  # characters
MAX_TEXT_LENGTH = 5_000


@dataclass(frozen=True, slots=True)
class SentObjection:
    """An objection as it was sent. project: an id. at: when it was received; now where nothing is said."""

    by: str
    text: str
    project: str | None = None
    at: datetime | None = None


def objection_of(campaign: Campaign, selection: StageSelection, sent: SentObjection, now: datetime) -> Objection:
    """Make the objection. Raises ActFailed with everything that is wrong."""
    announcement, at = _announcement(campaign, selection.stage), (sent.at or now).astimezone(UTC)
    if announcement.is_final(now):
        raise refused(
            ProblemCode.TOO_LATE,
            Text("结果已确认，不再受理异议。", "What was announced is final; no more objections are heard."),
            "stage",
        )
    problems = [*_text_problems(sent), *_time_problems(campaign, announcement, at, now)]
    project = parse_id(sent.project) if sent.project is not None else None
    number = project.number if isinstance(project, ProjectId) and project.campaign == campaign.slug else None
    if sent.project is not None and number not in campaign.by_number:
        message = Text("project不是本评选候选的id。", "project is the id of none of the campaign's.")
        problems.append(Problem(ProblemCode.INVALID_INPUT, message, ("input", "project")))
    if problems:
        raise ActFailed(problems)
    next_number = max((each.number for each in selection.objections), default=0) + 1
    return Objection(selection.stage, next_number, at, sent.by.strip(), sent.text.strip(), number)


def _announcement(campaign: Campaign, stage: str) -> Announcement:
    announcement = campaign.announcement(stage)
    if announcement is None:
        raise LookupError(f"{campaign.slug}: {stage} is not announced")
    return announcement


def _text_problems(sent: SentObjection) -> Iterator[Problem]:
    for name, value, most in (("by", sent.by, MAX_NAME_LENGTH), ("text", sent.text, MAX_TEXT_LENGTH)):
        lines = value.strip().replace("\r\n", "\n").split("\n") if name == "text" else [value.strip()]
        if not 0 < count_characters(value.strip()) <= most or any(first_invisible(line) for line in lines):
            message = Text(
                "{name}须为1至{most}个可见字符。", "{name} has 1 to {most} printable characters.", name=name, most=most
            )
            yield Problem(ProblemCode.INVALID_INPUT, message, ("input", name))


def _time_problems(campaign: Campaign, announcement: Announcement, at: datetime, now: datetime) -> Iterator[Problem]:
    path, local = ("input", "at"), campaign.calendar.local
    if at > now:
        yield Problem(ProblemCode.INVALID_INPUT, Text("at晚于现在。", "at is later than now."), path)
    elif at < announcement.announced_at:
        since = spelled(local(announcement.announced_at))
        message = Text(
            "异议自公示之时（{since}）起受理。", "Objections are heard from the announcement on, {since}.", since=since
        )
        yield Problem(ProblemCode.TOO_EARLY, message, path)
    elif at > announcement.objections_until:
        until = spelled(local(announcement.objections_until))
        message = Text("异议受理至{until}为止。", "Objections were heard until {until}.", until=until)
        yield Problem(ProblemCode.TOO_LATE, message, path)


def require_confirmable(
    campaign: Campaign, stage: Stage, selection: StageSelection, decided: frozenset[str], now: datetime
) -> None:
    """Raise ActFailed with all that keeps what was announced from being final. decided: the stages with a version."""
    announcement = _announcement(campaign, stage.code)
    if announcement.is_final(now):
        raise refused(
            ProblemCode.NO_CHANGE,
            Text("阶段{stage}的结果已确认。", "The stage {stage} is final already.", stage=stage.code),
            "stage",
        )
    problems = list(_in_the_way(campaign, stage, selection, announcement, now))
    if decided.isdisjoint(later_stages(campaign, stage)):  # else what a later one goes by stays as it is
        problems += _to_correct(campaign, selection)
    if problems:
        raise ActFailed(problems)


def _in_the_way(
    campaign: Campaign, stage: Stage, selection: StageSelection, announcement: Announcement, now: datetime
) -> Iterator[Problem]:
    path = ("stage",)
    if now < announcement.objections_until:
        until = spelled(campaign.calendar.local(announcement.objections_until))
        message = Text(
            "公示期到{until}为止，此后方可确认。",
            "Objections are heard until {until}; confirm after that.",
            until=until,
        )
        yield Problem(ProblemCode.TOO_EARLY, message, path)
    if waiting := [each.number for each in selection.objections if each.answer is None]:
        listed = ", ".join(map(str, waiting))
        message = Text(
            "还有异议未答复：第{replace}条。",
            "There are objections without an answer: {listed}.",
            replace=listed.replace(", ", "、"),
            listed=listed,
        )
        yield Problem(ProblemCode.OBJECTIONS_OPEN, message, path)
    for earlier in earlier_stages(campaign, stage):
        before = campaign.announcement(earlier.code)
        if before is not None and not before.is_final(now):
            message = Text(
                "须先确认前一阶段{earlier}。", "Confirm the stage {earlier} before it first.", earlier=earlier.code
            )
            yield Problem(ProblemCode.EARLIER_STAGE, message, path)


def _to_correct(campaign: Campaign, selection: StageSelection) -> Iterator[Problem]:
    chosen = selection.current.outcome.selected
    if gone := [each.number for each in campaign.projects if each.number in chosen and not each.stands]:
        listed = ", ".join(map(str, gone))
        message = Text(
            "入选的{replace}号已撤回或被取消资格，请先用correctSelection更正。",
            "Selected, and out since: number {listed}. Correct the selection first, with correctSelection.",
            replace=listed.replace(", ", "、"),
            listed=listed,
        )
        yield Problem(ProblemCode.WRONG_STATE, message, ("stage",))
