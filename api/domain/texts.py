"""Texts: those of the program in its two languages, and those of a campaign in whatever languages it has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class Language(Enum):
    """A language in which texts are published."""

    __hash__ = object.__hash__  # members are equal to themselves alone; Enum's own is not in C

    ZH = "Chinese, simplified (中文)."
    EN = "English (英文)."


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the program itself in Chinese and English; neither is empty."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A text of a campaign in one or more languages.

    translations: pairs of a BCP 47 tag and a text that is not empty, the one that others fall back to first.
    """

    translations: tuple[tuple[str, str], ...]

    def to(self, language: Language) -> str:
        """Return it in this language, or in its first one."""
        return self.tagged(language.name.lower()) or self.translations[0][1]

    def tagged(self, tag: str) -> str | None:
        """Return it in the language of a BCP 47 tag, such as `zh`, which also finds `zh-Hant`; None when it is not in it."""
        found = (text for own, text in self.translations if own == tag or own.startswith(f"{tag}-"))
        return next(found, None)

    def language_of(self, language: Language) -> str:
        """Return the tag of the text that `to` returns."""
        tag = language.name.lower()
        found = (own for own, _ in self.translations if own == tag or own.startswith(f"{tag}-"))
        return next(found, self.translations[0][0])


def localized(
    translations: Mapping[str, str] | None = None, /, *, languages: Iterable[str] = (), **by_tag: str
) -> LocalizedText:
    """Make a text of its translations by tag, in the order of the campaign's languages. Raises ValueError without any."""
    pairs = {**(translations or {}), **by_tag}
    order = {tag: place for place, tag in enumerate(languages)}
    if not pairs:
        raise ValueError("a text is in one language at least")
    return LocalizedText(tuple(sorted(pairs.items(), key=lambda pair: order.get(pair[0], len(order)))))


def counted(number: int, singular: str, *, grouped: bool = False) -> str:
    """Return a number with its noun in English: `1 ballot`, `1200 ballots`, grouped `1,200 ballots`."""
    return f"{number:{',' if grouped else ''}} {singular}{'' if number == 1 else 's'}"
