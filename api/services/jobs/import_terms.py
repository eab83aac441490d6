"""Check what an import is asked for with, before any file is taken."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode
from api.domain.exchange.formats import IMPORTED, ImportContent, unsupported
from api.domain.exchange.jobs import ImportTerms
from api.domain.exchange.paper import CHANNELS, polling_day
from api.domain.ids import is_slug
from api.domain.texts import Text, joined

MAX_NAME = 200  # characters of a file's name, and of a polling place's


def checked_terms(terms: ImportTerms, made_for: Campaign | str | None, now: datetime) -> ImportTerms:
    """The terms, texts trimmed and days filled in. Raises ActFailed with what is wrong; paths begin with `input`.

    made_for: the campaign that it is an import for, or the slug that is wanted for the one that it makes. now: by the clock of
    the campaigns.
    """
    if terms.content not in IMPORTED.get(terms.format, ()):
        raise unsupported(terms.format, terms.content)
    if problems := tuple(_problems(terms, made_for)):
        raise ActFailed(problems)
    named = replace(terms, file_name=file_name(terms.file_name), slug_chosen=isinstance(made_for, str))
    if terms.content is not ImportContent.BALLOTS or not isinstance(made_for, Campaign):
        return named
    return replace(named, place=(terms.place or "").strip(), day=polling_day(made_for, terms.day, now))


def check_size(size: int | None, most: int) -> None:
    """Raise ActFailed for a file that cannot have so many bytes, or may not."""
    if size is not None and size < 0:
        raise ActFailed([_wrong("size", Text("文件字节数不能为负数。", "A file has no fewer than 0 bytes."))])
    if size is not None and size > most:
        raise ActFailed([file_too_large(most, "input", "size")])


def file_name(name: str) -> str:
    """The name of a file without the folders before it."""
    return name.replace("\\", "/").rpartition("/")[2].strip()


def file_too_large(most: int, *path: str) -> Problem:
    """The problem with a file of more bytes than that."""
    text = f"{most:,}"
    return Problem(
        ProblemCode.FILE_TOO_LARGE,
        Text("文件超过{text}字节的上限，请拆分。", "The file has more than {text} bytes. Split it.", text=text),
        path,
    )


def _problems(terms: ImportTerms, made_for: Campaign | str | None) -> Iterator[Problem]:
    if not _is_name(file_name(terms.file_name)):
        yield _wrong(
            "fileName",
            Text(
                "请给出1至{max_name}个字符的文件名。", "Name the file in 1 to {max_name} characters.", max_name=MAX_NAME
            ),
        )
    if isinstance(made_for, str) and not is_slug(made_for):
        yield _wrong(
            "campaign",
            Text(
                "slug由小写字母、数字和单个连字符组成，最多64个字符。",
                "A slug has lower-case letters, digits and single hyphens, at most 64 characters.",
            ),
        )
    if terms.content is ImportContent.BALLOTS:
        yield from _ballots(terms)
    elif terms.place is not None or terms.day is not None:
        yield _wrong(
            "place" if terms.place is not None else "day",
            Text("place和day只用于BALLOTS，请去掉。", "place and day are for BALLOTS alone. Leave them out."),
        )


def _ballots(terms: ImportTerms) -> Iterator[Problem]:
    if terms.place is None or not _is_name(terms.place.strip()):
        yield _wrong(
            "place",
            Text(
                "请写明投票点的名称，1至{max_name}个字符。",
                "Name the polling place in 1 to {max_name} characters.",
                max_name=MAX_NAME,
            ),
        )
    if terms.channel not in CHANNELS:
        names = joined([each.name for each in CHANNELS], "、", " or ")
        yield _wrong(
            "channel", Text("投票点的选票渠道为{names}。", "Ballots of a polling place come by {names}.", names=names)
        )


def _is_name(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME and not any(unicodedata.category(char) in {"Cc", "Cs"} for char in text)


def _wrong(field: str, message: Text) -> Problem:
    return Problem(ProblemCode.INVALID_INPUT, message, ("input", field))
