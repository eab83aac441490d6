"""How many projects of a group a ballot names: of a theme, a district or a level."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from api.domain.campaigns.groups import Group, Grouping, memberships
from api.domain.campaigns.projects import Project
from api.domain.texts import LocalizedText, Text, counted, localized
from api.domain.voting.rules.base import CHOICES, JudgedBallot, Rule, RuledCampaign, Violation

EACH_GROUP: Mapping[Grouping, Text] = {
    Grouping.THEME: Text("每个主题", "each theme"),
    Grouping.DISTRICT: Text("每个区", "each district"),
    Grouping.LEVEL: Text("每个级别", "each level"),
}


@dataclass(frozen=True, slots=True)
class TooFewInGroup(Violation):
    """A ballot with fewer than `minimum` projects of a group. project_ids: those of the group that it names."""

    group_by: Grouping
    group: str
    group_name: Text | LocalizedText
    minimum: int
    chosen: int
    project_ids: tuple[str, ...]
    code: ClassVar = "TOO_FEW_IN_GROUP"
    rule: ClassVar = "GROUP_CHOICE"
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        name, short = _quoted(self.group_name), self.minimum - self.chosen
        return Text(
            "{name}至少须选择{minimum}个项目，目前为{chosen}个，还差{short}个。",
            "Choose at least {projects} of {name}; this ballot has {chosen}, {short} too few.",
            name=name,
            minimum=self.minimum,
            chosen=self.chosen,
            short=short,
            projects=counted(self.minimum, "project"),
        )

    @classmethod
    def example(cls) -> "TooFewInGroup":
        return cls(Grouping.THEME, "HEALTH", localized(zh="卫生健康", en="Health"), 2, 1, ("project/shanghai-2017/7",))


@dataclass(frozen=True, slots=True)
class TooManyInGroup(Violation):
    """A ballot with more than `maximum` projects of a group. project_ids: those of the group that it names."""

    group_by: Grouping
    group: str
    group_name: Text | LocalizedText
    maximum: int
    chosen: int
    project_ids: tuple[str, ...]
    code: ClassVar = "TOO_MANY_IN_GROUP"
    rule: ClassVar = "GROUP_CHOICE"
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        name, over = _quoted(self.group_name), self.chosen - self.maximum
        return Text(
            "{name}最多可选择{maximum}个项目，目前为{chosen}个，多出{over}个。",
            "Choose at most {projects} of {name}; this ballot has {chosen}, {over} too many.",
            name=name,
            maximum=self.maximum,
            chosen=self.chosen,
            over=over,
            projects=counted(self.maximum, "project"),
        )

    @classmethod
    def example(cls) -> "TooManyInGroup":
        ids = tuple(f"project/shanghai-2017/{number}" for number in (7, 8, 9, 10))
        return cls(Grouping.DISTRICT, "310115", localized(zh="浦东新区", en="Pudong New Area"), 3, 4, ids)


@dataclass(frozen=True, slots=True)
class GroupChoiceRule(Rule):
    """At least `minimum` and at most `maximum` projects of a group, by its code; of each group where `group` is None.

    minimum, maximum: None for no such bound; one of them is given.
    """

    group_by: Grouping
    group: str | None
    minimum: int | None
    maximum: int | None
    code: Literal["GROUP_CHOICE"] = "GROUP_CHOICE"

    def description(self, campaign: RuledCampaign) -> Text:
        whose = EACH_GROUP[self.group_by] if self.group is None else _quoted(self._group(campaign, self.group).name)
        return Text(
            "每张选票中，{whose}{how_many}项目。",
            "A ballot names {how_many} of {whose}.",
            whose=whose,
            how_many=self._bounds(),
        )

    def _bounds(self) -> Text:
        match self.minimum, self.maximum:
            case int() as least, int() as most if least != most:
                return Text("须选择{least}至{most}个", "{least} to {most} projects", least=least, most=most)
            case int() as number, int():
                return Text(
                    "须选择{number}个", "exactly {projects}", number=number, projects=counted(number, "project")
                )
            case int() as least, None:
                return Text(
                    "至少须选择{least}个", "at least {projects}", least=least, projects=counted(least, "project")
                )
            case _:
                most = self.maximum or 0
                return Text("最多可选择{most}个", "at most {projects}", most=most, projects=counted(most, "project"))

    def violations(self, attempt: JudgedBallot) -> Iterator[Violation]:
        """Report each group with too few or too many; a project counts once in each of its groups, unknown ones in none."""
        ids, campaign = attempt.draft.project_ids, attempt.campaign
        each = campaign.groups[self.group_by].values() if self.group is None else [self._group(campaign, self.group)]
        for group in each:
            chosen = len(group.project_ids & attempt.chosen)
            if self.minimum is not None and chosen < self.minimum:
                yield TooFewInGroup(self.group_by, group.code, group.name, self.minimum, chosen, _named(group, ids))
            if self.maximum is not None and chosen > self.maximum:
                yield TooManyInGroup(self.group_by, group.code, group.name, self.maximum, chosen, _named(group, ids))

    def goes_by(self, project: Project) -> frozenset[str]:
        return frozenset(code for code, _ in memberships(project, self.group_by))

    def _group(self, campaign: RuledCampaign, code: str) -> Group:
        nobody = Group(code, Text(code, code), frozenset())
        return campaign.groups[self.group_by].get(code, nobody)


def _named(group: Group, ids: Sequence[str]) -> tuple[str, ...]:
    """Those of these ids that are of the group, each once."""
    return tuple(name for name in dict.fromkeys(ids) if name in group.project_ids)


def _quoted(name: Text | LocalizedText) -> Text:
    return Text("“{name}”", "“{name}”", name=name)
