"""How texts are folded for search, so that what a reader takes for the same is the same.

Every character is folded by itself: width, case, diacritics, kinds of quotes and dashes, traditional and simplified
characters make no difference, and invisible ones are dropped. Blanks of all kinds are one blank; none is kept beside a
Chinese character or a dash, where writers put them as they please.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from api.domain.han import SIMPLIFIED

_ALIKE = {
    "'": "'‘’‚‛ʼʹʻʽˈ′‵´`‹›〈〉",
    '"': '"“”„‟″‶‴«»《》「」『』〝〞〟｢｣',
    "-": "-‐‑‒–—―−⁃─━⸺⸻",
    "·": "·•‧∙⋅・･᛫",
    ",": "、､",
    ".": "。｡",
    "~": "〜∼",
    " ": "\u2800",  # the blank of braille
    "o": "øØ",
    "d": "đĐð",
    "l": "łŁ",
    "i": "ı",
    "ae": "æÆ",
    "oe": "œŒ",
}
_BY_HAND = {character: folded for folded, alike in _ALIKE.items() for character in alike}
# Of no width, though they count as letters or marks: fillers, joiners and variation selectors.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_DIACRITICS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_BLANK_FREE = "\\-\u3007\u3400-\u9fff\U00020000-\U000323af"  # a dash, and the Chinese characters
_REDUNDANT = re.compile(f" (?:(?=[ {_BLANK_FREE}]|$)|(?<=[{_BLANK_FREE}] )|(?<=^ ))|-(?<=--)")
_AROUND_WORDS = "\"'.,;:!?()[]{}【】〔〕"


class _Characters(dict[str, str]):
    """What each character is folded to, found out when it is met first."""

    def __missing__(self, character: str) -> str:
        self[character] = folded = "".join(_fold(character))
        return folded


_CHARACTERS = _Characters()


def fold(text: str) -> str:
    """Return the text as a search compares it."""
    return _REDUNDANT.sub("", _folded_characters(text))


def words(search: str) -> tuple[str, ...]:
    """Return the folded words of a search, each once. Quotes, brackets and stops around a word are no part of it."""
    folded = (fold(word) for word in _folded_characters(search).split())
    return tuple(dict.fromkeys(word.strip(_AROUND_WORDS) or word for word in folded))


def find(text: str, wanted: Iterable[str]) -> tuple[range, ...]:
    """Return where in a text folded words are found, each place once, in the order of the text; they may overlap."""
    folded = fold(text)
    spans = sorted(span for word in wanted for span in _spans(folded, word))
    places = _places(text, folded) if spans else ()
    return tuple(dict.fromkeys(range(places[start], places[end - 1] + 1) for start, end in spans))


def cut(text: str, found: Iterable[range]) -> tuple[tuple[str, bool], ...]:
    """Return the whole text in pieces, and of each whether it was found; places that overlap or touch are one piece."""
    marked = {place for each in found for place in each}
    runs = groupby(range(len(text)), marked.__contains__)
    return tuple(("".join(map(text.__getitem__, run)), is_found) for is_found, run in runs)


def _places(text: str, folded: str) -> Sequence[int]:
    """Return where in the text each character of the folded text comes from."""
    if len(folded) == len(text) and all(len(_CHARACTERS[character]) == 1 for character in set(text)):
        return range(len(text))
    characters = [(part, at) for at, character in enumerate(text) for part in _CHARACTERS[character]]
    whole = "".join(part for part, _ in characters)
    dropped = {at for match in _REDUNDANT.finditer(whole) for at in range(*match.span())}
    return [at for place, (_, at) in enumerate(characters) if place not in dropped]


def _folded_characters(text: str) -> str:
    """Fold every character. Of most texts few change once they are in lower case, so that each is looked up once."""
    text = text.lower()
    for character in set(text):
        folded = _CHARACTERS[character]
        if folded != character:
            text = text.replace(character, folded)
    return text


def _spans(text: str, word: str) -> Iterator[tuple[int, int]]:
    start = text.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = text.find(word, start + len(word))


def _fold(character: str) -> Iterator[str]:
    if character in _BY_HAND:
        yield _BY_HAND[character]
    elif character.isspace():
        yield " "
    elif unicodedata.category(character) != "Cf" and not _INVISIBLE.match(character):
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
        for part in _DIACRITICS.sub("", plain):
            yield _BY_HAND.get(part, SIMPLIFIED.get(part, part))
