"""Read plain JSON values strictly: what is not as it has to be is refused, with the place and what would be right."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from api.domain.errors import OperatorError
from api.domain.exact import plain

DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
MAX_COUNT = 10**15  # of any count

E = TypeVar("E", bound=Enum)
T = TypeVar("T", bound=Hashable)


class RecordError(OperatorError):
    """A record that cannot be used; the message says where it is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A value of JSON and the place where it stands, such as `candidates[3].votes`."""

    value: Any
    path: str = ""

    def refuse(self, should: str) -> RecordError:
        """Return the error that this has to be something else."""
        shown = repr(self.value)
        shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
        return RecordError(f"{self.path or 'the record'}: {shown} should be {should}.")

    def fields(self, *names: str) -> dict[str, "Plain"]:
        """Return the values of an object that has exactly these keys."""
        given = self._dict()
        if wrong := [name for name in names if name not in given] + [name for name in given if name not in names]:
            what = "is missing" if wrong[0] in names else f"is unknown; there are {', '.join(names)}"
            raise RecordError(f"{self._under(wrong[0])} {what}.")
        return {name: Plain(value, self._under(name)) for name, value in given.items()}

    def entries(self) -> dict[str, "Plain"]:
        """Return the values of an object with any keys."""
        return {name: Plain(value, self._under(name)) for name, value in self._dict().items()}

    def items(self) -> list["Plain"]:
        """Return what a list has."""
        if not isinstance(self.value, list):
            raise self.refuse("a list")
        return [Plain(value, f"{self.path}[{place}]") for place, value in enumerate(self.value)]

    def each(self, read: Callable[["Plain"], T]) -> tuple[T, ...]:
        """Read every value of a list."""
        return tuple(read(item) for item in self.items())

    def optional(self, read: Callable[["Plain"], T]) -> T | None:
        """Read it unless it is null."""
        return None if self.value is None else read(self)

    def text(self) -> str:
        """Return a text that is not empty and can be written as UTF-8."""
        if not isinstance(self.value, str) or not self.value or re.search("[\ud800-\udfff]", self.value):
            raise self.refuse("a text")
        return self.value

    def code(self) -> str:
        """Return a slug or the code of a stage, criterion or award."""
        if not isinstance(self.value, str) or not CODE.fullmatch(self.value):
            raise self.refuse('a code of at most 64 letters, digits, "-" and "_"')
        return self.value

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.refuse("true or false")
        return self.value

    def whole(self, minimum: int = 0, maximum: int = MAX_COUNT) -> int:
        """Return a whole number within these bounds."""
        is_whole = isinstance(self.value, int) and not isinstance(self.value, bool)
        if not is_whole or not minimum <= self.value <= maximum:
            raise self.refuse(f"a whole number from {minimum} to {maximum}")
        return int(self.value)

    def decimal(self) -> Decimal:
        """Return a decimal that is written plainly, as a text."""
        is_decimal = isinstance(self.value, str) and DECIMAL.fullmatch(self.value)
        if not is_decimal or plain(Decimal(self.value)) != self.value:
            raise self.refuse('a decimal as a text without needless zeros, such as "0.5"')
        return Decimal(self.value)

    def member(self, kind: type[E], names: Sequence[str] = ()) -> E:
        """Return the member of an enum, or of some members of it, that is named."""
        names = names or list(kind.__members__)
        if not isinstance(self.value, str) or self.value not in names:
            raise self.refuse(f"one of {', '.join(names)}")
        return kind[self.value]

    def _dict(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            raise self.refuse("an object")
        return self.value

    def _under(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def once(values: Sequence[T], where: str) -> Sequence[T]:
    """Return the values, or refuse that one is there twice."""
    value, times = max(Counter(values).items(), key=lambda item: item[1], default=(None, 0))
    if times > 1:
        raise RecordError(f"{where}: {value} is there {times} times.")
    return values
