"""What can go wrong with a request, and when may the same request be sent again?"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

PASSING = frozenset({"OVERLOADED", "RATE_LIMITED", "TIMEOUT", "INTERNAL"})
SOCKETS_TO_OPEN_AGAIN = frozenset({1001, 1005, 1006, 1011, 1012, 1013, 4408, 4429, 4500})
TOO_MANY_REQUESTS = 429
LONGEST_WAIT = 30.0


class Unreachable(Exception):
    """The server did not answer as an API does: it is out of reach, or something in between has answered.

    `status` is that of HTTP, or the code with which a WebSocket was closed; None where there was neither.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Refused(Exception):
    """The server has answered with errors. What it could answer beside them is in `data`.

    Programs go by `code`, the first error's; the codes are those of docs/errors.md, to which more may be added.
    """

    def __init__(self, errors: Sequence[Mapping[str, Any]], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(" ".join(str(error.get("message", "")) for error in errors))
        self.errors = errors
        self.data = data
        self.code: str = extensions(errors[0]).get("code", "INTERNAL") if errors else "INTERNAL"


def extensions(error: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an error says to programs."""
    return error.get("extensions") or {}


def wait_for(failure: Refused | Unreachable, failures: int) -> float | None:
    """In how many seconds the same may be tried again, after so many failures; None if that would not help."""
    backoff = min(LONGEST_WAIT, 0.5 * 2**failures) * random.uniform(0.5, 1)  # noqa: S311  not all clients at once
    if isinstance(failure, Unreachable):
        status = failure.status
        passing = (
            status is None or status == TOO_MANY_REQUESTS or 500 <= status < 600 or status in SOCKETS_TO_OPEN_AGAIN
        )
        return backoff if passing else None
    for error in failure.errors:
        if extensions(error).get("code") in PASSING:
            asked = extensions(error).get("retryAfter")
            return backoff if asked is None else float(asked) + random.uniform(0, 0.5)  # noqa: S311
    return None
