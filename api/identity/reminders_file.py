"""Read which of WeChat's templates reminders are written by, one table for each kind of reminder in a TOML file."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from api.domain.errors import OperatorError
from api.domain.people.reminders import ReminderKind
from api.identity.toml_file import read_toml

PLACEHOLDERS = ("{title}", "{opens}", "{closes}")
LENGTHS = {"thing": 20, "name": 10, "phrase": 5, "character_string": 32, "number": 32, "time": 40, "date": 40}
FIELD = re.compile(rf"({'|'.join(LENGTHS)})[0-9]{{1,3}}")
KINDS = ", ".join(ReminderKind.__members__)


class RemindersFileError(OperatorError):
    """A file of templates that cannot be used, in one sentence that says where and what would be right."""


def _check_data(data: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in data.items():
        field = FIELD.fullmatch(name)
        if field is None:
            raise ValueError(f"{name!a:.60} is no field of a template, such as thing1 or time2")
        if unknown := re.findall(r"\{[^{}]*\}?|\}", re.sub("|".join(map(re.escape, PLACEHOLDERS)), "", value)):
            raise ValueError(f"{name} has {unknown[0]!a:.60}; there are {', '.join(PLACEHOLDERS)}")
        if not value.strip() or ("{" not in value and len(value) > LENGTHS[field[1]]):
            raise ValueError(f"{name} needs 1 to {LENGTHS[field[1]]} characters")
    return data


class Template(BaseModel):
    """A template of WeChat's, as a kind of reminder fills it in."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{20,64}$")]
    data: Annotated[Mapping[str, str], AfterValidator(_check_data), Field(min_length=1)]


class RemindersFile(BaseModel):
    """What the file says. page: of the mini-program, which a reminder opens; {slug} is the campaign's."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    page: Annotated[str, Field(max_length=200)] | None = None
    state: Literal["formal", "trial", "developer"] = "formal"
    reminders: Annotated[dict[str, Template], Field(min_length=1)]

    @property
    def by_kind(self) -> Mapping[ReminderKind, Template]:
        """The templates."""
        return {ReminderKind[name]: template for name, template in self.reminders.items()}


def read_reminders_file(path: Path) -> RemindersFile:
    """The templates of a file. Raises RemindersFileError."""
    tree = read_toml(path, RemindersFileError)
    try:
        found = RemindersFile.model_validate(tree)
    except ValidationError as error:
        mistake = error.errors(include_url=False)[0]
        place = ".".join(map(str, mistake["loc"]))
        raise RemindersFileError(f"{path}: {place}: {mistake['msg']}. docs/reminders.md has an example.") from None
    if unknown := found.reminders.keys() - ReminderKind.__members__.keys():
        raise RemindersFileError(f"{path}: {min(unknown)!a:.60} is no kind of reminder. Kinds: {KINDS}.")
    return found
