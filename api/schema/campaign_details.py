"""The parts of campaigns and projects: voting windows, criteria, themes, figures and sources."""

from datetime import date, datetime

import strawberry

from api.domain.campaigns import campaign, parts, projects
from api.domain.texts import Text
from api.schema.common.texts import optional_own_text, optional_text, own_text, text


@strawberry.type(description="When ballots are accepted: `opensAt <= t < closesAt`.")
class Window:
    """Shows domain.campaigns.calendar.Window, in the campaign's zone."""

    opens_at: datetime = strawberry.field(description="The first instant at which a ballot is accepted.")
    closes_at: datetime = strawberry.field(description="The first instant at which no ballot is accepted any more.")

    @classmethod
    def of(cls, campaign: campaign.Campaign) -> "Window":
        local, window = campaign.calendar.local, campaign.window
        return cls(opens_at=local(window.opens_at), closes_at=local(window.closes_at))


@strawberry.type(description="Where the facts of a campaign come from.")
class Source:
    """Shows domain.campaigns.campaign.Source."""

    publisher: str = strawberry.field(description="Who published them.")
    published: date = strawberry.field(description="The day of publication.")
    url: str | None = strawberry.field(description="Where to read them; null when they were printed only.")

    @classmethod
    def of(cls, source: parts.Source) -> "Source":
        return cls(publisher=source.publisher, published=source.published, url=source.url)


@strawberry.type(description="One thing that the experts score a project by.")
class Criterion:
    """Shows domain.campaigns.campaign.Criterion."""

    value: strawberry.Private[parts.Criterion]
    code: str = strawberry.field(description="Its name for programs, unique within the campaign, such as `INNOVATION`.")
    name: str = own_text(lambda criterion: criterion.value.name, "Its name for people.")

    @classmethod
    def of(cls, criterion: parts.Criterion) -> "Criterion":
        return cls(value=criterion, code=criterion.code)


@strawberry.type(description="What projects are about: a theme of their campaign's own.")
class Theme:
    """Shows domain.campaigns.projects.Theme."""

    value: strawberry.Private[projects.Theme]
    code: str = strawberry.field(description="Its name for programs and filters, such as `ELDER_CARE`.")
    name: str = own_text(lambda theme: theme.value.name, "Its name for people.")
    description: str | None = optional_own_text(
        lambda theme: theme.value.description, "What belongs to it; null when nobody has said."
    )

    @classmethod
    def of(cls, theme: projects.Theme) -> "Theme":
        return cls(value=theme, code=theme.code)


@strawberry.type(description="A number about a project, as the source states it.")
class Figure:
    """Shows domain.campaigns.projects.Figure."""

    figure: strawberry.Private[projects.Figure]
    label: str = text(
        lambda figure: figure.figure.label, "What is counted, with any hedge of the source such as “nearly”."
    )
    value: str = text(
        lambda figure: Text(figure.figure.value, figure.figure.value_en or figure.figure.value),
        "The number as text, since sources write ranges and changes, such as `90→32`. Where the units differ, so do the "
        "numbers: `300` of `万元` are `3 million` of `yuan`.",
    )
    unit: str | None = optional_text(
        lambda figure: figure.figure.unit, "What it is counted in; null where nothing is stated."
    )
    year: int | None = strawberry.field(description="The year it is about; null where the source ties it to none.")

    @classmethod
    def of(cls, figure: projects.Figure) -> "Figure":
        return cls(figure=figure, year=figure.year)
