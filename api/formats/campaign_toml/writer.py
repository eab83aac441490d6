"""A campaign as a campaign file, which `pingxuan load` takes: TOML of its tree."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from api.domain.rfc3339 import format_datetime

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def campaign_file(tree: Mapping[str, Any]) -> bytes:
    """Return the file: plain values first, then tables, and lists of tables an element at a time."""
    return "".join(_lines(tree)).encode()


def _lines(tree: Mapping[str, Any]) -> Iterator[str]:
    later = {key: value for key, value in tree.items() if value and _is_table(value)}
    for key, value in tree.items():
        if key not in later:
            yield f"{_key(key)} = {_value(value)}\n"
    for key, value in later.items():
        brackets = ("[[", "]]") if isinstance(value, list) else ("[", "]")
        for table in value if isinstance(value, list) else [value]:
            yield f"\n{brackets[0]}{_key(key)}{brackets[1]}\n"
            yield from (f"{_key(name)} = {_value(each)}\n" for name, each in table.items())


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and all(isinstance(each, Mapping) for each in value))


def _key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    match value:
        case Mapping():
            return "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
        case str():
            return _text(value)
        case datetime():
            return format_datetime(value)
        case date():
            return value.isoformat()
        case bool() | int():
            return json.dumps(value)
    raise TypeError(f"a campaign file holds no {type(value).__name__}")


def _text(text: str) -> str:
    """A basic string: the escapes of JSON are those of TOML, which also wants the last of the control characters escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
