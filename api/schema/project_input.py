"""What an organizer says of a project, and the texts, pictures and links that campaigns have as well."""

from decimal import Decimal

import strawberry
from strawberry import UNSET

from api.domain.campaigns.projects import Outcome, ProjectLevel

CODE = "Its name for programs: letters, digits, `_` and `-`, beginning with a letter, at most 40 characters."


@strawberry.input(description="A text in a language that has no field of its own.")
class LanguageText:
    """A translation by its tag."""

    tag: str = strawberry.field(description="The language, as BCP 47 has it: `ug`, `zh-Hant`.")
    text: str = strawberry.field(description="The text.")


@strawberry.input(
    description="A text in some of the languages of its campaign, the campaign's own among them. Whoever asks for another one "
    "gets the campaign's own."
)
class TextInput:
    """Becomes domain.texts.LocalizedText."""

    zh: str | None = strawberry.field(default=UNSET, description="In Chinese.")
    en: str | None = strawberry.field(default=UNSET, description="In English.")
    other: list[LanguageText] | None = strawberry.field(default=UNSET, description="In other languages.")


@strawberry.input(description="A picture.")
class ImageInput:
    """Becomes domain.campaigns.projects.Image."""

    url: str = strawberry.field(description="Its address: the one that an upload was given, or `https://`.")
    width: int | None = strawberry.field(
        default=UNSET, description="In pixels; needed for a picture that was not uploaded here."
    )
    height: int | None = strawberry.field(
        default=UNSET, description="In pixels; needed for a picture that was not uploaded here."
    )
    alternative: TextInput = strawberry.field(description="What it shows, for those who do not see it.")


@strawberry.input(description="A page elsewhere.")
class LinkInput:
    """Becomes domain.campaigns.projects.Link."""

    title: TextInput = strawberry.field(description="What it leads to.")
    url: str = strawberry.field(description="Its address, `https://` or `http://`.")


@strawberry.input(description="A number about a project, as its source states it.")
class FigureInput:
    """Becomes domain.campaigns.projects.Figure."""

    label: TextInput = strawberry.field(description="What is counted.")
    value: str = strawberry.field(description="The number as text, such as `90→32`.")
    value_en: str | None = strawberry.field(
        default=UNSET, description="The number in English where its unit is another one there."
    )
    unit: TextInput | None = strawberry.field(default=UNSET, description="What it is counted in.")
    year: int | None = strawberry.field(default=UNSET, description="The year it is about.")


@strawberry.input(description="A project as its organizer puts it to the vote; what is not known is left out.")
class ProjectInput:
    """Becomes domain.campaigns.projects.Project."""

    number: int = strawberry.field(
        description="Its number as printed, from 1 to 999999, by which it is known: it need not follow another."
    )
    title: TextInput = strawberry.field(description="Its title, as printed.")
    code: str | None = strawberry.field(default=UNSET, description="How its organizers write it, such as `M/01/VII`.")
    summary: TextInput | None = strawberry.field(default=UNSET, description="What it does and for whom.")
    description: TextInput | None = strawberry.field(
        default=UNSET, description="A longer text about it, in CommonMark."
    )
    organization: TextInput | None = strawberry.field(default=UNSET, description="Who leads it.")
    level: ProjectLevel | None = strawberry.field(default=UNSET, description="Who carries it; left out, not stated.")
    district: str | None = strawberry.field(
        default=UNSET, description="The code of its district: of the campaign's own, or else of the shared gazetteer."
    )
    themes: list[str] | None = strawberry.field(
        default=UNSET, description="Codes of up to three themes of its campaign, the most fitting first."
    )
    start_year: int | None = strawberry.field(default=UNSET, description="The year it began.")
    figures: list[FigureInput] | None = strawberry.field(default=UNSET, description="Numbers about it.")
    images: list[ImageInput] | None = strawberry.field(
        default=UNSET, description="Its pictures, the first one in lists."
    )
    links: list[LinkInput] | None = strawberry.field(default=UNSET, description="Pages about it.")
    cost: Decimal | None = strawberry.field(default=UNSET, description="What it costs, in the campaign's currency.")
    outcome: Outcome | None = strawberry.field(
        default=UNSET, description="How far it has come in the selection; left out, it is a candidate."
    )
    award: str | None = strawberry.field(default=UNSET, description="The code of the award that it has won.")
