"""Texts in both languages of the project."""

from dataclasses import dataclass
from enum import Enum


class Language(Enum):
    """A language in which texts are published."""

    ZH = "Chinese, simplified (中文)."
    EN = "English (英文)."


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Chinese and English; neither is empty."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en


def counted(number: int, singular: str, *, grouped: bool = False) -> str:
    """Return a number with its noun in English: `1 ballot`, `1200 ballots`, grouped `1,200 ballots`."""
    return f"{number:{',' if grouped else ''}} {singular}{'' if number == 1 else 's'}"
