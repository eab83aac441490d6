"""Which kinds of campaigns do tests vote in besides that of 2017? Small ones, each with a rule of another kind."""

from dataclasses import replace
from datetime import time
from decimal import Decimal
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.parts import ChoiceRange, Extension, Pause
from api.domain.campaigns.projects import Image, Link, Project, Standing, Theme
from api.domain.campaigns.stages import Stage
from api.domain.texts import LocalizedText, localized
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules import BudgetRule, EligibilityRule, GroupChoiceRule, VoteQuotaRule, VotingHoursRule
from tests.campaigns import CLOSES, a_campaign, at

PORTRAIT = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='8' height='6'%3E"
    "%3Crect width='8' height='6' fill='%23b86'/%3E%3C/svg%3E"
)
URBAN = Theme("URBAN", localized(zh="城区"))
RURAL = Theme("RURAL", localized(zh="乡村"))
WITHDREW = localized(zh="因工作调动，本人申请退出。")


def _zh(text: str) -> LocalizedText:
    return localized(zh=text)


def a_kind(slug: str, projects: tuple[Project, ...], **changes: Any) -> Campaign:
    """A campaign of 22 to 31 March 2017 in one stage."""
    stages = (Stage("WINNER", _zh("入选"), 2, decided=False),)
    plain = a_campaign(slug=slug, edition=None, stages=stages, criteria=(), themes=(), projects=())
    return replace(plain, projects=tuple(replace(project, campaign=slug) for project in projects), **changes)


def a_candidate(number: int, title: LocalizedText, **changes: Any) -> Project:
    """A candidate of whom nothing else is known."""
    return Project("", number, number, title, **changes)


def volunteers(**changes: Any) -> Campaign:
    """The most beautiful volunteers: in Chinese, at most three of each of two categories, with pictures; 3 has withdrawn."""
    projects = tuple(
        a_candidate(
            number,
            _zh(f"志愿者{number}"),
            summary=_zh("十年如一日照看社区里的老人。"),
            organization=_zh("某某街道"),
            themes=(URBAN if number <= 5 else RURAL,),
            images=(Image(PORTRAIT, 800, 600, _zh(f"志愿者{number}的照片")),),
            links=(Link(_zh("事迹报道"), "https://example.org/"),),
            description=_zh("# 事迹\n\n她**每天**都来，[报道](https://example.org/more)。\n\n- 送饭\n- 读报"),
        )
        for number in range(1, 11)
    )
    gone = replace(
        projects[2], standing=Standing.WITHDRAWN, standing_reason=WITHDREW, standing_since=at("2017-03-22 08:00")
    )
    given = {
        "languages": ("zh",),
        "title": _zh("最美志愿者评选"),
        "organizer": _zh("某某区文明办"),
        "candidate_term": _zh("志愿者"),
        "themes": (URBAN, RURAL),
        "choices": ChoiceRange(1, 6),
        "cover": Image(PORTRAIT, 1200, 400, _zh("志愿者合影")),
        "rules": (GroupChoiceRule(Grouping.THEME, None, None, 3),),
    }
    return a_kind("volunteers", (*projects[:2], gone, *projects[3:]), **{**given, **changes})


def five_of_each(**changes: Any) -> Campaign:
    """Exactly two from each of three categories, so six in all."""
    themes = tuple(Theme(f"T{n}", localized(zh=f"第{n}类", en=f"Category {n}")) for n in range(1, 4))
    projects = tuple(
        a_candidate(n, localized(zh=f"作品{n}", en=f"Work {n}"), themes=(themes[n % 3],)) for n in range(1, 13)
    )
    rule = GroupChoiceRule(Grouping.THEME, None, 2, 2)
    given = {"themes": themes, "choices": ChoiceRange(6, 6), "rules": (rule,)}
    return a_kind("categories", projects, **{**given, **changes})


def budget(**changes: Any) -> Campaign:
    """Six projects with prices and codes in English alone, of which a ballot's may cost 450,000 zł together."""
    costs = ("200000", "150000", "100000", "50000.50", "300000", "1200")
    projects = tuple(
        a_candidate(n * 37, localized(en=f"Street {n}"), code=f"M/01/{n}", cost=Decimal(cost))
        for n, cost in enumerate(costs, 1)
    )
    given = {
        "languages": ("en",),
        "title": localized(en="Participatory budget"),
        "organizer": localized(en="The city"),
        "currency": "PLN",
        "choices": ChoiceRange(1, 6),
        "rules": (BudgetRule(Decimal("450000")),),
    }
    return a_kind("budget", projects, **{**given, **changes})


def works(**changes: Any) -> Campaign:
    """Three votes a day, cast one by one, each work at most once."""
    projects = tuple(a_candidate(n, localized(zh=f"作品{n}", en=f"Work {n}")) for n in range(1, 5))
    given = {
        "candidate_term": localized(zh="作品", en="work"),
        "choices": ChoiceRange(1, 1),
        "quota": Quota(3, QuotaPeriod.DAY),
        "rules": (VoteQuotaRule(3, 1, QuotaPeriod.DAY),),
    }
    return a_kind("works", projects, **{**given, **changes})


def hours(**changes: Any) -> Campaign:
    """Open from 9 to 22 o'clock each day, for those on a list of voters alone."""
    projects = tuple(a_candidate(n, localized(zh=f"方案{n}", en=f"Plan {n}")) for n in range(1, 4))
    who = localized(zh="本区居民均可参加", en="Residents of the district may vote")
    rules = (VotingHoursRule(time(9), time(22)), EligibilityRule((), True, who))
    return a_kind("hours", projects, **{"choices": ChoiceRange(1, 2), "rules": rules, **changes})


def paused(**changes: Any) -> Campaign:
    """A vote that was extended and stands still."""
    projects = tuple(a_candidate(n, localized(zh=f"方案{n}", en=f"Plan {n}")) for n in range(1, 4))
    given = {
        "choices": ChoiceRange(1, 2),
        "pauses": (
            Pause(at("2017-03-22 08:30"), None, localized(zh="正在核查异常投票。", en="Ballots are being checked.")),
        ),
        "extensions": (Extension(CLOSES, at("2017-03-30 12:00"), at("2017-03-22 08:00"), localized(zh="网络故障。")),),
    }
    return a_kind("paused", projects, **{**given, **changes})


KINDS = (volunteers, five_of_each, budget, works, hours, paused)
