"""What does one rule, alone, say of a ballot?"""

from datetime import datetime
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.voting.ballots import Draft
from api.domain.voting.judging import CastAttempt
from api.domain.voting.rules.base import Rule, Violation
from tests.campaigns import DURING


def reported(rule: Rule, campaign: Campaign, *ids: str, now: datetime = DURING, **known: Any) -> list[Violation]:
    """All violations of a rule by a ballot with these ids; known: what CastAttempt holds of the voter."""
    return list(rule.violations(CastAttempt(Draft(ids), campaign, now, **known)))
