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
