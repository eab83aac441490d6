"""In which order readers expect texts: by ICU's collation of their language, Chinese by pinyin as it is read in words,
traditional Chinese by strokes.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import icu

from api.collation.readings import Readings, read_words
from api.domain.texts import Language, LocalizedText

_MAX_KEYS = 20_000  # kept: the titles of a few large campaigns in both languages


@dataclass(frozen=True, slots=True)
class IcuCollation:
    """ports.Collation by ICU. What it needs is read when the first key is asked for."""

    language: Language

    def key(self, text: LocalizedText) -> bytes:
        """Return the place of a text among others."""
        return _key(self.language, text.to(self.language))


@lru_cache(_MAX_KEYS)
def _key(language: Language, text: str) -> bytes:
    spelled = _readings().spell(text) if language is Language.ZH else text
    key: bytes = _collator(language).getSortKey(spelled)
    return key


@cache
def _readings() -> Readings:
    return read_words()


@cache
def _collator(language: Language) -> icu.Collator:
    """Digits by the number they make; punctuation only between texts that are equal without it."""
    collator = icu.RuleBasedCollator(_chinese_rules()) if language is Language.ZH else _standard(language)
    collator.setAttribute(icu.UCollAttribute.NUMERIC_COLLATION, icu.UCollAttributeValue.ON)
    collator.setAttribute(icu.UCollAttribute.ALTERNATE_HANDLING, icu.UCollAttributeValue.SHIFTED)
    collator.setStrength(icu.Collator.QUATERNARY)
    return collator


def _chinese_rules() -> str:
    """Return CLDR's order by pinyin, with each stand-in among the characters that are read as it is."""
    stand_ins = "".join(f"&{neighbour}<{stand_in}" for stand_in, neighbour in _readings().sorted_after.items())
    return f"{_standard(Language.ZH).getRules()}{stand_ins}"


def _standard(language: Language) -> icu.RuleBasedCollator:
    return icu.Collator.createInstance(icu.Locale(language.tag.replace("-", "_")))
