"""What is wrong with a campaign as its organizer has written it: where, what, and what would be right, in both languages."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from api.domain.texts import Text

Tree = Mapping[str, Any]
Place = tuple[str | int, ...]
NOTHING = Text("", "")
MAX_SHOWN = 60  # characters of a value that a message quotes
MAX_NUMBER = 10**15  # from here on a number is not written out
BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Finding(NamedTuple):
    """A mistake. place: the path of keys and list positions (from 0). problem goes on from the key that is meant."""

    place: Place
    problem: Text
    remedy: Text

    @property
    def path(self) -> list[str]:
        """The place as the path of a GraphQL input: `votingWindow`, `closesAt`."""
        return [str(step) if isinstance(step, int) else camel_case(step) for step in self.place]

    def message(self, tree: Tree) -> Text:
        """Say it in one or two sentences, to whoever has sent the tree over GraphQL."""
        key = ".".join(camel_case(part) for part in key_of(self.place, tree).split("."))
        said = {"problem": self.problem, "remedy": self.remedy}
        if not key:
            return Text("{problem}。{remedy}", "{problem}. {remedy}", **said)
        return Text("{key}：{problem}。{remedy}", "{key} {problem}. {remedy}", key=key, **said)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by place."""
    return sorted(findings, key=lambda finding: [_sort_key(step) for step in finding.place])


def _sort_key(step: str | int) -> tuple[int, str]:
    return (step, "") if isinstance(step, int) else (0, step)


def camel_case(name: str) -> str:
    """Return a key of the file under the name that GraphQL gives it."""
    return re.sub(r"(?<=[a-z])_([a-z])", lambda found: found[1].upper(), name)


def key_of(place: Place, tree: object) -> str:
    """Write out a place for people: `projects[3] (number 17).themes[1]` is in the third [[projects]], whose number is 17."""
    text, node = "", tree
    for step in place:
        node = child(node, step)
        if isinstance(step, int):
            text += f"[{step + 1}]{_label(node)}"
        else:
            text += f"{'.' if text else ''}{step if BARE_KEY.fullmatch(step) else quoted(step)}"
    return text


def child(node: object, step: str | int) -> object:
    """Return what a table or list holds at this step; None when it holds nothing there."""
    if isinstance(node, dict):
        return node.get(step)
    if isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node):
        return node[step]
    return None


def _label(node: object) -> str:
    for name in ("number", "code"):
        value = child(node, name)
        if _is_number(value) or (isinstance(value, str) and BARE_KEY.fullmatch(value)):
            return f" ({name} {value})"
    return ""


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < MAX_NUMBER


def described(value: object) -> Text:
    """Describe a value and its type, shortened, on one line."""
    return DESCRIPTIONS.get(type(value), lambda table: Text("一个表", "a table"))(value)


def is_described(value: object, wrong: Text = NOTHING) -> Text:
    """Return the problem that something is this value, and what of that is wrong: `is the number 3, more than maximum`."""
    return Text("是{value}{wrong}", "is {value}{wrong}", value=described(value), wrong=wrong)


def quoted(text: str) -> str:
    """Return a text in quotes, shortened, with control characters escaped."""
    short = text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
    visible = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short)
    return f'"{visible}"'


def _number(value: int) -> Text:
    if _is_number(value):
        return Text("数字{value}", "the number {value}", value=value)
    return Text("一个超过15位的数字", "a number of more than 15 digits")


def _instant(value: datetime) -> Text:
    if value.tzinfo:
        return Text("时刻{value}", "the time {value}", value=value.isoformat())
    return Text("时刻{value}（没有时差）", "the time {value}, without an offset", value=value.isoformat())


DESCRIPTIONS: Mapping[type, Callable[[Any], Text]] = {
    bool: lambda value: Text(str(value).lower(), str(value).lower()),
    int: _number,
    float: lambda value: Text("数字{value}", "the number {value}", value=value),
    str: lambda value: Text("文本{value}", "the text {value}", value=quoted(value)),
    datetime: _instant,
    date: lambda value: Text("日期{value}", "the date {value}", value=value.isoformat()),
    time: lambda value: Text("钟点{value}", "the time of day {value}", value=value.isoformat()),
    list: lambda value: Text("一个有{value}项的列表", "a list of {value}", value=len(value)),
}
