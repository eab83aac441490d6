"""A campaign as its organizers send it. Its keys are those of a campaign file (docs/campaign-file.md)."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from api.domain.campaigns.campaign import ResultsStep, ResultsVisibility
from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.stages import TieStep
from api.domain.voting.quota import QuotaPeriod
from api.schema.organisers.texts import TextInput

CODE = "Its name for programs, unique among its like: letters, digits, `_` and `-`, a letter first, at most 40."
UNSET = strawberry.UNSET


@strawberry.input(description="A picture by its address.")
class ImageInput:
    """Becomes `cover`, or one of a project's `images`."""

    url: str = strawberry.field(description="Where it is: an address of this server, as `uploadUrl` gives it.")
    width: int | None = strawberry.field(default=UNSET, description="In pixels.")
    height: int | None = strawberry.field(default=UNSET, description="In pixels.")
    alternative: TextInput = strawberry.field(description="What it shows, for those who do not see it.")


@strawberry.input(description="Where the facts of a campaign come from.")
class SourceInput:
    """Becomes `source`."""

    publisher: str = strawberry.field(description="Who published them.")
    published: date = strawberry.field(description="The day of publication.")
    url: str | None = strawberry.field(default=UNSET, description="Where to read them.")


@strawberry.input(description="A district of the campaign's own.")
class DistrictInput:
    """Becomes one of `own_districts`."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name.")


@strawberry.input(description="What projects can be about.")
class ThemeInput:
    """Becomes one of `themes`."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name.")
    description: TextInput | None = strawberry.field(default=UNSET, description="What belongs to it.")


@strawberry.input(description="What projects can win.")
class AwardInput:
    """Becomes one of `awards`."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name.")
    seats: int = strawberry.field(description="How many projects can win it; it may stay vacant.")


@strawberry.input(description="When ballots are accepted: `opensAt <= t < closesAt`.")
class WindowInput:
    """Becomes `voting_window`."""

    opens_at: datetime = strawberry.field(description="The first instant at which a ballot is accepted.")
    closes_at: datetime = strawberry.field(description="The first instant at which no ballot is accepted any more.")


@strawberry.input(description="How many different projects a ballot names.")
class ChoicesInput:
    """Becomes `rules.choices`."""

    minimum: int = strawberry.field(description="At least so many.")
    maximum: int = strawberry.field(description="At most so many.")


@strawberry.input(description="How many ballots a voter may cast.")
class QuotaInput:
    """Becomes `rules.quota`."""

    limit: int = strawberry.field(description="At most so many in one period.")
    period: QuotaPeriod = strawberry.field(description="The time over which the limit counts.")
    per_channel: bool | None = strawberry.field(
        default=UNSET, description="Whether the limit counts for each channel by itself."
    )


@strawberry.input(description="How many projects of a group a ballot names.")
class GroupRuleInput:
    """Becomes one of `rules.groups`."""

    group_by: Grouping = strawberry.field(description="By what projects are grouped.")
    group: str | None = strawberry.field(
        default=UNSET, description="The code of the group; left out, the rule is for each."
    )
    minimum: int | None = strawberry.field(default=UNSET, description="At least so many of the group.")
    maximum: int | None = strawberry.field(default=UNSET, description="At most so many of the group.")


@strawberry.input(description="What the chosen projects may cost together.")
class BudgetInput:
    """Becomes `rules.budget`."""

    limit: Decimal = strawberry.field(description="At most so much, in the campaign's currency.")


@strawberry.input(description="Votes that are cast one by one.")
class VoteQuotaInput:
    """Becomes `rules.votes`."""

    limit: int = strawberry.field(description="At most so many votes a period.")
    per_project: int = strawberry.field(description="At most so many of them for one project.")
    period: QuotaPeriod = strawberry.field(description="The time over which the limits count.")


@strawberry.input(description="The hours of the day in which ballots are accepted, by the campaign's clocks.")
class VotingHoursInput:
    """Becomes `rules.hours`."""

    from_: str = strawberry.field(name="from", description="From then on, as `09:00`.")
    until: str = strawberry.field(description="Until just before then, as `22:00`.")


@strawberry.input(description="A claim that a voter's sign-in has to have.")
class ClaimInput:
    """Becomes one of `rules.eligibility.claims`."""

    claim: str = strawberry.field(description="Its name, as the sign-in provider has it.")
    values: list[str] | None = strawberry.field(
        default=UNSET, description="It has one of these; left out, it is there."
    )


@strawberry.input(description="Who may vote.")
class EligibilityInput:
    """Becomes `rules.eligibility`."""

    claims: list[ClaimInput] | None = strawberry.field(default=UNSET, description="Whoever has all of these claims.")
    viewers: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Whoever is on this list, by the ids that `viewer` shows."
    )
    description: TextInput | None = strawberry.field(default=UNSET, description="Who that is, in words for voters.")


@strawberry.input(description="What a ballot is checked against. Either `choices` and `quota`, or `votes`.")
class RulesInput:
    """Becomes `rules`."""

    choices: ChoicesInput | None = strawberry.field(default=UNSET, description="How many projects a ballot names.")
    quota: QuotaInput | None = strawberry.field(default=UNSET, description="How many ballots a voter casts.")
    groups: list[GroupRuleInput] | None = strawberry.field(default=UNSET, description="How many of each group.")
    budget: BudgetInput | None = strawberry.field(default=UNSET, description="What they may cost together.")
    votes: VoteQuotaInput | None = strawberry.field(default=UNSET, description="For votes cast one by one.")
    hours: VotingHoursInput | None = strawberry.field(default=UNSET, description="At which hours of the day.")
    eligibility: EligibilityInput | None = strawberry.field(default=UNSET, description="Who may vote.")


@strawberry.input(description="One step of the selection.")
class StageInput:
    """Becomes one of `stages`."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name.")
    seats: int = strawberry.field(description="How many projects pass it.")
    decided: bool = strawberry.field(default=False, description="Whether it is decided.")
    decided_at: datetime | None = strawberry.field(default=UNSET, description="When it was decided.")
    formula: str | None = strawberry.field(
        default=UNSET, description="How votes and expert scores make the final score."
    )
    ties: list[TieStep] | None = strawberry.field(
        default=UNSET, description="How ties at its cut line are settled, in this order. Required before presenting."
    )


@strawberry.input(description="One thing that the experts score by.")
class CriterionInput:
    """Becomes one of `criteria`."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name.")


@strawberry.input(
    description="What changes of a campaign. A key that is left out stays as it is; null removes it; a list or a table "
    "replaces the one there was."
)
class CampaignAmendment:
    """Becomes the keys of a campaign file, without the slug and the projects."""

    title: TextInput | None = strawberry.field(default=UNSET, description="Its title. Required.")
    edition: int | None = strawberry.field(default=UNSET, description="Which edition of a recurring selection it is.")
    time_zone: str | None = strawberry.field(
        default=UNSET, description="An IANA name such as `Asia/Shanghai`. Required."
    )
    languages: list[str] | None = strawberry.field(
        default=UNSET, description="BCP 47 tags of the languages it is in, its own first; left out, `zh` and `en`."
    )
    candidate_term: TextInput | None = strawberry.field(
        default=UNSET, description="The word for what is chosen among; left out, 项目 and project."
    )
    organizer: TextInput | None = strawberry.field(default=UNSET, description="Who runs it. Required.")
    currency: str | None = strawberry.field(default=UNSET, description="ISO 4217, where projects cost something.")
    cover: ImageInput | None = strawberry.field(default=UNSET, description="Its picture.")
    source: SourceInput | None = strawberry.field(default=UNSET, description="Where its facts come from.")
    published_at: datetime | None = strawberry.field(
        default=UNSET, description="From when on its outcome is public; not before voting closes."
    )
    results_visibility: ResultsVisibility | None = strawberry.field(
        default=UNSET, description="When the standings may be seen. Required."
    )
    results_at: str | None = strawberry.field(
        default=UNSET, description="As of which time of the day DAILY standings are seen, as `09:00`."
    )
    results_step: ResultsStep | None = strawberry.field(
        default=UNSET, description="How often LIVE standings are brought up to date; left out, every second."
    )
    own_districts: list[DistrictInput] | None = strawberry.field(default=UNSET, description="Districts of its own.")
    themes: list[ThemeInput] | None = strawberry.field(default=UNSET, description="Themes of its own.")
    awards: list[AwardInput] | None = strawberry.field(default=UNSET, description="What projects can win.")
    voting_window: WindowInput | None = strawberry.field(
        default=UNSET, description="When ballots are accepted. Required."
    )
    rules: RulesInput | None = strawberry.field(
        default=UNSET, description="What ballots are checked against. Required."
    )
    stages: list[StageInput] | None = strawberry.field(default=UNSET, description="The steps of the selection.")
    criteria: list[CriterionInput] | None = strawberry.field(default=UNSET, description="What the experts score by.")


@strawberry.input(
    description="A campaign without its projects. Its keys are those of a campaign file, and so are its mistakes: what is "
    "missing or wrong is a problem with its place, and all problems come at once."
)
class CampaignInput(CampaignAmendment):
    """Becomes a campaign file without projects."""

    slug: str = strawberry.field(
        description="Its short name in addresses and ids: small letters and digits, joined by single hyphens, at most 64. It "
        "never changes."
    )
