"""The keys of a campaign and the values that each may have: of a file in TOML, and of what comes over GraphQL."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, get_origin

from pydantic import Field
from pydantic.fields import FieldInfo

from api.domain.campaigns.projects import ProjectOrderField
from api.domain.campaigns.states import ResultsStep
from api.domain.texts import Text
from api.formats.campaign.project_shapes import ImageShape, ProjectShape
from api.formats.campaign.review_shapes import MAX_CRITERIA, CriterionShape, PanelShape
from api.formats.campaign.rule_shapes import RulesShape
from api.formats.campaign.stage_shapes import MAX_STAGES, StageShape
from api.formats.campaign.value_types import (
    Code,
    Currency,
    DistrictCode,
    DistrictsPath,
    Localized,
    OwnDistrictCode,
    ProjectListing,
    Seats,
    Sha256,
    Shape,
    SignedNumber,
    Slug,
    Step,
    Tag,
    Time,
    TimeOfDay,
    Url,
    Visibility,
    Words,
    Zone,
    whole,
)

MAX_PROJECTS, MAX_AWARDS = 5_000, 100


def _tables(name: str, zh: str, en: str, most: int | None = None) -> Text:
    at_most = Text("", "") if most is None else Text("，最多{most}个", ", at most {most}", most=most)
    return Text(
        "每{zh}一个[[{name}]]表{at_most}",
        "one [[{name}]] table for each {en}{at_most}",
        zh=zh,
        name=name,
        at_most=at_most,
        en=en,
    )


PROJECTS = Text("每个候选项目一个[[projects]]表，最多5000个", "one [[projects]] table for each candidate, at most 5000")


class WindowShape(Shape):
    """[voting_window]"""

    opens_at: Time
    closes_at: Time


class SourceShape(Shape):
    """[source]"""

    publisher: Words
    published: Annotated[date, Text("日期，如2017-03-21", "a date such as 2017-03-21")]
    url: Url | None = None


class ThemeShape(Shape):
    """One of [[themes]]"""

    code: Code
    name: Localized
    description: Localized | None = None


class OwnDistrictShape(Shape):
    """One of [[own_districts]]"""

    code: OwnDistrictCode
    name: Localized


class AwardShape(Shape):
    """One of [[awards]]"""

    code: Code
    name: Localized
    seats: Seats
    threshold: SignedNumber | None = None


class CampaignShape(Shape):
    """A campaign file"""

    slug: Slug
    edition: Annotated[int, Field(ge=1, le=9999), whole(1, 9999)] | None = None
    time_zone: Zone
    languages: Annotated[
        list[Tag],
        Text(
            '语言标签的列表，评选自己的语言在前，如["zh", "en"]',
            'a list of tags, the campaign\'s own first: ["zh", "en"]',
        ),
    ] = Field(["zh", "en"])
    candidate_term: Localized | None = None
    title: Localized
    organizer: Localized
    currency: Currency | None = None
    cover: (
        Annotated[
            ImageShape,
            Text(
                "表{ url = …, width = …, height = …, alternative = … }",
                "a [cover] table with url, width, height and alternative",
            ),
        ]
        | None
    ) = None
    districts: DistrictsPath | None = None
    results_visibility: Visibility
    results_at: TimeOfDay | None = None
    results_step: Step = ResultsStep.SECOND
    project_order: ProjectListing = ProjectOrderField.NUMBER
    published_at: Time | None = None
    voting_window: Annotated[
        WindowShape,
        Text("含opens_at和closes_at的[voting_window]表", "a [voting_window] table with opens_at and closes_at"),
    ]
    rules: Annotated[RulesShape, Text("含choices和quota的[rules]表", "a [rules] table with choices and quota")]
    source: (
        Annotated[
            SourceShape, Text("含publisher和published的[source]表", "a [source] table with publisher and published")
        ]
        | None
    ) = None
    lot_digest: Sha256 | None = None
    panel: (
        Annotated[PanelShape, Text("含opens_at和closes_at的[panel]表", "a [panel] table with opens_at and closes_at")]
        | None
    ) = None
    stages: Annotated[
        list[StageShape], Field(max_length=MAX_STAGES), _tables("stages", "个阶段", "stage", MAX_STAGES)
    ] = Field([])
    themes: Annotated[list[ThemeShape], _tables("themes", "个主题", "theme")] = Field([])
    own_districts: Annotated[list[OwnDistrictShape], _tables("own_districts", "个地区", "district")] = Field([])
    awards: Annotated[
        list[AwardShape], Field(max_length=MAX_AWARDS), _tables("awards", "个奖项", "award", MAX_AWARDS)
    ] = Field([])
    criteria: Annotated[
        list[CriterionShape], Field(max_length=MAX_CRITERIA), _tables("criteria", "条标准", "criterion", MAX_CRITERIA)
    ] = Field([])
    projects: Annotated[list[ProjectShape], Field(max_length=MAX_PROJECTS), PROJECTS] = Field([])


class DistrictShape(Shape):
    """One of [[districts]]"""

    code: DistrictCode
    name: Localized


class DistrictsShape(Shape):
    """A districts file"""

    districts: Annotated[list[DistrictShape], _tables("districts", "个地区", "district")]


def keys_of(shape: type[Shape]) -> dict[str, FieldInfo]:
    """Return the fields of a table by their keys in the file."""
    return {field.alias or name: field for name, field in shape.model_fields.items()}


def fields_at(shape: type[Shape], place: tuple[str | int, ...]) -> tuple[type[Shape] | None, Any]:
    """Return the shape of the table at this place, None for a value, and the field or type that describes the place."""
    table: type[Shape] | None = shape
    described: Any = None
    for step in place:
        if isinstance(step, str):
            described = keys_of(table)[step] if table and step in keys_of(table) else inner_type(described)
            table = _table_in(described)
        elif (element := _element(described)) is not None:
            described = element
    return table, described


def description_of(described: Any) -> Text:
    """Return what a field or type says that its value should be."""
    return next(_texts_in(described))


def _parts(described: Any) -> tuple[Any, ...]:
    """The types that a type is made of, from the outside."""
    if isinstance(described, FieldInfo):
        return (described.annotation,)
    return tuple(getattr(described, "__args__", ()))


def _texts_in(described: Any) -> Iterator[Text]:
    metadata = described.metadata if isinstance(described, FieldInfo) else getattr(described, "__metadata__", ())
    yield from (each for each in reversed(metadata) if isinstance(each, Text))
    for part in _parts(described):
        yield from _texts_in(part)


def inner_type(described: Any) -> Any:
    """Return the type of the values of a text in several languages; None where there is none."""
    if get_origin(described) is dict:
        return described.__args__[1]
    return next((inner for part in _parts(described) if (inner := inner_type(part)) is not None), None)


def _element(described: Any) -> Any:
    """Return the type of a list's values where that is described apart; None where it is not."""
    if get_origin(described) is list:
        element = described.__args__[0]
        return element if any(_texts_in(element)) else None
    return next((element for part in _parts(described) if (element := _element(part)) is not None), None)


def _table_in(described: Any) -> type[Shape] | None:
    if isinstance(described, type) and issubclass(described, Shape):
        return described
    return next((table for part in _parts(described) if (table := _table_in(part))), None)
