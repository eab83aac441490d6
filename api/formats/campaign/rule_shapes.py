"""The keys of [rules]."""

from typing import Annotated

from pydantic import Field

from api.domain.texts import Text
from api.formats.campaign.values import (
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
