"""A project as its organizers send it. Its keys are those of a campaign file (docs/campaign-file.md)."""

from decimal import Decimal

import strawberry

from api.domain.campaigns.projects import Outcome, ProjectLevel
from api.schema.organisers.campaign_input import ImageInput
from api.schema.organisers.texts import TextInput

UNSET = strawberry.UNSET


@strawberry.input(description="A number about a project, as the source states it.")
class FigureInput:
    """Becomes one of a project's `figures`."""

    label: TextInput = strawberry.field(description="What is counted.")
    value: str = strawberry.field(description="The number as text, such as `746` or `19→77`.")
    value_en: str | None = strawberry.field(
        default=UNSET, description="The number in English, where its unit is another one there."
    )
    unit: TextInput | None = strawberry.field(default=UNSET, description="What it is counted in.")
    year: int | None = strawberry.field(default=UNSET, description="The year it is about.")


@strawberry.input(description="A page elsewhere.")
class LinkInput:
    """Becomes one of a project's `links`."""

    title: TextInput = strawberry.field(description="What is there.")
    url: str = strawberry.field(description="Its address.")


@strawberry.input(description="One candidate as a whole. A stored one with the same number is replaced by it.")
class ProjectInput:
    """Becomes one of `projects`."""

    number: int = strawberry.field(description="Its number on the ballot, 1 to 999999, unique in the campaign.")
    code: str | None = strawberry.field(default=UNSET, description="As its organizers write it, such as `M/01/VII`.")
    title: TextInput = strawberry.field(description="Its title.")
    summary: TextInput | None = strawberry.field(default=UNSET, description="What it is, in a few sentences.")
    description: TextInput | None = strawberry.field(default=UNSET, description="A longer text, as CommonMark.")
    organization: TextInput | None = strawberry.field(default=UNSET, description="Who leads it.")
    level: ProjectLevel | None = strawberry.field(default=UNSET, description="Who carries it; left out, not stated.")
    district: str | None = strawberry.field(default=UNSET, description="The code of its district.")
    themes: list[str] | None = strawberry.field(
        default=UNSET, description="Codes of up to 12 of the campaign's themes, the most fitting first."
    )
    start_year: int | None = strawberry.field(default=UNSET, description="The year it began.")
    figures: list[FigureInput] | None = strawberry.field(default=UNSET, description="Numbers about it.")
    images: list[ImageInput] | None = strawberry.field(default=UNSET, description="Pictures of it.")
    links: list[LinkInput] | None = strawberry.field(default=UNSET, description="Pages about it.")
    cost: Decimal | None = strawberry.field(default=UNSET, description="What it costs, in the campaign's currency.")
    outcome: Outcome | None = strawberry.field(default=UNSET, description="How far it has come; left out, a candidate.")
    award: str | None = strawberry.field(default=UNSET, description="The code of the award it has won.")
