"""How Chinese characters are read in the words they stand in: 重 is chóng in 重阳, and zhòng by itself.

A character that has another reading in a word is replaced by one of Unicode's private use, which the collator sorts among the
characters that are read so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

WORDS = Path(__file__).with_name("readings.txt")
_FIRST = 0xF0000  # of the characters for private use in plane 15


@dataclass(frozen=True)
class Readings:
    """Words with the characters that stand for their readings, and what each of those characters is sorted after."""

    words: Mapping[str, str]
    sorted_after: Mapping[str, str]

    @cached_property
    def _lengths(self) -> Mapping[str, Sequence[int]]:
        """The lengths of the words that begin with a character, the longest first."""
        lengths: dict[str, set[int]] = {}
        for word in self.words:
            lengths.setdefault(word[0], set()).add(len(word))
        return {first: sorted(known, reverse=True) for first, known in lengths.items()}

    def spell(self, text: str) -> str:
        """Return the text with the characters that stand for readings, where it has any of the words."""
        spelled, start = [], 0
        while start < len(text):
            word = self._word_at(text, start)
            spelled.append(self.words.get(word, word))
            start += len(word)
        return "".join(spelled)

    def _word_at(self, text: str, start: int) -> str:
        """Return the longest word that begins here, or the character when none does."""
        for length in self._lengths.get(text[start], ()):
            if (word := text[start : start + length]) in self.words:
                return word
        return text[start]


def read_words(path: Path = WORDS) -> Readings:
    """Read a file of words, which explains its own form."""
    words: dict[str, str] = {}
    sorted_after: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("="):
            words |= {word: word for word in line.split()[1:]}
        elif line and not line.startswith("#"):
            character, _, neighbour, *listed = line.split()
            stand_in = chr(_FIRST + len(sorted_after))
            sorted_after[stand_in] = neighbour
            words |= {word: words.get(word, word).replace(character, stand_in) for word in listed}
    return Readings(words, sorted_after)
