"""The keys of [rules], the rules that are made of them, and the tree that a rule is read from."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, assert_never

from pydantic import Field

from api.domain.texts import Text, localized
from api.domain.voting.rules import FurtherRule
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.eligibility import EligibilityRule, RequiredClaim
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.hours import VotingHoursRule
from api.domain.voting.rules.votes import VoteQuotaRule
from api.formats.campaign.tree_values import Tree, decimal, given, translations
from api.formats.campaign.value_types import (
    Amount,
    Bound,
    Count,
    Flag,
    GroupBy,
    Localized,
    Period,
    Shape,
    TimeOfDay,
    Viewer,
    VotersPath,
    Words,
    whole,
)

MAX_BALLOTS, MAX_VOTES = 20, 100  # of a voter in a period


class ChoicesShape(Shape):
    """choices in [rules]"""

    minimum: Count
    maximum: Count


class QuotaShape(Shape):
    """quota in [rules]"""

    limit: Annotated[int, Field(ge=1, le=MAX_BALLOTS), whole(1, MAX_BALLOTS)]
    period: Period
    per_channel: Flag = False


class VotesShape(Shape):
    """votes in [rules]"""

    limit: Annotated[int, Field(ge=1, le=MAX_VOTES), whole(1, MAX_VOTES)]
    per_project: Annotated[int, Field(ge=1, le=MAX_VOTES), whole(1, MAX_VOTES)] = 1
    period: Period


class GroupShape(Shape):
    """One of groups in [rules]"""

    group_by: GroupBy
    group: Words | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None


class BudgetShape(Shape):
    """budget in [rules]"""

    limit: Amount


class HoursShape(Shape):
    """hours in [rules]"""

    start: TimeOfDay = Field(alias="from")
    until: TimeOfDay


class ClaimShape(Shape):
    """One of claims in eligibility"""

    claim: Words
    values: Annotated[list[Words], Text("文本的列表", 'a list of texts, such as ["310115"]')] = Field([])


class EligibilityShape(Shape):
    """eligibility in [rules]"""

    claims: Annotated[
        list[ClaimShape], Text("{ claim = …, values = […] }的列表", "a list of { claim = …, values = […] } tables")
    ] = Field([])
    list_: VotersPath | None = Field(None, alias="list")
    viewers: (
        Annotated[
            list[Viewer], Text("投票人id的列表，不为空", "a list of ids of viewers, not empty"), Field(min_length=1)
        ]
        | None
    ) = None
    description: Localized | None = None


class RulesShape(Shape):
    """[rules]"""

    choices: (
        Annotated[ChoicesShape, Text("表{ minimum = …, maximum = … }", "the table { minimum = …, maximum = … }")] | None
    ) = None
    quota: (
        Annotated[QuotaShape, Text('表{ limit = …, period = "DAY" }', 'the table { limit = …, period = "DAY" }')] | None
    ) = None
    votes: (
        Annotated[
            VotesShape,
            Text(
                '表{ limit = …, per_project = …, period = "DAY" }',
                'the table { limit = …, per_project = …, period = "DAY" }',
            ),
        ]
        | None
    ) = None
    groups: Annotated[
        list[GroupShape],
        Text(
            '{ group_by = "THEME", minimum = …, maximum = … }的列表',
            'a list of { group_by = "THEME", minimum = …, maximum = … } tables',
        ),
    ] = Field([])
    budget: Annotated[BudgetShape, Text('表{ limit = "…" }', 'the table { limit = "…" }')] | None = None
    hours: (
        Annotated[
            HoursShape, Text('表{ from = "09:00", until = "22:00" }', 'the table { from = "09:00", until = "22:00" }')
        ]
        | None
    ) = None
    eligibility: (
        Annotated[
            EligibilityShape,
            Text('表{ claims = […] }或{ list = "…" }', 'the table { claims = […] } or { list = "…" }'),
        ]
        | None
    ) = None


def further_rules(shape: RulesShape, languages: Sequence[str]) -> Iterator[FurtherRule]:
    """Make the rules besides choices and quota."""
    for group in shape.groups:
        yield GroupChoiceRule(group.group_by, group.group, group.minimum, group.maximum)
    if shape.budget:
        yield BudgetRule(shape.budget.limit)
    if shape.votes:
        yield VoteQuotaRule(shape.votes.limit, shape.votes.per_project, shape.votes.period)
    if shape.hours:
        yield VotingHoursRule(shape.hours.start, shape.hours.until)
    if shape.eligibility:
        claims = tuple(RequiredClaim(claim.claim, tuple(claim.values)) for claim in shape.eligibility.claims)
        listed = shape.eligibility.list_ is not None or shape.eligibility.viewers is not None
        words = shape.eligibility.description
        yield EligibilityRule(claims, listed, None if words is None else localized(words, languages=languages))


def further_tree(rules: Iterable[FurtherRule], viewers: Sequence[str]) -> Tree:
    """Write the rules besides choices and quota by their keys. viewers: those on the campaign's list, if it has one."""
    tree: Tree = {}
    for rule in rules:
        match rule:
            case GroupChoiceRule(group_by, group, minimum, maximum):
                bounds = {"minimum": minimum, "maximum": maximum}
                row = given({"group_by": group_by.name, "group": group, **bounds})
                tree.setdefault("groups", []).append(row)
            case BudgetRule(limit):
                tree["budget"] = {"limit": decimal(limit)}
            case VoteQuotaRule(limit, per_project, period):
                tree["votes"] = {"limit": limit, "per_project": per_project, "period": period.name}
            case VotingHoursRule(start, end):
                tree["hours"] = {"from": f"{start:%H:%M}", "until": f"{end:%H:%M}"}
            case EligibilityRule():
                tree["eligibility"] = _eligibility_tree(rule, viewers if rule.listed else ())
            case _:
                assert_never(rule)
    return tree


def _eligibility_tree(rule: EligibilityRule, viewers: Sequence[str]) -> Tree:
    claims = [given({"claim": required.claim, "values": list(required.values)}) for required in rule.claims]
    named = [f"viewer/{viewer}" for viewer in viewers]
    return given({"claims": claims, "viewers": named, "description": translations(rule.described)})
