"""Catalogues: the program's texts in languages besides Chinese and English, one gettext file a language.

The Chinese text, or template, is the msgid; msgctxt is the folder of a page, such as `vote`, for what its words*.js say.
`make catalogues` brings the files up to date with the code. A catalogue is read when its language is first asked for.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from api.domain.texts import TRANSLATIONS, Language

FILES = {Language.ZH_HANT: "zh_Hant.po"}


def install() -> None:
    """Have texts find their translations here."""
    for language in FILES:
        TRANSLATIONS[language] = lambda chinese, language=language: messages(language).get(chinese)  # type: ignore[misc]


def messages(language: Language) -> Mapping[str, str]:
    """Return the texts of the server in a language that has a catalogue, by their Chinese."""
    return _by_context(language).get("", {})


def page_words(language: Language, page: str) -> Mapping[str, str]:
    """Return what a page says in a language that has a catalogue, by its Chinese. page: its folder, such as `vote`."""
    return _by_context(language).get(page, {})


@cache
def _by_context(language: Language) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for message in read(language):
        if message.id and message.string:
            found.setdefault(message.context or "", {})[str(message.id)] = str(message.string)
    return found


def read(language: Language) -> Catalog:
    """Read the file of a language."""
    with files(__name__).joinpath(FILES[language]).open("rb") as file:
        return read_po(file, locale="zh_Hant" if language is Language.ZH_HANT else None)
