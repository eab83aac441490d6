"""The rules of ballots, one module a kind: its parameters, its sentence for voters and its violations.

The modules name their codes; here is what the codes mean, and which kinds a campaign may add to those that every one has.
"""

from enum import Enum

from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.eligibility import EligibilityRule
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.hours import VotingHoursRule
from api.domain.voting.rules.votes import VoteQuotaRule

FurtherRule = GroupChoiceRule | BudgetRule | VoteQuotaRule | VotingHoursRule | EligibilityRule


class RuleCode(Enum):
    """The rules a ballot is checked against."""

    CHOICE_COUNT = "A ballot names at least `minimum` and at most `maximum` different projects."
    DISTINCT_CHOICES = "A ballot names no project twice."
    ELIGIBLE_PROJECTS = "Every project on a ballot stands in the campaign the ballot is cast in."
    GROUP_CHOICE = "A ballot names at least `minimum` and at most `maximum` projects of a group, or of each group."
    BUDGET = "The projects on a ballot cost at most `limit` together."
    QUOTA = "A voter casts at most `limit` ballots in a `period`."
    VOTE_QUOTA = (
        "A ballot is one vote; a voter casts at most `limit` in a `period`, `perProject` of them for one project."
    )
    VOTING_WINDOW = "Ballots are accepted from `opensAt` on and before `closesAt`, but for pauses."
    VOTING_HOURS = (
        "Ballots are accepted from `from` on and before `until` of each day, on the clocks of the campaign's zone."
    )
    ELIGIBILITY = "The voter has the required `claims` and, where `listed`, is on the campaign's list."
    IDEMPOTENCY_KEY = "An idempotency key stands for one ballot of its voter: the same projects, in the same campaign."


class ViolationCode(Enum):
    """What exactly is wrong with a ballot. New codes may be added: treat an unknown one as a refusal."""

    TOO_FEW_CHOICES = "Fewer different projects than the minimum. Ask the voter to choose more."
    TOO_MANY_CHOICES = "More different projects than the maximum. Ask the voter to drop some."
    REPEATED_CHOICES = "Some projects are named more than once. Send each id once."
    UNKNOWN_PROJECTS = "Some ids name no project of this campaign. Fetch the projects again."
    PROJECTS_NOT_STANDING = "Some projects were withdrawn or disqualified. Ask the voter to choose others."
    TOO_FEW_IN_GROUP = "Fewer projects of a group than its minimum. Ask the voter to choose more of them."
    TOO_MANY_IN_GROUP = "More projects of a group than its maximum. Ask the voter to drop some of them."
    BUDGET_EXCEEDED = "The projects cost more than the limit together. Ask the voter to drop some."
    QUOTA_EXHAUSTED = "The voter has no ballot left in this period. Wait until `nextAllowedAt`."
    VOTES_EXHAUSTED = "The voter has no vote left in this period. Wait until `nextAllowedAt`."
    PROJECT_VOTES_EXHAUSTED = (
        "The voter has no vote left for `projectId` in this period. Ask for a vote for another project."
    )
    VOTING_NOT_OPEN = "Voting has not opened yet. Wait until `opensAt`."
    VOTING_CLOSED = "Voting has closed; no further ballot will be accepted."
    VOTING_PAUSED = "The organizer has paused voting. Show the `reason`; it goes on at `until`, where that is known."
    OUTSIDE_VOTING_HOURS = "Voting is not open at this hour. Wait until `opensAt`."
    NOT_ELIGIBLE = "The voter may not vote in this campaign. Signing in otherwise may help."
    IDEMPOTENCY_KEY_REUSED = (
        "The voter has cast another ballot, `ballotId`, with this key. Send this one with a new key."
    )
