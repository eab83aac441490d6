"""The words of pages in languages that have a catalogue: from the Chinese ones in their files, as modules and as data."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from api import catalogues
from api.domain.texts import Language

PAGES = (
    "vote",
    "desk",
    "review",
    "playground",
)  # each imports its own module, for readers of such a language
FOLDER = Path(catalogues.__file__).parent


def translated_words() -> dict[str, Callable[[], bytes]]:
    """By its path among the assets, what makes a module of a page's words, for the first reader who asks for it."""
    return {
        f"{page}/words-{language.tag}.js": partial(_module, language, page)
        for page in PAGES
        for language in _translated()
    }


def words_as_json(page: str) -> str:
    """The words of a page by language and by the Chinese ones, to be put within a script."""
    words = {language.tag: dict(catalogues.page_words(language, page)) for language in _translated()}
    return json.dumps(words, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


def sources() -> list[Path]:
    """The files that all of it is made of."""
    return sorted(FOLDER.glob("*.po"))


def _translated() -> Iterator[Language]:
    return (language for language in Language if language not in {Language.ZH, Language.EN})


def _module(language: Language, page: str) -> bytes:
    words = catalogues.page_words(language, page)
    differing = {chinese: text for chinese, text in words.items() if text != chinese}
    return f"export default {json.dumps(differing, ensure_ascii=False, indent=0)};\n".encode()
