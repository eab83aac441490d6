"""How a text is held in every language the project speaks."""

import unicodedata
from dataclasses import dataclass
from enum import Enum


class Language(Enum):
    """A language in which texts are published."""

    ZH = "Chinese, simplified (中文)."
    EN = "English (英文)."


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; neither is empty."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """The text in this language."""
        return self.zh if language is Language.ZH else self.en


def folded(text: str) -> str:
    """The text as a search compares it: width (NFKC), case and the amount of white space make no difference."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", wide).split())
