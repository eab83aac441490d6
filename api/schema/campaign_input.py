"""What an organizer says of a campaign: the keys of a campaign file, under the names that GraphQL gives them."""

from datetime import date, datetime

import strawberry
from strawberry import UNSET

from api.domain.campaigns.campaign import ResultsStep, ResultsVisibility
from api.domain.campaigns.stages import TieStep
from api.schema.project_input import CODE, ImageInput, TextInput
from api.schema.rules import RulesInput


@strawberry.input(description="When ballots are accepted: `opensAt <= t < closesAt`.")
class WindowInput:
    """Becomes domain.campaigns.calendar.Window."""

    opens_at: datetime = strawberry.field(description="The first instant at which a ballot is accepted.")
    closes_at: datetime = strawberry.field(
        description="The first instant at which no ballot is accepted any more; at most 366 days later."
    )


@strawberry.input(description="The publication that the facts of a campaign come from.")
class SourceInput:
    """Becomes domain.campaigns.campaign.Source."""

    publisher: str = strawberry.field(description="Who published it.")
    published: date = strawberry.field(description="When.")
    url: str | None = strawberry.field(default=UNSET, description="Its address, `https://` or `http://`.")


@strawberry.input(description="What projects are about: a theme, or category, of the campaign's own.")
class ThemeInput:
    """Becomes domain.campaigns.projects.Theme."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name for people.")
    description: TextInput | None = strawberry.field(default=UNSET, description="What belongs to it.")


@strawberry.input(description="A district of the campaign's own, where those of the shared gazetteer do not fit.")
class DistrictInput:
    """Becomes domain.campaigns.projects.District."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name for people.")


@strawberry.input(description="What projects can win. An award may stay vacant.")
class AwardInput:
    """Becomes domain.campaigns.campaign.Award."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name for people.")
    seats: int = strawberry.field(description="How many projects can have it.")


@strawberry.input(description="One thing that experts score a project by.")
class CriterionInput:
    """Becomes domain.campaigns.campaign.Criterion."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name for people.")


@strawberry.input(description="One step of the selection, in the order in which they are decided.")
class CampaignStageInput:
    """Becomes domain.campaigns.stages.Stage."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name for people.")
    seats: int = strawberry.field(description="How many projects pass it; no more than pass the stage before it.")
    decided: bool = strawberry.field(default=False, description="Whether it is decided already.")
    decided_at: datetime | None = strawberry.field(default=UNSET, description="When it was decided.")
    formula: str | None = strawberry.field(
        default=UNSET, description="How votes and expert scores make the final score, in words."
    )
    ties: list[TieStep] | None = strawberry.field(
        default=UNSET,
        description="What is done where projects are equal and not all of them fit: each step settles what the one before "
        "it has left. A stage that is not decided needs it before its campaign can be presented.",
    )


@strawberry.input
class _CampaignParts:
    """What a campaign and an amendment of one have in common."""

    edition: int | None = strawberry.field(
        default=UNSET, description="Which edition of a recurring selection it is, from 1 to 9999."
    )
    time_zone: str | None = strawberry.field(
        default=UNSET, description="The name of its IANA time zone, such as `Asia/Shanghai` (needed)."
    )
    languages: list[str] | None = strawberry.field(
        default=UNSET,
        description="The languages of its texts, as BCP 47 has them (RFC 5646), its own first: each text is in that one at "
        "least. Left out: `zh` and `en`.",
    )
    title: TextInput | None = strawberry.field(default=UNSET, description="Its title (needed).")
    organizer: TextInput | None = strawberry.field(default=UNSET, description="Who runs it (needed).")
    candidate_term: TextInput | None = strawberry.field(
        default=UNSET, description="The word for what is chosen among, such as 作品; left out, 项目."
    )
    cover: ImageInput | None = strawberry.field(default=UNSET, description="The picture at its head.")
    currency: str | None = strawberry.field(
        default=UNSET, description="The currency of its projects' costs, as ISO 4217 has it: `CNY`."
    )
    source: SourceInput | None = strawberry.field(default=UNSET, description="Where its facts were published.")
    published_at: datetime | None = strawberry.field(
        default=UNSET, description="From when on the outcome is public; not before voting closes."
    )
    results_visibility: ResultsVisibility | None = strawberry.field(
        default=UNSET, description="When the standings may be seen (needed)."
    )
    results_at: str | None = strawberry.field(
        default=UNSET,
        description="With `DAILY`: the time of the day, `HH:MM` on its clocks, as of which standings are seen.",
    )
    results_step: ResultsStep | None = strawberry.field(
        default=UNSET, description="With `LIVE`: how often standings are brought up to date; left out, every second."
    )
    voting_window: WindowInput | None = strawberry.field(
        default=UNSET, description="When ballots are accepted (needed)."
    )
    rules: RulesInput | None = strawberry.field(default=UNSET, description="What a ballot is checked against (needed).")
    themes: list[ThemeInput] | None = strawberry.field(default=UNSET, description="Its themes, in its order.")
    own_districts: list[DistrictInput] | None = strawberry.field(
        default=UNSET, description="Its own districts; left out, projects name districts of the shared gazetteer."
    )
    awards: list[AwardInput] | None = strawberry.field(default=UNSET, description="Its awards, the highest first.")
    stages: list[CampaignStageInput] | None = strawberry.field(default=UNSET, description="Its stages, in their order.")
    criteria: list[CriterionInput] | None = strawberry.field(default=UNSET, description="What experts score by.")


@strawberry.input(
    description="A campaign as its organizer sets it up, without its projects. It has the keys of a campaign file and is "
    "checked as one is: what is missing or wrong is told as problems, all at once."
)
class CampaignInput(_CampaignParts):
    """Becomes the tree of a campaign file (schema.input_trees)."""

    slug: str = strawberry.field(
        description="Its short name in addresses and ids: at most 64 small letters and digits, joined by single hyphens, "
        "such as `shanghai-2017`. It never changes."
    )


@strawberry.input(
    description="What changes of a campaign. A field that is left out stays as it is; null removes what was there; a list "
    "replaces the list."
)
class CampaignAmendment(_CampaignParts):
    """Becomes a part of the tree of a campaign file (schema.input_trees)."""
