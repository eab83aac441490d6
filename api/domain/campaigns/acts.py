"""What organizers do with a campaign besides editing it: each act as the campaign that it makes, or the reason why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.expert_times import require_ballots_after_voting
from api.domain.campaigns.parts import Extension, Pause, VoidedVotes
from api.domain.campaigns.problems import ActFailed, ProblemCode, refused, wrong_phase
from api.domain.campaigns.projects import Project, Replacement, Standing
from api.domain.campaigns.states import CampaignPhase, CampaignState
from api.domain.campaigns.voided_votes import is_voided
from api.domain.characters import count_characters, first_invisible
from api.domain.texts import LocalizedText, Text, localized
from api.domain.voting.rules.groups import GroupChoiceRule

P = CampaignPhase
EDITABLE = (P.DRAFT, P.UPCOMING, P.VOTING, P.PAUSED, P.CLOSED, P.ANNOUNCED, P.PUBLISHED)
BEFORE_CLOSE = (P.UPCOMING, P.VOTING, P.PAUSED)
MAX_REASON_LENGTH = 500  # characters
REASON = ("reason",)  # the argument that has it
MAX_VOTING_SPAN = timedelta(days=366)
PUBLISHED_BEFORE_CLOSE = Text(
    "结果公布时间publishedAt早于新的截止时间，请先修改publishedAt。",
    "publishedAt would be before voting closes. Amend publishedAt first.",
)
STANDINGS_IN_CHINESE = {Standing.WITHDRAWN: "撤回", Standing.DISQUALIFIED: "取消资格"}


@dataclass(frozen=True, slots=True)
class Removal:
    """That a project no longer stands, and what becomes of the seat that it would have had."""

    standing: Standing
    replacement: Replacement


def checked_reason(campaign: Campaign, reason: Mapping[str, str], path: Sequence[str] = REASON) -> LocalizedText:
    """A reason, by language, as voters read it. Raises ActFailed unless it is in the campaign's own language."""
    given = {tag: text.strip() for tag, text in reason.items()}
    own = campaign.languages[0]
    if not given.get(own):
        raise refused(
            ProblemCode.INVALID_INPUT,
            Text(
                "请用评选语言（{own}）写明理由，投票人会看到它。",
                "Give the reason in the campaign's own language, {own}: voters read it.",
                own=own,
            ),
            *path,
        )
    check_reason(given, path)
    return localized(given, languages=campaign.languages)


def check_reason(given: Mapping[str, str], path: Sequence[str] = REASON) -> None:
    """Raise ActFailed unless each text of a reason can be stored and read."""
    for tag, text in given.items():
        length, invisible = count_characters(text), first_invisible(text)
        if invisible is not None or not 0 < length <= MAX_REASON_LENGTH:
            raise refused(
                ProblemCode.INVALID_INPUT,
                Text(
                    "理由（{tag}）须为1至{max_reason_length}个可见字符。",
                    "The reason in {tag} has 1 to {max_reason_length} printable characters.",
                    tag=tag,
                    max_reason_length=MAX_REASON_LENGTH,
                ),
                *path,
            )


def require_phase(campaign: Campaign, now: datetime, allowed: Sequence[CampaignPhase]) -> None:
    """Raise ActFailed unless the campaign is in one of these phases."""
    if (phase := campaign.phase(now)) not in allowed:
        raise wrong_phase(phase, allowed)


def paused(campaign: Campaign, now: datetime, reason: LocalizedText) -> Campaign:
    """Voting stands still from now on."""
    require_phase(campaign, now, [P.VOTING])
    return replace(campaign, pauses=(*campaign.pauses, Pause(now, None, reason)))


def resumed(campaign: Campaign, now: datetime) -> Campaign:
    """Voting goes on from now on; the pause keeps the reason that it had."""
    require_phase(campaign, now, [P.PAUSED])
    pauses = tuple(replace(pause, end=now) if pause.holds(now) else pause for pause in campaign.pauses)
    return replace(campaign, pauses=pauses)


def extended(campaign: Campaign, now: datetime, reason: LocalizedText, closes_at: datetime) -> Campaign:
    """Voting closes later than it would have."""
    require_phase(campaign, now, BEFORE_CLOSE)
    was = campaign.window.closes_at
    if closes_at <= was:
        raise refused(
            ProblemCode.INVALID_INPUT,
            Text(
                "closesAt须晚于现在的截止时间{was}。",
                "closesAt is not later than the present close, {was}.",
                was=campaign.calendar.local(was).isoformat(),
            ),
            "closesAt",
        )
    if closes_at - campaign.window.opens_at > MAX_VOTING_SPAN:
        raise refused(
            ProblemCode.INVALID_INPUT,
            Text("closesAt距开始投票超过366天。", "closesAt is more than 366 days after voting opens."),
            "closesAt",
        )
    if campaign.published_at is not None and campaign.published_at < closes_at:
        raise refused(ProblemCode.INVALID_INPUT, PUBLISHED_BEFORE_CLOSE, "closesAt")
    require_ballots_after_voting(campaign, closes_at)
    extension = Extension(closes_at.astimezone(UTC), was.astimezone(UTC), now, reason)
    window = Window(campaign.window.opens_at, closes_at.astimezone(UTC))
    return replace(campaign, window=window, extensions=(*campaign.extensions, extension))


def archived(campaign: Campaign, now: datetime) -> Campaign:
    """It is put away for good."""
    require_phase(campaign, now, [P.CLOSED, P.PUBLISHED])
    return replace(campaign, state=CampaignState.ARCHIVED)


def removed(campaign: Campaign, now: datetime, reason: LocalizedText, project: Project, removal: Removal) -> Campaign:
    """A project no longer stands."""
    require_phase(campaign, now, [*BEFORE_CLOSE, P.CLOSED, *_correctable(campaign)])
    _require_standing(project)
    gone = replace(
        project,
        standing=removal.standing,
        standing_reason=reason,
        standing_since=now,
        replacement=removal.replacement,
    )
    after = replace(campaign, projects=tuple(gone if each is project else each for each in campaign.projects))
    if now < campaign.window.closes_at:
        _require_ballots(after)
    return after


def _correctable(campaign: Campaign) -> Sequence[CampaignPhase]:
    """The phases in which a correction can tell what a change has come to: where something was announced."""
    return (P.ANNOUNCED, P.PUBLISHED) if campaign.announcements else ()


def _require_ballots(campaign: Campaign) -> None:
    """Raise ActFailed unless enough projects stand for a ballot to name as many as it must, of each group too."""
    required: list[tuple[Text | LocalizedText | None, int, frozenset[str]]] = [
        (None, campaign.choices.minimum, campaign.standing_ids)
    ]
    for rule in campaign.rules:
        if isinstance(rule, GroupChoiceRule) and rule.minimum is not None:
            groups = campaign.groups[rule.group_by]
            concerned = groups.values() if rule.group is None else filter(None, [groups.get(rule.group)])
            required += [(each.name, rule.minimum, each.project_ids & campaign.standing_ids) for each in concerned]
    for name, minimum, standing in required:
        if len(standing) < minimum:
            group = Text("", "") if name is None else Text("“{name}”中", " of “{name}”", name=name)
            raise refused(
                ProblemCode.TOO_FEW_STANDING,
                Text(
                    "{group}将只剩{standing}个候选，而每张选票至少须选{minimum}个，此后无人能投票。请在投票截止后进行。",
                    "{standing}{group} would still stand, and a ballot names {minimum}{group} at least, so nobody could "
                    "cast one any more. Do it once voting has closed.",
                    group=group,
                    standing=len(standing),
                    minimum=minimum,
                ),
                "project",
            )


def with_voided_votes(campaign: Campaign, now: datetime, project: Project, voided: VoidedVotes) -> Campaign:
    """The votes for a project of some time count nowhere."""
    require_phase(campaign, now, [P.VOTING, P.PAUSED, P.CLOSED, *_correctable(campaign)])
    _require_standing(project)
    if voided.end is not None and voided.end <= voided.start:
        raise refused(ProblemCode.INVALID_INPUT, Text("until须晚于from。", "until is not later than from."), "until")
    if voided.start >= campaign.window.closes_at:
        raise refused(
            ProblemCode.INVALID_INPUT,
            Text(
                "from不早于投票截止时间，其后没有选票。",
                "from is not before voting closes, and no ballot is cast after that.",
            ),
            "from",
        )
    if is_voided(campaign.voided_votes, voided):
        raise refused(
            ProblemCode.NO_CHANGE,
            Text(
                "该项目在这段时间内的票数早已不计。", "The votes for the project of all that time are voided already."
            ),
            "project",
        )
    return replace(campaign, voided_votes=(*campaign.voided_votes, voided))


def _require_standing(project: Project) -> None:
    if project.standing is not Standing.STANDING:
        raise not_standing(project)


def not_standing(project: Project) -> ActFailed:
    """The refusal of an act on a project that no longer stands."""
    return refused(
        ProblemCode.NOT_STANDING,
        Text(
            "第{number}号已被{standings_in_chinese}，不可更改。",
            "Number {number} has been {standing}, which is final.",
            number=project.number,
            standings_in_chinese=STANDINGS_IN_CHINESE[project.standing],
            standing=project.standing.name.lower(),
        ),
        "project",
    )
