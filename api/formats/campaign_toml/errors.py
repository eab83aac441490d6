"""Mistakes in a campaign file: where each is, what is wrong there, and what would be right."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

Tree = Mapping[str, Any]
Place = tuple[str | int, ...]
MAX_SHOWN = 60  # characters of a value that a message quotes
MAX_NUMBER = 10**15  # from here on a number is not written out
BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. key: empty when it concerns the file as a whole; list positions in it are counted from 1.

    str() returns one line, whatever the file contains.
    """

    file: str
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        subject = f"{self.file}: {self.key}" if self.key else self.file
        return f"{subject} {self.problem}. {self.remedy}"


class CampaignFileError(Exception):
    """A campaign file that cannot be loaded, with all its mistakes."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


class Finding(NamedTuple):
    """A mistake before its file and key are written out. place: the path of keys and list positions (from 0)."""

    place: Place
    problem: str
    remedy: str


def to_mistakes(file: str, tree: Tree, findings: list[Finding]) -> tuple[Mistake, ...]:
    """Return the findings as mistakes of this file, sorted by place."""
    ordered = sorted(findings, key=lambda finding: [_sort_key(step) for step in finding.place])
    return tuple(Mistake(file, key_of(place, tree), problem, remedy) for place, problem, remedy in ordered)


def _sort_key(step: str | int) -> tuple[int, str]:
    return (step, "") if isinstance(step, int) else (0, step)


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


def described(value: object) -> str:
    """Describe a value and its type, shortened, on one line."""
    return DESCRIPTIONS.get(type(value), lambda table: "a table")(value)


def quoted(text: str) -> str:
    """Return a text in quotes, shortened, with control characters escaped."""
    short = text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
    visible = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short)
    return f'"{visible}"'


DESCRIPTIONS: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: str(value).lower(),
    int: lambda value: f"the number {value}" if _is_number(value) else "a number of more than 15 digits",
    float: lambda value: f"the number {value}",
    str: lambda value: f"the text {quoted(value)}",
    datetime: lambda value: f"the time {value.isoformat()}{'' if value.tzinfo else ', without an offset'}",
    date: lambda value: f"the date {value.isoformat()}",
    time: lambda value: f"the time of day {value.isoformat()}",
    list: lambda value: f"a list of {len(value)}",
}
