"""Read back the document of a campaign's frozen rules (domain.campaigns.digest), and judge what ballots name by it.

Only what follows from the ballot itself can be judged: not how many a voter has cast, nor when, nor who may vote.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.projects import District, Project, ProjectLevel, Theme
from api.domain.campaigns.states import ResultsVisibility
from api.domain.ids import ProjectId
from api.domain.log.documents import parse_document
from api.domain.selection.plain_values import Plain, RecordError
from api.domain.texts import LocalizedText
from api.domain.voting.ballots import Draft
from api.domain.voting.judging import CastAttempt, rules_of
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules import FurtherRule
from api.domain.voting.rules.base import Rule, Violation
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.votes import VoteQuotaRule

MAX_NUMBER = 999_999  # of a project
BY_CHOICE = {"CHOICE_COUNT", "DISTINCT_CHOICES", "ELIGIBLE_PROJECTS", "GROUP_CHOICE", "BUDGET"}
UNNAMED = LocalizedText((("zh", "—"),))  # the document has no texts


@dataclass(frozen=True)
class PublishedRules:
    """Rules as they were published. unjudged: the codes of those that no ballot shows whether it keeps them."""

    campaign: Campaign
    unjudged: tuple[str, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The zone on whose clocks voting days begin and end."""
        return ZoneInfo(self.campaign.time_zone)

    @property
    def bounds(self) -> tuple[int, int]:
        """How many projects a ballot names: at least, and at most."""
        choices = self.campaign.choices
        return (choices.minimum, choices.maximum) if self.campaign.vote_quota is None else (1, 1)

    @property
    def judged_one_by_one(self) -> bool:
        """Whether a ballot can break a rule although its numbers are of candidates, distinct, and within `bounds`."""
        return any(rule.code in BY_CHOICE for rule in self.campaign.rules)

    def judge(self, numbers: Iterable[int]) -> Iterator[Violation]:
        """Report all rules of BY_CHOICE that a ballot of these numbers breaks."""
        campaign = self.campaign
        draft = Draft(tuple(str(ProjectId(campaign.slug, number)) for number in numbers))
        attempt = CastAttempt(draft, campaign, campaign.window.opens_at)
        for rule in self._rules:
            yield from rule.violations(attempt)

    @property
    def _rules(self) -> Sequence[Rule]:
        return [rule for rule in rules_of(self.campaign) if rule.code in BY_CHOICE]


def read_rules_document(text: str, slug: str, window: Window) -> PublishedRules:
    """Read the document of a campaign that is voted on in this window. Raises RecordError, which says what is wrong where."""
    parts = Plain(parse_document(text)).entries()
    read = [_rule(plain) for plain in _part(parts, "rules").items()]
    rules = [rule for rule in read if not isinstance(rule, str)]
    campaign = Campaign(
        slug=slug,
        title=UNNAMED,
        edition=None,
        organizer=UNNAMED,
        time_zone=_zone(_part(parts, "time_zone")),
        window=window,
        published_at=None,
        choices=_choices(_part(parts, "choices")),
        quota=Quota(1, QuotaPeriod.CAMPAIGN),  # nobody's ballots are known as one voter's
        visibility=ResultsVisibility.AFTER_CLOSE,
        stages=(),
        criteria=(),
        source=None,
        projects=_part(parts, "candidates").each(lambda plain: _project(plain, slug, read)),
        rules=tuple(rules),
    )
    if len(campaign.by_number) < len(campaign.projects):
        raise RecordError("candidates: a number is there more than once.")
    unjudged = [rule if isinstance(rule, str) else rule.code for rule in read]
    return PublishedRules(campaign, tuple(code for code in unjudged if code not in BY_CHOICE))


def _part(parts: Mapping[str, Plain], name: str) -> Plain:
    if name not in parts:
        raise RecordError(f"{name} is missing.")
    return parts[name]


def _zone(plain: Plain) -> str:
    name = plain.text()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # some names are those of folders
        raise plain.refuse("a time zone of IANA's, such as Asia/Shanghai") from error
    return name


def _choices(plain: Plain) -> ChoiceRange:
    parts = plain.fields("minimum", "maximum")
    return ChoiceRange(parts["minimum"].whole(), parts["maximum"].whole())


def _rule(plain: Plain) -> FurtherRule | str:
    """Read a rule of BY_CHOICE, or that votes are cast one by one; of any other return the code."""
    code = _part(plain.entries(), "code").text()
    if code == "GROUP_CHOICE":
        parts = plain.fields("code", "group_by", "group", "minimum", "maximum")
        group_by, group = parts["group_by"].member(Grouping), parts["group"].optional(Plain.text)
        minimum, maximum = (parts[name].optional(Plain.whole) for name in ("minimum", "maximum"))
        return GroupChoiceRule(group_by, group, minimum, maximum)
    if code == "BUDGET":
        return BudgetRule(plain.fields("code", "limit")["limit"].decimal())
    if code == "VOTE_QUOTA":
        parts = plain.fields("code", "limit", "per_project", "period")
        return VoteQuotaRule(parts["limit"].whole(), parts["per_project"].whole(), parts["period"].member(QuotaPeriod))
    return code


def _project(plain: Plain, slug: str, rules: Sequence[FurtherRule | str]) -> Project:
    """Read a candidate, with what the rules go by: as many values as there are rules, in their order."""
    parts = plain.fields("number", "position", "ruled_by")
    values = parts["ruled_by"].items()
    if len(values) != len(rules):
        raise parts["ruled_by"].refuse(f"a list of {len(rules)}, one for each rule")
    groups: dict[Grouping, tuple[str, ...]] = {}
    cost: Decimal | None = None
    for rule, value in zip(rules, values, strict=True):
        if isinstance(rule, GroupChoiceRule):
            groups[rule.group_by] = value.each(Plain.text)
        elif isinstance(rule, BudgetRule):
            cost = value.optional(Plain.decimal)
    return Project(
        campaign=slug,
        number=parts["number"].whole(1, MAX_NUMBER),
        position=parts["position"].whole(1, MAX_NUMBER),
        title=UNNAMED,
        cost=cost,
        **_places(groups),
    )


def _places(groups: Mapping[Grouping, Sequence[str]]) -> dict[str, Any]:
    """Return the themes, the district and the level by which a project is in these groups."""
    districts, levels = groups.get(Grouping.DISTRICT, ()), groups.get(Grouping.LEVEL, ())
    level = levels[0] if levels else ProjectLevel.UNSTATED.name
    if level not in ProjectLevel.__members__ or len(districts) > 1 or len(levels) > 1:
        raise RecordError("candidates: a project is in one district at most, and on one level that there is.")
    return {
        "themes": tuple(Theme(code, _named(code)) for code in groups.get(Grouping.THEME, ())),
        "district": District(districts[0], _named(districts[0])) if districts else None,
        "level": ProjectLevel[level],
    }


def _named(code: str) -> LocalizedText:
    return LocalizedText((("zh", code),))
