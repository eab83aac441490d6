"""The keys of [[projects]]."""

from typing import Annotated

from pydantic import Field

from api.domain.campaigns.projects import MAX_THEMES, Outcome, ProjectLevel
from api.domain.texts import Text
from api.formats.campaign.value_types import (
    Amount,
    Code,
    ImageUrl,
    Level,
    Localized,
    LocalizedLong,
    Outcomes,
    Pixels,
    ProjectCode,
    Shape,
    Url,
    Words,
    Year,
    whole,
)

MAX_NUMBER = 999_999


class ImageShape(Shape):
    """A picture"""

    url: ImageUrl
    width: Pixels
    height: Pixels
    alternative: Localized


class LinkShape(Shape):
    """One of a project's links"""

    title: Localized
    url: Url


class FigureShape(Shape):
    """One of a project's figures"""

    label: Localized
    value: Annotated[
        Words,
        Text('引号内的数字文本，如"746"或"19→77"', 'the number as a text, in quotes, such as "746" or "19→77"'),
    ]
    value_en: (
        Annotated[
            Words,
            Text(
                '英文单位不同时的英文数字，在引号内，如"3 million"',
                'the number in English where its unit is another one, in quotes, such as "3 million"',
            ),
        ]
        | None
    ) = None
    unit: Localized | None = None
    year: Year | None = None


class ProjectShape(Shape):
    """One of [[projects]]"""

    number: Annotated[int, Field(ge=1, le=MAX_NUMBER), whole(1, MAX_NUMBER)]
    code: ProjectCode | None = None
    title: Localized
    summary: Localized | None = None
    description: LocalizedLong | None = None
    organization: Localized | None = None
    level: Level = ProjectLevel.UNSTATED
    district: Annotated[str, Text("引号内的地区代码", "the code of a district as a text, in quotes")] | None = None
    themes: Annotated[
        list[Code],
        Text(
            "本评选[[themes]]的至多{max_themes}个不同代码，最贴切的在前",
            "up to {max_themes} different codes of the campaign's own [[themes]], the most fitting first",
            max_themes=MAX_THEMES,
        ),
    ] = Field([])
    start_year: Year | None = None
    figures: Annotated[
        list[FigureShape], Text("{ label = …, value = … }的列表", "a list of { label = …, value = … } tables")
    ] = Field([])
    images: Annotated[
        list[ImageShape],
        Text(
            "{ url = …, width = …, height = …, alternative = … }的列表",
            "a list of { url = …, width = …, height = …, alternative = … } tables",
        ),
    ] = Field([])
    links: Annotated[
        list[LinkShape], Text("{ title = …, url = … }的列表", "a list of { title = …, url = … } tables")
    ] = Field([])
    cost: Amount | None = None
    outcome: Outcomes = Outcome.CANDIDATE
    award: Code | None = None
