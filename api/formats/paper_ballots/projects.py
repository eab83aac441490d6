"""Which project is meant by what stands in a cell: its code, or else its number."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from api.domain.campaigns.campaign import Campaign
from api.formats.tables import plain, whole_number

MAX_KEPT_LENGTH = 16  # characters of a text that is likely to come again
NUMBERED = re.compile(r"(?:第|no\.? ?|#)?([0-9]+(?:\.0*)?)号?", re.I)  # 17, 17.0, 17号, 第17号, No. 17, #17


@dataclass(frozen=True)
class NamedProjects:
    """Finds projects. A code as it is written goes before everything else, then numbers and codes count alike.

    Codes are also found without what spreadsheets take off them: wide characters, capitals, leading zeros.
    """

    campaign: Campaign
    codes_alone: bool = field(default=False, kw_only=True)
    numbers_alone: bool = field(default=False, kw_only=True)

    def meant(self, text: str) -> tuple[int, ...]:
        """The numbers of the projects that a text may mean: one, none, or several between which nobody can choose."""
        if (known := self._known.get(text)) is not None:
            return known
        return self._known.setdefault(text, self._meant(text)) if len(text) < MAX_KEPT_LENGTH else self._meant(text)

    def _meant(self, text: str) -> tuple[int, ...]:
        written = plain(text)
        if not self.numbers_alone:
            for exact in (text.strip(), written, _without_point(written)):
                if exact in self._by_code:
                    return (self._by_code[exact],)
        found = set() if self.numbers_alone else set(self._by_key.get(_key(written), ()))
        match = NUMBERED.fullmatch(written)
        number = whole_number(match[1]) if match and not self.codes_alone else None
        if number is not None and number in self.campaign.by_number:
            found.add(number)
        return tuple(sorted(found))

    @cached_property
    def _known(self) -> dict[str, tuple[int, ...]]:
        """What was found before: sheets say the same few things again and again."""
        return {}

    @cached_property
    def _by_code(self) -> dict[str, int]:
        return {project.code: project.number for project in self.campaign.projects if project.code is not None}

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for code, number in self._by_code.items():
            found[_key(plain(code))].append(number)
        return dict(found)


def _without_point(written: str) -> str:
    whole = whole_number(written)
    return written if whole is None or "." not in written else str(whole)


def _key(written: str) -> str:
    whole = whole_number(written)
    return written.casefold() if whole is None else str(whole)
