"""What an organizer says of the rules of a campaign."""

from decimal import Decimal

import strawberry
from strawberry import UNSET

from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.rules.groups import Grouping
from api.schema.project_input import TextInput


@strawberry.input(description="How many different projects a ballot names.")
class ChoicesInput:
    """Becomes domain.campaigns.campaign.ChoiceRange."""

    minimum: int = strawberry.field(description="The fewest, at least 1.")
    maximum: int = strawberry.field(description="The most, no more than there are projects.")


@strawberry.input(description="How many ballots a voter casts in a period.")
class QuotaInput:
    """Becomes domain.voting.quota.Quota."""

    limit: int = strawberry.field(description="The most, from 1 to 20.")
    period: QuotaPeriod = strawberry.field(description="The time over which it counts.")
    per_channel: bool = strawberry.field(
        default=False, description="Whether a voter has so many by each channel: web, WeChat, paper and so on."
    )


@strawberry.input(description="How many projects of a group a ballot names; `minimum`, `maximum` or both.")
class GroupChoiceInput:
    """Becomes domain.voting.rules.groups.GroupChoiceRule."""

    group_by: Grouping = strawberry.field(description="By what projects are grouped.")
    group: str | None = strawberry.field(
        default=UNSET,
        description="The group: the code of a theme or a district, or the name of a level. Left out: each group.",
    )
    minimum: int | None = strawberry.field(default=UNSET, description="The fewest of the group.")
    maximum: int | None = strawberry.field(default=UNSET, description="The most of the group.")


@strawberry.input(description="What the projects on a ballot may cost together.")
class BudgetInput:
    """Becomes domain.voting.rules.budget.BudgetRule."""

    limit: Decimal = strawberry.field(description="The most, in the campaign's currency.")


@strawberry.input(
    description="Votes cast one by one, instead of ballots of several projects: each ballot names one project."
)
class VotesInput:
    """Becomes domain.voting.rules.votes.VoteQuotaRule."""

    limit: int = strawberry.field(description="The most votes of a voter in a period, from 1 to 100.")
    per_project: int = strawberry.field(default=1, description="The most of them for one project.")
    period: QuotaPeriod = strawberry.field(description="The time over which they count.")


@strawberry.input(description="The hours of the day in which ballots are accepted, on the campaign's clocks.")
class VotingHoursInput:
    """Becomes domain.voting.rules.hours.VotingHoursRule."""

    from_: str = strawberry.field(name="from", description="The first minute of them, `HH:MM`.")
    until: str = strawberry.field(
        description="The first minute after them, `HH:MM`; not after `from` means on the next day."
    )


@strawberry.input(description="A claim that a voter's sign-in has to bring.")
class RequiredClaimInput:
    """Becomes domain.voting.rules.eligibility.RequiredClaim."""

    claim: str = strawberry.field(description="The name of the claim in the provider's tokens, such as `residence`.")
    values: list[str] | None = strawberry.field(
        default=UNSET, description="The values of which it has one; left out, any value."
    )


@strawberry.input(
    description="Who may vote: whoever brings all these claims and is on this list, as far as they are given."
)
class EligibilityInput:
    """Becomes domain.voting.rules.eligibility.EligibilityRule."""

    claims: list[RequiredClaimInput] | None = strawberry.field(default=UNSET, description="Claims of the sign-in.")
    viewers: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="The ids of those who may vote, as `Viewer.id` has them; left out, whoever signs in."
    )
    description: TextInput | None = strawberry.field(default=UNSET, description="Who may vote, in words for voters.")


@strawberry.input(
    description="What a ballot is checked against: `choices` and `quota`, or `votes` in their stead, and what else holds."
)
class RulesInput:
    """Becomes the rules of domain.campaigns.campaign.Campaign."""

    choices: ChoicesInput | None = strawberry.field(default=UNSET, description="How many projects a ballot names.")
    quota: QuotaInput | None = strawberry.field(default=UNSET, description="How many ballots a voter casts.")
    votes: VotesInput | None = strawberry.field(
        default=UNSET, description="Votes one by one, instead of the two above."
    )
    groups: list[GroupChoiceInput] | None = strawberry.field(default=UNSET, description="How many of a group.")
    budget: BudgetInput | None = strawberry.field(default=UNSET, description="What choices may cost together.")
    hours: VotingHoursInput | None = strawberry.field(default=UNSET, description="Hours of the day.")
    eligibility: EligibilityInput | None = strawberry.field(
        default=UNSET, description="Who may vote; left out, everybody who signs in."
    )
