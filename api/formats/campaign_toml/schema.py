"""The keys of a campaign file and the values that each may have.

The description of a field completes the sentence "Write …" in the remedy of a mistake.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from api.domain.campaigns.campaign import ResultsVisibility
from api.domain.campaigns.projects import Outcome, ProjectLevel
from api.domain.campaigns.stages import TieStep
from api.domain.ids import SLUG
from api.domain.voting.quota import QuotaPeriod
from api.formats.campaign_toml.checks import (
    address,
    by_name,
    matching,
    one_of,
    relative_path,
    text_that_shows,
    time_in_years,
    zone,
)

Words = Annotated[str, AfterValidator(text_that_shows)]
Time = Annotated[AwareDatetime, AfterValidator(time_in_years)]
Year = Annotated[int, Field(ge=1900, le=2100)]
Code = Annotated[str, matching(r"[A-Za-z][A-Za-z0-9_-]{0,39}")]

WORDS = (
    "a text that shows something, not empty, with no white space at its ends, no line breaks and no control characters"
)
BOTH = 'the text in both languages: { zh = "…", en = "…" }'
TIME = "a time from 1900 to 2100 with its offset, such as 2017-03-22T00:00:00+08:00"
YEAR = "a year from 1900 to 2100"
CODE = 'a code of letters, digits, "_" and "-" that begins with a letter and has at most 40 characters'
THEMES = "up to three different codes of the campaign's own [[themes]], the most fitting first"


class Shape(BaseModel):
    """A table of the file. Values are not converted, and unknown keys are errors."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class TextShape(Shape):
    """A text in both languages."""

    zh: Words = Field(description=WORDS)
    en: Words = Field(description=WORDS)


class WindowShape(Shape):
    """[voting_window]"""

    opens_at: Time = Field(description=TIME)
    closes_at: Time = Field(description=TIME)


class ChoicesShape(Shape):
    """choices in [rules]"""

    minimum: int = Field(ge=1, description="a whole number of at least 1")
    maximum: int = Field(ge=1, description="a whole number of at least 1")


class QuotaShape(Shape):
    """quota in [rules]"""

    limit: int = Field(ge=1, le=20, description="a whole number from 1 to 20")
    period: Annotated[QuotaPeriod, by_name(QuotaPeriod)] = Field(description=one_of(QuotaPeriod))


class RulesShape(Shape):
    """[rules]"""

    choices: ChoicesShape = Field(description="the table { minimum = …, maximum = … }")
    quota: QuotaShape = Field(description='the table { limit = …, period = "DAY" }')


class SourceShape(Shape):
    """[source]"""

    publisher: Words = Field(description=WORDS)
    published: date = Field(description="a date such as 2017-03-21")
    url: Annotated[str, matching(r"https?://[!-~]{1,2000}"), AfterValidator(address)] | None = Field(
        None, description="an address that begins with https:// or http://, names a host and holds no spaces"
    )


class StageShape(Shape):
    """One of [[stages]]"""

    code: Code = Field(description=CODE)
    name: TextShape = Field(description=BOTH)
    seats: int = Field(ge=1, le=10**6, description="a whole number from 1 to 1000000")
    decided: bool = Field(description="true or false")
    decided_at: Time | None = Field(None, description=TIME)
    formula: Words | None = Field(None, description=WORDS)
    ties: list[Annotated[TieStep, by_name(TieStep)]] = Field([], description=f"a list of {one_of(TieStep)}")


class CriterionShape(Shape):
    """One of [[criteria]]"""

    code: Code = Field(description=CODE)
    name: TextShape = Field(description=BOTH)


class ThemeShape(Shape):
    """One of [[themes]]"""

    code: Code = Field(description=CODE)
    name: TextShape = Field(description=BOTH)
    description: TextShape | None = Field(None, description=BOTH)


class FigureShape(Shape):
    """One of a project's figures"""

    label: TextShape = Field(description=BOTH)
    value: Words = Field(description='the number as a text, in quotes, such as "746" or "19→77"')
    value_en: Words | None = Field(
        None, description='the number in English where its unit is another one, in quotes, such as "3 million"'
    )
    unit: TextShape | None = Field(None, description=BOTH)
    year: Year | None = Field(None, description=YEAR)


class ProjectShape(Shape):
    """One of [[projects]]"""

    number: int = Field(ge=1, le=9999, description="a whole number from 1 to 9999")
    title: TextShape = Field(description=BOTH)
    summary: TextShape = Field(description=BOTH)
    organization: TextShape | None = Field(None, description=BOTH)
    level: Annotated[ProjectLevel, by_name(ProjectLevel)] = Field(description=one_of(ProjectLevel))
    district: str | None = Field(None, description="the code of a district as a text, in quotes")
    themes: list[Code] = Field([], description=THEMES)
    start_year: Year | None = Field(None, description=YEAR)
    figures: list[FigureShape] = Field([], description="a list of { label = …, value = … } tables")
    outcome: Annotated[Outcome, by_name(Outcome)] = Field(Outcome.CANDIDATE, description=one_of(Outcome))


class CampaignShape(Shape):
    """A campaign file"""

    slug: Annotated[str, Field(max_length=64), matching(SLUG)] = Field(
        description='a name of at most 64 small letters and digits, joined by single hyphens, such as "shanghai-2017"'
    )
    edition: Annotated[int, Field(ge=1, le=9999)] | None = Field(None, description="a whole number from 1 to 9999")
    time_zone: Annotated[str, AfterValidator(zone)] = Field(
        description='the name of an IANA time zone, such as "Asia/Shanghai" (all of China) or "Europe/London"'
    )
    districts: Annotated[Words, AfterValidator(relative_path)] = Field(
        description='the path of the districts file, seen from this file, such as "districts.toml"'
    )
    results_visibility: Annotated[ResultsVisibility, by_name(ResultsVisibility)] = Field(
        description=one_of(ResultsVisibility)
    )
    published_at: Time | None = Field(None, description=TIME)
    title: TextShape = Field(description=BOTH)
    organizer: TextShape = Field(description=BOTH)
    voting_window: WindowShape = Field(description="a [voting_window] table with opens_at and closes_at")
    rules: RulesShape = Field(description="a [rules] table with choices and quota")
    source: SourceShape | None = Field(None, description="a [source] table with publisher and published")
    stages: list[StageShape] = Field([], description="one [[stages]] table for each stage")
    themes: list[ThemeShape] = Field([], description="one [[themes]] table for each theme")
    criteria: list[CriterionShape] = Field([], description="one [[criteria]] table for each criterion")
    projects: list[ProjectShape] = Field(description="one [[projects]] table for each candidate")


class DistrictShape(Shape):
    """One of [[districts]]"""

    code: Annotated[str, matching(r"[0-9]{2,12}")] = Field(
        description='a code of 2 to 12 digits as a text, in quotes, such as "310115"'
    )
    name: TextShape = Field(description=BOTH)


class DistrictsShape(Shape):
    """A districts file"""

    districts: list[DistrictShape] = Field(description="one [[districts]] table for each district")


def fields_at(shape: type[Shape], place: tuple[str | int, ...]) -> type[Shape]:
    """Return the schema of the innermost table at this place."""
    for step in place:
        if isinstance(step, str):
            shape = _table_in(shape.model_fields[step].annotation) or shape
    return shape


def _table_in(annotation: Any) -> type[Shape] | None:
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation
    inner = (_table_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((table for table in inner if table), None)
