"""A campaign as its organizers send it. Its keys are those of a campaign file (docs/campaign-file.md)."""

from datetime import date, datetime

import strawberry

from api.domain.campaigns.projects import ProjectOrderField
from api.domain.campaigns.states import ResultsStep, ResultsVisibility
from api.schema.organisers.selection_input import (
    CODE,
    AwardInput,
    CampaignStageInput,
    CriterionInput,
    PanelInput,
)
from api.schema.organisers.texts import TextInput
from api.schema.rules import RulesInput

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


@strawberry.input(description="Something of the campaign's own that has a name: a district.")
class NamedInput:
    """Becomes one of `own_districts`."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name.")


@strawberry.input(description="What projects can be about.")
class ThemeInput:
    """Becomes one of `themes`."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name.")
    description: TextInput | None = strawberry.field(default=UNSET, description="What belongs to it.")


@strawberry.input(description="When ballots are accepted: `opensAt <= t < closesAt`.")
class WindowInput:
    """Becomes `voting_window`."""

    opens_at: datetime = strawberry.field(description="The first instant at which a ballot is accepted.")
    closes_at: datetime = strawberry.field(description="The first instant at which no ballot is accepted any more.")


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
    project_order: ProjectOrderField | None = strawberry.field(
        default=UNSET, description="By what its projects are listed where `orderBy` is left out; left out, by number."
    )
    own_districts: list[NamedInput] | None = strawberry.field(default=UNSET, description="Districts of its own.")
    themes: list[ThemeInput] | None = strawberry.field(default=UNSET, description="Themes of its own.")
    awards: list[AwardInput] | None = strawberry.field(default=UNSET, description="What projects can win.")
    voting_window: WindowInput | None = strawberry.field(
        default=UNSET, description="When ballots are accepted. Required."
    )
    rules: RulesInput | None = strawberry.field(
        default=UNSET, description="What ballots are checked against. Required."
    )
    stages: list[CampaignStageInput] | None = strawberry.field(default=UNSET, description="The steps of the selection.")
    criteria: list[CriterionInput] | None = strawberry.field(default=UNSET, description="What the experts score by.")
    panel: PanelInput | None = strawberry.field(default=UNSET, description="When the experts score, and how.")
    lot_digest: str | None = strawberry.field(
        default=UNSET,
        description="The SHA-256, in 64 small hexadecimal digits, of the seed by which lots are drawn: of its text in UTF-8. "
        "Keep the seed to yourself until then.",
    )


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
