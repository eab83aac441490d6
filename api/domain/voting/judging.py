"""Check a ballot against the rules of its campaign.

The same rules serve castBallot, checkBallot, imports, and front-ends that show them. They decide by their arguments alone,
`now` included, and report everything that is wrong at once. Each kind is a module of domain.voting.rules.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from api.domain.campaigns.campaign import Campaign
from api.domain.voting.ballots import Draft
from api.domain.voting.rules import RuleCode
from api.domain.voting.rules.base import Rule, Violation
from api.domain.voting.rules.choices import ChoiceCountRule
from api.domain.voting.rules.distinct import DistinctChoicesRule
from api.domain.voting.rules.eligible_projects import EligibleProjectsRule
from api.domain.voting.rules.quota import QuotaRule
from api.domain.voting.rules.window import VotingWindowRule

ORDER = [code.name for code in RuleCode]


@dataclass(slots=True)
class CastAttempt:
    """A draft, its campaign, the moment, and what is known of the voter; None: not known, and not judged.

    chosen: the ids that it names, each once. ballots_cast: of the voter in the current period of the quota. votes_for: the same
    by the ids of projects, where votes are cast one by one. claims: the voter's, each with its values. listed: whether the
    campaign's list has the voter.
    """

    draft: Draft
    campaign: Campaign
    now: datetime
    ballots_cast: int | None = None
    votes_for: Mapping[str, int] | None = None
    claims: Mapping[str, tuple[str, ...]] | None = None
    listed: bool | None = None
    chosen: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.chosen = frozenset(self.draft.project_ids)


@lru_cache(maxsize=64)
def rules_of(campaign: Campaign) -> tuple[Rule, ...]:
    """Every rule of a campaign, in the order in which violations are reported."""
    return tuple(sorted(_rules(campaign), key=lambda rule: ORDER.index(rule.code)))


def judge(attempt: CastAttempt) -> tuple[Violation, ...]:
    """Return all that is wrong with an attempt; nothing when it may be cast."""
    violations: list[Violation] = []
    for rule in rules_of(attempt.campaign):
        violations += rule.violations(attempt)
    return tuple(violations)


def _rules(campaign: Campaign) -> Iterator[Rule]:
    local, window = campaign.calendar.local, campaign.window
    if campaign.vote_quota is None:
        yield ChoiceCountRule(campaign.choices.minimum, campaign.choices.maximum)
        yield QuotaRule(campaign.quota.limit, campaign.quota.period)
    else:
        yield ChoiceCountRule(1, 1)
    yield DistinctChoicesRule()
    yield EligibleProjectsRule()
    yield VotingWindowRule(local(window.opens_at), local(window.closes_at), campaign.state)
    yield from campaign.rules
