"""Tables that are exported: what their columns mean and hold, whatever the format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from api.domain.exchange.formats import ExportContent
from api.domain.texts import Language, Text

Row = Sequence[Any]  # the values of a row, in the order of the columns; None where there is none


class ColumnKind(Enum):
    """What a column holds."""

    TEXT = "A text: of people, a code, or a word for programs."
    OWN_TEXT = "A text of the campaign, in its languages."
    INTEGER = "A whole number."
    SHARE = "A number from 0 to 1."
    DECIMAL = "A decimal number, exactly."
    TRUTH = "Whether something is so."
    DAY = "A day of the campaign's calendar, such as `2017-03-22`."
    MOMENT = "A moment with its offset from UTC, as RFC 3339 has it."
    NUMBERS = "Whole numbers, ascending."
    TEXTS = "Texts, in order."
    PAIRS = "Texts by names."
    DECIMALS = "Decimal numbers by codes, exactly."


@dataclass(frozen=True, slots=True)
class Column:
    """A column. key: its name for programs, and in English. zh: its heading in Chinese.

    optional: whether there may be no value. values: the only ones there are, if they are known. parts: the languages of
    OWN_TEXT or the codes of DECIMALS that have a column of their own in CSV; without any, such a text is in the language asked
    for.
    """

    key: str
    zh: str
    kind: ColumnKind
    meaning: str
    optional: bool = False
    values: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def heading(self, language: Language) -> str:
        """Its heading in CSV."""
        return Text(self.zh, self.key).to(language)


@dataclass(frozen=True, slots=True)
class Table:
    """What a file of one content consists of. version: a new one whenever readers of the last would go wrong.

    row: what a row is. facts: what is said of the whole file besides, by key, with kind and meaning.
    """

    content: ExportContent
    version: int
    row: str
    columns: tuple[Column, ...]
    facts: tuple[tuple[str, ColumnKind, str], ...] = ()

    @property
    def schema(self) -> str:
        """The name of its schema, with the version, such as `pingxuan/ballots/1`."""
        return f"pingxuan/{self.content.name.lower()}/{self.version}"


@dataclass(frozen=True, slots=True)
class FileHead:
    """What a file says of itself. made_on: the day in the campaign's zone. language: of the headings and texts in CSV.

    facts: what goes for the whole file, such as how many ballots it has; as JSON has it.
    """

    campaign: str
    made_on: date
    language: Language
    facts: Mapping[str, Any]
