"""Which of the names that exist is somebody likely to have meant who wrote another one?

Names are compared word by word, and alike beginnings count more than alike endings: who writes AFTER_CLOSING means
AFTER_CLOSE, and not AFTER_CASTING, of which as many letters are the same.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

MAX_LENGTH = 60  # characters of a name; a longer one is nobody's slip
MIN_LIKENESS = 0.75  # from 0 to 1; below it a suggestion misleads more often than it helps
TIE = 0.05  # what is less like by no more than this is suggested as well
PREFIX_WEIGHT, MAX_PREFIX = 0.1, 4  # as Winkler weighs the letters in which two words begin alike
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z_\W]+")


def suggestions(written: str, names: Iterable[str]) -> list[str]:
    """Return the names that are most like the one that was written, the best first; none when nothing is like it."""
    if len(written) > MAX_LENGTH:
        return []
    by_likeness = sorted(((_likeness(written, name), name) for name in names), key=lambda pair: (-pair[0], pair[1]))
    best = max(by_likeness[0][0] - TIE, MIN_LIKENESS) if by_likeness else 0.0
    return [name for likeness, name in by_likeness if likeness >= best]


def _likeness(written: str, name: str) -> float:
    """Return how alike two names are: as their least alike words, or as a whole where they have not as many words."""
    ours, theirs = _words(written), _words(name)
    if "".join(ours) == "".join(theirs):
        return 1.0
    if len(ours) != len(theirs):
        return SequenceMatcher(None, "".join(ours), "".join(theirs), autojunk=False).ratio()
    return min((_alike(*pair) for pair in zip(ours, theirs, strict=True)), default=0.0)


def _words(name: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(name)]


def _alike(ours: str, theirs: str) -> float:
    ratio = SequenceMatcher(None, ours, theirs, autojunk=False).ratio()
    prefix = 0
    for mine, other in zip(ours[:MAX_PREFIX], theirs, strict=False):
        if mine != other:
            break
        prefix += 1
    return ratio + PREFIX_WEIGHT * prefix * (1 - ratio)
