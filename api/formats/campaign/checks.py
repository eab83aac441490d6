"""What a single value of a campaign has to be, beyond its type. A check raises ValueError for what is wrong."""

import re
import unicodedata
from datetime import datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

E = TypeVar("E", bound=Enum)
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}  # characters that make a text look like another
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and symbols that show nothing
NO_PLACES = {"Factory", "localtime", "posixrules"}  # which stand among the zones of some machines
CHOICE = "choice"  # the type of the error for a value that is no name of its enum
MAX_LONG_TEXT = 20_000  # characters of a description


def text_that_shows(text: str) -> str:
    if text != text.strip() or _has_controls(text) or all(map(_is_invisible, text)):
        raise ValueError
    return text


def long_text(text: str) -> str:
    """Check a text of several lines."""
    if _has_controls(re.sub(r"[\r\n\t]", "", text)) or all(map(_is_invisible, text.strip())):
        raise ValueError
    if len(text) > MAX_LONG_TEXT:
        raise ValueError
    return text


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Zl", "Zp") or unicodedata.bidirectional(c) in BIDI for c in text)


def _is_invisible(character: str) -> bool:
    return character in BLANKS or unicodedata.category(character) in ("Cf", "Mn", "Me", "Zs", "Cc")


def time_in_years(instant: datetime) -> datetime:
    if not 1900 <= instant.year <= 2100:
        raise ValueError
    return instant


@cache
def _zones() -> frozenset[str]:
    """The names of the tzdata package: the same on every machine, where its own files may hold anything."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split()) - NO_PLACES


def zone(name: str) -> str:
    if name in _zones():
        return name
    same = [each for each in _zones() if each.casefold() == name.casefold().replace(" ", "_")]
    raise PydanticCustomError(CHOICE, "none of the names", {"names": same})


def address(text: str) -> str:
    if not text.startswith("/") and not urlsplit(text).hostname:
        raise ValueError
    return text


def relative_path(path: str) -> str:
    if PurePath(path).is_absolute():
        raise ValueError
    return path


def amount(value: Any) -> Decimal:
    """Read an amount of money: a whole number, or a text of digits with a point. A float is none: it is not exact."""
    if type(value) is int and 0 <= value < 10**15:
        return Decimal(value)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,6})?", value):
        return Decimal(value)
    raise ValueError


def number(value: Any) -> Decimal:
    """Read a number of at least 0. A float is none: it is not exact."""
    return _number(value, r"[0-9]{1,12}(\.[0-9]{1,6})?")


def signed_number(value: Any) -> Decimal:
    """Read a number that may be below 0."""
    return _number(value, r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


def _number(value: Any, pattern: str) -> Decimal:
    text = str(value) if type(value) is int and abs(value) < 10**12 else value
    if isinstance(text, str) and re.fullmatch(pattern, text):
        return Decimal(text) + 0  # so that there is no negative zero
    raise ValueError


def time_of_day(value: Any) -> time:
    if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        return time.fromisoformat(value)
    raise ValueError


def matching(pattern: str) -> AfterValidator:
    regex = re.compile(pattern)

    def check(text: str) -> str:
        if not regex.fullmatch(text):
            raise ValueError
        return text

    return AfterValidator(check)


def by_name(enum: type[E]) -> BeforeValidator:
    def member(value: object) -> E:
        if isinstance(value, str) and value in enum.__members__:
            return enum[value]
        raise PydanticCustomError(CHOICE, "none of the names", {"names": list(enum.__members__)})

    return BeforeValidator(member)
