"""The search through the texts of projects, and what of them it has found."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from api.domain.campaigns.projects import Project
from api.domain.folding import cut, find, words
from api.domain.texts import LocalizedText


class SearchedField(Enum):
    """Where a search looks."""

    NUMBER = "The number printed on the notice, as a whole: `7` and `07` find number 7, and not 17."
    CODE = "How its organizers write it, such as `M/01/VII`."
    TITLE = "The title."
    SUMMARY = "The summary."
    ORGANIZATION = "Who leads it."
    DISTRICT = "The name of its district."


@dataclass(frozen=True, slots=True)
class Match:
    """A text in which a search has found some of its words, and where.

    language: a BCP 47 tag; None for a number and a code, which are in no language.
    """

    field: SearchedField
    language: str | None
    text: str
    places: tuple[range, ...]

    @property
    def found(self) -> tuple[str, ...]:
        """The pieces of the text that were found, as they are written there, each once."""
        return tuple(dict.fromkeys(self.text[place.start : place.stop] for place in self.places))

    @property
    def parts(self) -> tuple[tuple[str, bool], ...]:
        """The whole text in pieces, and of each whether it was found."""
        return cut(self.text, self.places)


@dataclass(frozen=True)
class Search:
    """Matches a project in which each of its words is found somewhere, in either language. No word: every project."""

    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words, folded."""
        return words(self.text)

    @cached_property
    def _numbers(self) -> tuple[int | None, ...]:
        """The number that each word is, or None."""
        return tuple(int(word) if word.isdecimal() else None for word in self.words)

    def matches(self, project: Project) -> bool:
        """Return whether every word is found in the project."""
        searchable = project.searchable
        pairs = zip(self.words, self._numbers, strict=True)
        return all(word in searchable or number == project.number for word, number in pairs)

    def found_in(self, project: Project) -> tuple[Match, ...]:
        """Return where the words are found, in the order of the fields, the Chinese text before the English one."""
        return tuple(self._found_in(project))

    def _found_in(self, project: Project) -> Iterator[Match]:
        if project.number in self._numbers:
            number = str(project.number)
            yield Match(SearchedField.NUMBER, None, number, (range(len(number)),))
        if project.code is not None and (places := find(project.code, self.words)):
            yield Match(SearchedField.CODE, None, project.code, places)
        for field, text in _texts(project):
            for tag, translation in text.translations if text else ():
                if places := find(translation, self.words):
                    yield Match(field, tag, translation, places)


def _texts(project: Project) -> Iterator[tuple[SearchedField, LocalizedText | None]]:
    yield SearchedField.TITLE, project.title
    yield SearchedField.SUMMARY, project.summary
    yield SearchedField.ORGANIZATION, project.organization
    yield SearchedField.DISTRICT, project.district.name if project.district else None
