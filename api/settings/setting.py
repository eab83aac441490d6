"""Declare settings, read them from the environment, and report the wrong ones."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar, overload

from api.domain.errors import OperatorError

PREFIX = "PINGXUAN_"
T = TypeVar("T")


class SettingError(OperatorError):
    """A setting that is wrong, in one sentence that says what would be right."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable, named without its prefix. default is a text as the variable would hold it; None: not set.

    parse turns such a text into a value, or raises ValueError saying what would be right. A secret is never shown, and may
    be in a file instead, which the same name with _FILE at its end then names.
    """

    name: str
    parse: Callable[[str], Any]
    default: str | None
    meaning: str
    is_secret: bool = False

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that may set it."""
        variable = PREFIX + self.name
        return (variable, f"{variable}_FILE") if self.is_secret else (variable,)

    def value(self, environment: Mapping[str, str], default: str | None) -> Any:
        """Return its value in an environment, None when it is not set and has no default. Raise SettingError."""
        text = self._text(environment)
        text = default if text is None else text
        if text is None:
            return None
        try:
            return self.parse(text)
        except ValueError as error:
            shown = "" if self.is_secret else f" is {without_password(text)!r}"
            raise SettingError(f"{PREFIX}{self.name}{shown}: {error}.") from None

    def _text(self, environment: Mapping[str, str]) -> str | None:
        given = [variable for variable in self.variables if variable in environment]
        if len(given) > 1:
            raise SettingError(f"{given[0]} and {given[1]} are both set: set one of them.")
        if not given:
            return None
        text = environment[given[0]]
        return text if given[0] == self.variables[0] else _content(given[0], text)


def _content(variable: str, file: str) -> str:
    """Return what is in the file that this variable names, without the end of line that editors add."""
    try:
        return Path(file).read_text("utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        # The path is not shown: who takes this variable for the other one has put the secret itself into it.
        raise SettingError(
            f"{variable}: the file that it names cannot be read: {reason}. Name a text file that holds the secret."
        ) from None


def without_password(text: str) -> str:
    """The text with what may be the user and the password of a URL in it left out, however malformed the URL is."""
    return re.sub(r"(?s)(\w+:.*|\S*)@", "…@", text)


@overload
def setting(parse: Callable[[str], T], default: str, meaning: str, *, name: str = "", is_secret: bool = False) -> T: ...
@overload
def setting(
    parse: Callable[[str], T], default: None, meaning: str, *, name: str = "", is_secret: bool = False
) -> T | None: ...
def setting(
    parse: Callable[[str], Any], default: str | None, meaning: str, *, name: str = "", is_secret: bool = False
) -> Any:
    """Declare a field of a dataclass as a setting. name: where it is not the field's own in capitals."""
    return field(repr=not is_secret, metadata={"setting": (name, parse, default, meaning, is_secret)})


def declared(kind: type) -> dict[str, Setting]:
    """Return the settings that a dataclass declares, by its attributes."""
    return {
        one.name: Setting(name or one.name.upper(), *others)
        for one in fields(kind)
        if "setting" in one.metadata
        for name, *others in [one.metadata["setting"]]
    }
