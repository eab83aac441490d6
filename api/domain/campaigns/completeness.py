"""What a draft lacks before it can be presented to voters."""

from collections.abc import Iterator
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import Problem, ProblemCode
from api.domain.campaigns.stages import Stage, TieStep
from api.domain.texts import LocalizedText, Text


def incompleteness(campaign: Campaign, now: datetime) -> tuple[Problem, ...]:
    """Everything that is missing, all at once; () for a campaign that can be presented."""
    return (
        *_projects(campaign),
        *_stages(campaign),
        *_window(campaign, now),
        *_panel(campaign, now),
        *_texts(campaign),
    )


def _missing(message: Text, *path: str) -> Problem:
    return Problem(ProblemCode.INCOMPLETE, message, path)


def _projects(campaign: Campaign) -> Iterator[Problem]:
    count, choices = len(campaign.projects), campaign.choices
    if count < max(choices.minimum, 1):
        yield _missing(
            Text(
                "候选项目有{count}个，每张选票至少须选{minimum}个：请用putProjects添加。",
                "There are {count} projects, and a ballot names {minimum} at least: add some with putProjects.",
                count=count,
                minimum=choices.minimum,
            ),
            "projects",
        )
    elif count < choices.maximum:
        yield _missing(
            Text(
                "候选项目有{count}个，少于每张选票最多可选的{maximum}个：请添加项目或调低上限。",
                "There are {count} projects, and a ballot may name {maximum}: add projects, or lower the maximum.",
                count=count,
                maximum=choices.maximum,
            ),
            "rules",
            "choices",
            "maximum",
        )


def _stages(campaign: Campaign) -> Iterator[Problem]:
    if not any(stage.seats for stage in campaign.stages):
        yield _missing(
            Text(
                "没有任何阶段说明选出多少个：请添加stages。",
                "No stage says how many projects pass it: add one to stages, with its seats.",
            ),
            "stages",
        )
    for index, stage in enumerate(campaign.stages):
        if not stage.decided and _can_tie(campaign, stage):
            yield from _ties(stage, ("stages", str(index), "ties"))


def _ties(stage: Stage, path: tuple[str, ...]) -> Iterator[Problem]:
    if not stage.ties:
        yield _missing(
            Text(
                '阶段{stage}须说明并列时如何处理：请填写ties，例如["ALL_IN"]。',
                "The stage {stage} chooses among the projects and does not say how ties are settled: give it "
                'ties, such as ["ALL_IN"].',
                stage=stage.code,
            ),
            *path,
        )
    elif stage.scored_by and set(stage.ties) == {TieStep.FURTHER_CRITERION}:
        yield _missing(
            Text(
                "阶段{stage}的ties只有FURTHER_CRITERION，其后仍可能并列：请在后面添加ALL_IN、LOT、"
                "EXPERT_REVOTE或RECORDED_DECISION。",
                "The ties of the stage {stage} end with FURTHER_CRITERION, after which projects may still be "
                "equal: add ALL_IN, LOT, EXPERT_REVOTE or RECORDED_DECISION.",
                stage=stage.code,
            ),
            *path,
        )


def _can_tie(campaign: Campaign, stage: Stage) -> bool:
    """Whether not all candidates may pass, or an award's last seat may be wanted by several."""
    gives_awards = bool(campaign.awards and stage.scored_by and stage is campaign.stages[-1])
    return stage.seats < len(campaign.projects) or gives_awards


def _window(campaign: Campaign, now: datetime) -> Iterator[Problem]:
    if campaign.window.closes_at <= now:
        closes_at = campaign.calendar.local(campaign.window.closes_at).isoformat()
        yield _missing(
            Text(
                "投票截止时间{closes_at}已过：请改为将来的时间。",
                "Voting would have closed at {closes_at}, which is past: write a later time.",
                closes_at=closes_at,
            ),
            "votingWindow",
            "closesAt",
        )


def _panel(campaign: Campaign, now: datetime) -> Iterator[Problem]:
    """Times for experts that are past: nobody could score."""
    times: list[tuple[datetime | None, tuple[str, ...]]] = [
        (None if campaign.panel is None else campaign.panel.closes_at, ("panel", "closesAt")),
        *((stage.closes_at, ("stages", str(index), "closesAt")) for index, stage in enumerate(campaign.stages)),
    ]
    for moment, path in times:
        if moment is not None and moment <= now:
            closes_at = campaign.calendar.local(moment).isoformat()
            yield _missing(
                Text(
                    "专家的截止时间{closes_at}已过：请改为将来的时间。",
                    "The experts would have had time until {closes_at}, which is past: write a later time.",
                    closes_at=closes_at,
                ),
                *path,
            )


def _texts(campaign: Campaign) -> Iterator[Problem]:
    """Texts that are not in the campaign's own language."""
    tag = campaign.languages[0]
    for path, text in _readable(campaign):
        if text.tagged(tag) is None:
            yield _missing(
                Text(
                    "{path}缺少评选语言（{tag}）的文本。",
                    "{path} is not in the campaign's own language, {tag}: add the text in it.",
                    path=".".join(path),
                    tag=tag,
                ),
                *path,
            )


def _readable(campaign: Campaign) -> Iterator[tuple[tuple[str, ...], LocalizedText]]:
    yield ("title",), campaign.title
    yield ("organizer",), campaign.organizer
    if campaign.candidate_term is not None:
        yield ("candidateTerm",), campaign.candidate_term
    names = {
        "stages": [stage.name for stage in campaign.stages],
        "themes": [theme.name for theme in campaign.themes],
        "awards": [award.name for award in campaign.awards],
        "criteria": [criterion.name for criterion in campaign.criteria if campaign.panel is not None],
    }
    for key, texts in names.items():
        for index, text in enumerate(texts):
            yield (key, str(index), "name"), text
    for index, project in enumerate(campaign.projects):
        yield ("projects", str(index), "title"), project.title
