"""Tell many mistakes of one kind once, with all their places."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from api.formats.campaign_toml.errors import Mistake

STEP = re.compile(r"\[(\d+)\](?: \((?:number|code) [^)]*\))?")
MAX_SINGLE = 5  # mistakes of one kind that are told one by one where each says something else
MAX_RANGES = 30  # of places that one line lists


class _Kind(NamedTuple):
    """What mistakes of one kind have in common: they are at the same key, of whichever row, and have the same remedy."""

    file: str
    key: str
    remedy: str


def summarised(mistakes: Sequence[Mistake]) -> tuple[str, ...]:
    """Return a line for each mistake, and one for all that are equal but for their places, in the order of the first."""
    kinds: dict[_Kind, list[Mistake]] = {}
    for mistake in mistakes:
        kinds.setdefault(_Kind(mistake.file, STEP.sub("[]", mistake.key), mistake.remedy), []).append(mistake)
    return tuple(line for kind, found in kinds.items() for line in _lines(kind, found))


def _lines(kind: _Kind, mistakes: Sequence[Mistake]) -> Iterator[str]:
    problems: dict[str, list[Mistake]] = {}
    for mistake in mistakes:
        problems.setdefault(mistake.problem, []).append(mistake)
    for problem, found in list(problems.items())[:MAX_SINGLE]:
        yield str(found[0]) if len(found) == 1 else _line(kind, problem, found)
    others = [mistake for found in list(problems.values())[MAX_SINGLE:] for mistake in found]
    if others:
        yield str(others[0]) if len(others) == 1 else _line(kind, "has another such mistake", others)


def _line(kind: _Kind, problem: str, mistakes: Sequence[Mistake]) -> str:
    places = _places([mistake.key for mistake in mistakes])
    return f"{kind.file}: {kind.key} {problem}, in {len(mistakes)} places: {places}. {kind.remedy}"


def _places(keys: Sequence[str]) -> str:
    """Write out where these keys are: by the numbers or codes of their rows if each has its own, else by their positions."""
    rows = {found[1] for key in keys if (found := STEP.search(key))}
    for name, write in (("number", lambda names: _ranges(sorted(map(int, names)))), ("code", _shortened)):
        names = dict.fromkeys(found[1] for key in keys if (found := re.search(rf"\({name} ([^)]*)\)", key)))
        if len(names) == len(rows) > 0:
            return f"{name} {write(list(names))}"
    if all(len(STEP.findall(key)) == 1 for key in keys):
        return f"[{_ranges(sorted(map(int, rows)))}]"
    return _shortened(list(dict.fromkeys(STEP.sub(r"[\1]", key) for key in keys)))


def _ranges(numbers: Sequence[int]) -> str:
    """Write out ascending numbers, those in a row as `1-60`."""
    rows = [[number for _, number in row] for _, row in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return _shortened([f"{row[0]}-{row[-1]}" if len(row) > 1 else str(row[0]) for row in rows])


def _shortened(places: Sequence[str]) -> str:
    more = len(places) - MAX_RANGES
    return ", ".join(places[:MAX_RANGES]) + (f" and {more} more" if more > 0 else "")
