"""What was an operation answered?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from pingxuan_client.errors import Refused, Unreachable
from pingxuan_client.operations.base_model import UnsetType

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` may be there beside errors: a field that was refused is null in it."""

    data: Json | None
    errors: Sequence[Json] = ()

    def whole(self) -> Json:
        """The data; raises Refused where any part of it was."""
        if self.data is None or self.errors:
            raise Refused(self.errors, self.data)
        return self.data


def answer_of(said: Json) -> Answer:
    return Answer(said.get("data"), said.get("errors") or ())


def read_answer(text: str, status: int) -> Answer:
    """Read a response's body; raises Unreachable where it is none of the API's."""
    try:
        said = json.loads(text)
    except ValueError as error:
        raise Unreachable(f"The answer has status {status} and is no JSON.", status) from error
    answer = answer_of(said) if isinstance(said, dict) else Answer(None)
    if answer.data is None and not answer.errors:
        raise Unreachable(f"The answer has status {status} and no data.", status)
    return answer


def plain(value: Any) -> Any:
    """A variable as JSON has it; what was left unset is left out."""
    match value:
        case BaseModel():
            return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            return {name: plain(given) for name, given in value.items() if not isinstance(given, UnsetType)}
        case list() | tuple():
            return [plain(given) for given in value]
    return value
