"""What the columns of a sheet of projects mean, by their headings in Chinese or English."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from api.domain.campaigns.campaign import Campaign
from api.domain.exchange.problems import FileProblem
from api.domain.han import simplified
from api.domain.texts import Text
from api.formats.tables import Cell, plain

HEADER = ("编号", "代码", "标题", "英文标题", "申报单位", "层级", "地区", "主题", "费用", "简介")
TEXTS = {
    "title": ("标题", "名称", "名称或姓名", "项目名称", "title", "name", "title or name"),
    "summary": ("简介", "summary"),
    "description": ("详情", "详细介绍", "description", "long description"),
    "organization": ("申报单位", "单位", "organization", "organisation"),
}
PLAIN = {
    "number": ("编号", "number", "no", "no."),
    "code": ("代码", "编码", "自有编码", "code", "code of your own"),
    "level": ("层级", "级别", "level"),
    "district": ("地区", "区", "district"),
    "themes": ("主题", "类别", "themes", "theme", "categories", "category"),
    "start_year": ("起始年份", "开始年份", "start_year", "start year", "since the year"),
    "cost": ("费用", "预算", "cost"),
}
EXPORTED_ALONE = frozenset(  # what exports have besides, and what is not taken from a sheet
    {"地区名称", "状态", "状态说明", "结果", "奖项", "序号", "备注", "notes"}
    | {"district_name", "standing", "standing_reason", "outcome", "award", ""}
)
LANGUAGES = {"中文": "zh", "chinese ": "zh", "英文": "en", "english ": "en"}
KEYS = {name: key for key, names in {**TEXTS, **PLAIN}.items() for name in names}
TAGGED = re.compile(r"(.+?)[_ ]([a-z]{2,3}(?:-[a-z0-9]{2,8})*)")


class Meaning(NamedTuple):
    """What a column holds: a key of projects in campaign files, and of a text the language."""

    key: str
    language: str | None = None


def is_heading(text: str) -> bool:
    """Whether this is a heading in some campaign."""
    name = _name(text)
    return name in KEYS or name in EXPORTED_ALONE - {""} or _language_of(name) is not None


def meanings(headings: list[Cell], campaign: Campaign) -> tuple[dict[int, Meaning], list[FileProblem]]:
    """What the columns mean, by place, and what is wrong with the headings."""
    found: dict[int, Meaning] = {}
    problems: list[FileProblem] = []
    for place, cell in enumerate(headings):
        name = _name(cell.text)
        if name in EXPORTED_ALONE:
            continue
        meaning = _meaning(name, campaign)
        if meaning is None:
            problems.append(_unknown(cell, campaign))
        elif meaning in found.values():
            problems.append(
                cell.problem(
                    Text(
                        "的标题“{text}”重复。每个标题只用一列。",
                        "repeats the heading “{text}”. Have one column for each.",
                        text=cell.text.strip()[:40],
                    ),
                )
            )
        else:
            found[place] = meaning
    return found, problems


def _name(text: str) -> str:
    return simplified(re.sub(r"\s+", " ", plain(text)).casefold())


def _meaning(name: str, campaign: Campaign) -> Meaning | None:
    key = KEYS.get(name)
    if key in PLAIN:
        return Meaning(key)
    if key is not None:
        return Meaning(key, campaign.languages[0])
    tagged = _language_of(name)
    if tagged is None:
        return None
    by_folded = {tag.casefold(): tag for tag in campaign.languages}
    language = by_folded.get(tagged.language or "")
    return None if language is None else Meaning(tagged.key, language)


def _language_of(name: str) -> Meaning | None:
    """A heading that names a language: title_en, 标题_zh, 英文标题, English title."""
    for words, tag in LANGUAGES.items():
        if name.startswith(words) and KEYS.get(name.removeprefix(words)) in TEXTS:
            return Meaning(KEYS[name.removeprefix(words)], tag)
    match = TAGGED.fullmatch(name)
    return Meaning(KEYS[match[1]], match[2]) if match and KEYS.get(match[1]) in TEXTS else None


def _unknown(cell: Cell, campaign: Campaign) -> FileProblem:
    shown = cell.text.strip()[:40]
    zh, en = "、".join(_known("zh")), ", ".join(_known("en"))
    languages = ", ".join(campaign.languages)
    return cell.problem(
        Text(
            "的标题“{shown}”无法识别。可用：{zh}，文本可加语言，如标题_en；本评选的语言为{languages}。",
            "has the heading “{shown}”, which is not known. There are: {en}; texts also with a language, "
            "such as title_en, of {languages}.",
            shown=shown,
            zh=zh,
            languages=languages,
            en=en,
        ),
    )


def _known(language: str) -> Iterator[str]:
    for key, names in {**PLAIN, **TEXTS}.items():
        yield key if language == "en" else names[0]
