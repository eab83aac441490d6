"""The rules that a campaign may add to the number of choices and the quota of ballots, one module a kind."""

from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.eligibility import EligibilityRule
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.hours import VotingHoursRule
from api.domain.voting.rules.votes import VoteQuotaRule

FurtherRule = GroupChoiceRule | BudgetRule | VoteQuotaRule | VotingHoursRule | EligibilityRule
