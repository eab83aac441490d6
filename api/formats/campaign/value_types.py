"""The types of the values of a campaign. What each carries completes the sentence "Write …" in the remedy of a mistake."""

from datetime import time
from decimal import Decimal
from enum import Enum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.projects import Outcome, ProjectLevel, ProjectOrderField
from api.domain.campaigns.stages import TieStep
from api.domain.campaigns.states import ResultsStep, ResultsVisibility
from api.domain.ids import SLUG
from api.domain.review.terms import AggregationMethod
from api.domain.selection.terms import CriterionSource, InputSource, Normalisation, StageKind
from api.domain.texts import Text, joined
from api.domain.voting.channels import Channel
from api.domain.voting.quota import QuotaPeriod
from api.formats.campaign import checks
from api.formats.campaign.checks import by_name, matching

TAG = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"
IMAGE = r"(?:https://[!-~]{1,2000}|/images/[!-~]{1,200})"


class Shape(BaseModel):
    """A table. Values are not converted, and unknown keys are errors."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def whole(minimum: int, maximum: int) -> Text:
    """Describe a whole number."""
    return Text(
        "{minimum}至{maximum}的整数", "a whole number from {minimum} to {maximum}", minimum=minimum, maximum=maximum
    )


def one_of(enum: type[Enum]) -> Text:
    """Describe a name of an enum."""
    return Text("以下之一：{members}", "one of {members}", members=joined(enum.__members__))


Words = Annotated[
    str,
    AfterValidator(checks.text_that_shows),
    Text(
        "一段可见的文本：不为空，首尾没有空白，没有换行和控制字符",
        "a text that shows something, not empty, with no white space at its ends, no line breaks and no control characters",
    ),
]
LongWords = Annotated[
    str,
    AfterValidator(checks.long_text),
    Text(
        "一段可见的文本，可以有多行，最多20000个字符，没有控制字符",
        "a text that shows something, of several lines if need be, at most 20000 characters and no control characters",
    ),
]
IN_LANGUAGES = Text(
    '评选各语言的文本，至少有第一种语言的：{ zh = "…", en = "…" }',
    'the text in the campaign\'s languages, the first of them at least: { zh = "…", en = "…" }',
)
Localized = Annotated[dict[str, Words], IN_LANGUAGES]
LocalizedLong = Annotated[dict[str, LongWords], IN_LANGUAGES]
Tag = Annotated[
    str,
    matching(TAG),
    Text(
        "BCP 47的语言标签，如zh、en、ug、zh-Hant、pt-BR",
        'the tag of a language in BCP 47, such as "zh", "ug" or "zh-Hant"',
    ),
]
Time = Annotated[
    AwareDatetime,
    AfterValidator(checks.time_in_years),
    Text(
        "1900至2100年间带时差的时刻，如2017-03-22T00:00:00+08:00",
        "a time from 1900 to 2100 with its offset, such as 2017-03-22T00:00:00+08:00",
    ),
]
TimeOfDay = Annotated[
    time,
    BeforeValidator(checks.time_of_day),
    Text('引号内的钟点，如"09:00"', 'a time of the day from "00:00" to "23:59", in quotes, such as "09:00"'),
]
Year = Annotated[int, Field(ge=1900, le=2100), Text("1900至2100的年份", "a year from 1900 to 2100")]
Count = Annotated[int, Field(ge=1), Text("不小于1的整数", "a whole number of at least 1")]
Bound = Annotated[int, Field(ge=0), Text("不小于0的整数", "a whole number of at least 0")]
Seats = Annotated[int, Field(ge=1, le=10**6), whole(1, 10**6)]
Pixels = Annotated[int, Field(ge=1, le=20_000), whole(1, 20_000)]
Flag = Annotated[bool, Text("true或false", "true or false")]
Amount = Annotated[
    Decimal,
    BeforeValidator(checks.amount),
    Text(
        '一个不带货币的金额：整数，或引号内的小数，如"1200.50"',
        'an amount: a whole number, or a text such as "1200.50"',
    ),
]
Number = Annotated[
    Decimal,
    BeforeValidator(checks.number),
    Text(
        '一个不小于0的数：整数，或引号内的小数，如"0.4"，小数点前最多12位、后最多6位',
        'a number of at least 0, whole or a text such as "0.4", with at most 12 digits before the point and 6 after it',
    ),
]
SignedNumber = Annotated[
    Decimal,
    BeforeValidator(checks.signed_number),
    Text(
        '一个数：整数，或引号内的小数，如"59.5"，小数点前最多12位、后最多6位',
        'a number, whole or a text such as "59.5", with at most 12 digits before the point and 6 after it',
    ),
]
Places = Annotated[int, Field(ge=0, le=12), whole(0, 12)]
Sha256 = Annotated[
    str,
    matching(r"[0-9a-f]{64}"),
    Text("抽签种子的SHA-256：64个小写十六进制数字", "the SHA-256 of the seed of the lots: 64 small hexadecimal digits"),
]
Currency = Annotated[
    str, matching(r"[A-Z]{3}"), Text('ISO 4217的货币代码，如"CNY"', 'the code of a currency in ISO 4217, such as "CNY"')
]
Code = Annotated[
    str,
    matching(r"[A-Za-z][A-Za-z0-9_-]{0,39}"),
    Text(
        "由字母、数字、“_”和“-”组成的代码，以字母开头，最多40个字符",
        'a code of letters, digits, "_" and "-" that begins with a letter and has at most 40 characters',
    ),
]
OwnDistrictCode = Annotated[
    str,
    matching(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"),
    Text(
        "由字母、数字、“_”和“-”组成的代码，以字母或数字开头，最多40个字符",
        'a code of letters, digits, "_" and "-" that begins with a letter or digit and has at most 40 characters',
    ),
]
DistrictCode = Annotated[
    str,
    matching(r"[0-9]{2,12}"),
    Text('引号内2至12位数字的代码，如"310115"', 'a code of 2 to 12 digits as a text, in quotes, such as "310115"'),
]
ProjectCode = Annotated[
    str,
    Field(max_length=64),
    AfterValidator(checks.text_that_shows),
    Text('最多64个字符的文本，如"M/01/VII"', 'a text of at most 64 characters, such as "M/01/VII"'),
]
Slug = Annotated[
    str,
    Field(max_length=64),
    matching(SLUG),
    Text(
        '最多64个小写字母和数字、以单个连字符相连的名称，如"shanghai-2017"',
        'a name of at most 64 small letters and digits, joined by single hyphens, such as "shanghai-2017"',
    ),
]
Zone = Annotated[
    str,
    AfterValidator(checks.zone),
    Text(
        'IANA时区的名称，如"Asia/Shanghai"（全中国）或"Europe/London"',
        'the name of an IANA time zone, such as "Asia/Shanghai" (all of China) or "Europe/London"',
    ),
]
Url = Annotated[
    str,
    matching(r"https?://[!-~]{1,2000}"),
    AfterValidator(checks.address),
    Text(
        "以https://或http://开头、含主机名、没有空格的地址",
        "an address that begins with https:// or http://, names a host and holds no spaces",
    ),
]
ImageUrl = Annotated[
    str,
    matching(IMAGE),
    AfterValidator(checks.address),
    Text(
        "上传图片后得到的地址，或以https://开头、含主机名的地址",
        "the address that an upload was answered with, or one that begins with https:// and names a host",
    ),
]
Viewer = Annotated[
    str,
    matching(r"viewer/[a-z2-7]{26}"),
    Text("一位投票人的id：viewer/后接26个字符", "the id of a viewer: `viewer/` and 26 small letters or digits"),
]


DistrictsPath = Annotated[
    str,
    AfterValidator(checks.text_that_shows),
    AfterValidator(checks.relative_path),
    Text(
        '地区文件相对于本文件的路径，如"districts.toml"',
        'the path of the districts file, seen from this file, such as "districts.toml"',
    ),
]
VotersPath = Annotated[
    str,
    AfterValidator(checks.text_that_shows),
    AfterValidator(checks.relative_path),
    Text(
        '投票人名单相对于本文件的路径，每行一个id，如"jury.txt"',
        'the path of a list of voters\' ids, one a line, seen from this file, such as "jury.txt"',
    ),
]
Period = Annotated[QuotaPeriod, by_name(QuotaPeriod), one_of(QuotaPeriod)]
Visibility = Annotated[ResultsVisibility, by_name(ResultsVisibility), one_of(ResultsVisibility)]
Step = Annotated[ResultsStep, by_name(ResultsStep), one_of(ResultsStep)]
ProjectListing = Annotated[ProjectOrderField, by_name(ProjectOrderField), one_of(ProjectOrderField)]
Tie = Annotated[TieStep, by_name(TieStep), one_of(TieStep)]
Level = Annotated[ProjectLevel, by_name(ProjectLevel), one_of(ProjectLevel)]
Outcomes = Annotated[Outcome, by_name(Outcome), one_of(Outcome)]
Kind = Annotated[StageKind, by_name(StageKind), one_of(StageKind)]
InputOf = Annotated[InputSource, by_name(InputSource), one_of(InputSource)]
Normalised = Annotated[Normalisation, by_name(Normalisation), one_of(Normalisation)]
TieBreaker = Annotated[CriterionSource, by_name(CriterionSource), one_of(CriterionSource)]
ByChannel = Annotated[Channel, by_name(Channel), one_of(Channel)]
Method = Annotated[AggregationMethod, by_name(AggregationMethod), one_of(AggregationMethod)]
GroupBy = Annotated[Grouping, by_name(Grouping), one_of(Grouping)]
