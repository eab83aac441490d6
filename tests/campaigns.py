"""What campaign do tests vote in? One with the rules, the window and the number of candidates of 2017."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import ChoiceRange, Criterion
from api.domain.campaigns.projects import District, Project, ProjectLevel, Theme
from api.domain.campaigns.stages import Stage
from api.domain.campaigns.states import ResultsVisibility
from api.domain.texts import LocalizedText, localized
from api.domain.voting.quota import Quota, QuotaPeriod


def both(zh: str, en: str) -> LocalizedText:
    return localized(zh=zh, en=en)


SHANGHAI = ZoneInfo("Asia/Shanghai")
SLUG = "shanghai-2017"
HUANGPU = District("310101", both("黄浦区", "Huangpu District"))
PUDONG = District("310115", both("浦东新区", "Pudong New Area"))
THEMES = tuple(Theme(f"THEME_{n}", localized(zh=f"主题{n}", en=f"Theme {n}")) for n in range(1, 15))


def at(text: str) -> datetime:
    """An instant on Shanghai's clocks, such as `2017-03-22 08:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


OPENS, CLOSES = at("2017-03-22 00:00"), at("2017-03-31 12:00")
DURING = at("2017-03-25 09:30")
LOADED = AuditEvent(OPENS, TrailKind.CAMPAIGN_LOADED, SLUG)  # goes on record wherever a test stores a campaign
DAYS = tuple(date(2017, 3, day) for day in range(22, 32))


def a_project(number: int, **changes: Any) -> Project:
    """A candidate: 1 to 20 are the city's, 21 to 35 Huangpu's, 36 to 49 Pudong's, and of 50 nobody knows."""
    district = HUANGPU if 20 < number <= 35 else PUDONG if 35 < number < 50 else None
    level = ProjectLevel.DISTRICT if district else ProjectLevel.UNSTATED if number == 50 else ProjectLevel.MUNICIPAL
    project = Project(
        campaign=SLUG,
        number=number,
        position=number,
        title=both(f"项目{number}", f"Project {number}"),
        summary=both(f"第{number}个项目。", f"What project {number} does."),
        organization=None,
        level=level,
        district=district,
        themes=(THEMES[number % len(THEMES)],),
        start_year=None if number % 5 == 0 else 2010 + number % 7,
        figures=(),
    )
    return replace(project, **changes)


def a_campaign(**changes: Any) -> Campaign:
    """Fifty candidates, ten to thirty on a ballot, one ballot a day, from 22 March 2017 until noon on the 31st."""
    campaign = Campaign(
        slug=SLUG,
        title=both("第三届上海社会建设十大创新项目", "Third Shanghai Top Ten Social Construction Innovation Projects"),
        edition=3,
        organizer=both("上海市社会建设委员会办公室", "Office of the Social Construction Committee"),
        time_zone="Asia/Shanghai",
        window=Window(OPENS, CLOSES),
        published_at=None,
        choices=ChoiceRange(10, 30),
        quota=Quota(1, QuotaPeriod.DAY),
        visibility=ResultsVisibility.LIVE,
        stages=(
            Stage("SUBMITTED", both("申报项目", "Submitted projects"), 117, decided=True),
            Stage("CANDIDATE", both("复审候选项目", "Candidate projects"), 50, decided=True),
            Stage("FINALIST", both("终审项目", "Finalist projects"), 30, decided=False),
            Stage("WINNER", both("十大创新项目", "Top ten innovation projects"), 10, decided=False),
        ),
        criteria=(Criterion("INNOVATION", both("创新性强", "Strongly innovative")),),
        source=None,
        themes=THEMES,
        projects=tuple(map(a_project, range(1, 51))),
        voter_salt="salt",
    )
    return replace(campaign, **changes)


def project_ids(*numbers: int) -> tuple[str, ...]:
    """The public ids of these candidates."""
    return tuple(f"project/{SLUG}/{number}" for number in numbers)
