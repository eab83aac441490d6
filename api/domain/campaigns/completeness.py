"""What a draft lacks before it can be presented to voters."""

from collections.abc import Iterator
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import Problem, ProblemCode
from api.domain.texts import LocalizedText, Text


def incompleteness(campaign: Campaign, now: datetime) -> tuple[Problem, ...]:
    """Everything that is missing, all at once; () for a campaign that can be presented."""
    return (*_projects(campaign), *_stages(campaign), *_window(campaign, now), *_texts(campaign))


def _missing(zh: str, en: str, *path: str) -> Problem:
    return Problem(ProblemCode.INCOMPLETE, Text(zh, en), path)


def _projects(campaign: Campaign) -> Iterator[Problem]:
    count, choices = len(campaign.projects), campaign.choices
    if count < max(choices.minimum, 1):
        yield _missing(
            f"候选项目有{count}个，每张选票至少须选{choices.minimum}个：请用putProjects添加。",
            f"There are {count} projects, and a ballot names {choices.minimum} at least: add some with putProjects.",
            "projects",
        )
    elif count < choices.maximum:
        yield _missing(
            f"候选项目有{count}个，少于每张选票最多可选的{choices.maximum}个：请添加项目或调低上限。",
            f"There are {count} projects, and a ballot may name {choices.maximum}: add projects, or lower the maximum.",
            "rules",
            "choices",
            "maximum",
        )


def _stages(campaign: Campaign) -> Iterator[Problem]:
    if not any(stage.seats for stage in campaign.stages):
        yield _missing(
            "没有任何阶段说明选出多少个：请添加stages。",
            "No stage says how many projects pass it: add one to stages, with its seats.",
            "stages",
        )
    for index, stage in enumerate(campaign.stages):
        if not stage.decided and stage.seats < len(campaign.projects) and not stage.ties:
            yield _missing(
                f'阶段{stage.code}须说明并列时如何处理：请填写ties，例如["ALL_IN"]。',
                f"The stage {stage.code} chooses among the projects and does not say how ties are settled: give it ties, "
                'such as ["ALL_IN"].',
                "stages",
                str(index),
                "ties",
            )


def _window(campaign: Campaign, now: datetime) -> Iterator[Problem]:
    if campaign.window.closes_at <= now:
        closes_at = campaign.calendar.local(campaign.window.closes_at).isoformat()
        yield _missing(
            f"投票截止时间{closes_at}已过：请改为将来的时间。",
            f"Voting would have closed at {closes_at}, which is past: write a later time.",
            "votingWindow",
            "closesAt",
        )


def _texts(campaign: Campaign) -> Iterator[Problem]:
    """Texts that are not in the campaign's own language."""
    tag = campaign.languages[0]
    for path, text in _readable(campaign):
        if text.tagged(tag) is None:
            yield _missing(
                f"{'.'.join(path)}缺少评选语言（{tag}）的文本。",
                f"{'.'.join(path)} is not in the campaign's own language, {tag}: add the text in it.",
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
    }
    for key, texts in names.items():
        for index, text in enumerate(texts):
            yield (key, str(index), "name"), text
    for index, project in enumerate(campaign.projects):
        yield ("projects", str(index), "title"), project.title
