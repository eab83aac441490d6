"""The scalars Date, DateTime and SafeInt."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from api.domain.texts import Text
from api.execution.translation import LocalizedError

SafeInt = NewType("SafeInt", int)
MAX_SAFE_INT = 2**53 - 1


def _invalid(zh: str, en: str) -> LocalizedError:
    return LocalizedError(Text(zh, en))


def _safe_int(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_SAFE_INT:
        return value
    raise _invalid(
        f"SafeInt须为-{MAX_SAFE_INT}至{MAX_SAFE_INT}之间的整数。",
        f"SafeInt must be an integer from -{MAX_SAFE_INT} to {MAX_SAFE_INT}.",
    )


def _date(value: Any) -> date:
    try:
        parsed = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        parsed = None
    if parsed is None:
        raise _invalid(
            "Date须为写作YYYY-MM-DD的日期，例如2017-03-22。",
            "Date must be a calendar date written YYYY-MM-DD, such as 2017-03-22.",
        )
    return parsed


def _datetime(value: Any) -> datetime:
    try:
        parsed = datetime.fromisoformat(value) if isinstance(value, str) and len(value) > 18 else None
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise _invalid(
            "DateTime须为带时区的RFC 3339时刻，例如2017-03-22T09:00:00+08:00。",
            "DateTime must be RFC 3339 with an offset, such as 2017-03-22T09:00:00+08:00.",
        )
    try:
        return parsed.astimezone(UTC)
    except OverflowError:
        raise _invalid(
            "DateTime须在0001-01-01T00:00:00Z与9999-12-31T23:59:59Z之间。",
            "DateTime must be an instant from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.",
        ) from None


SCALARS: Mapping[object, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date",
        description="A calendar date, `YYYY-MM-DD`, such as `2017-03-22`. A voting day is a date of the campaign's zone.",
        serialize=date.isoformat,
        parse_value=_date,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant as RFC 3339 has it, always with an offset, such as `2017-03-22T09:00:00+08:00`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=datetime.isoformat,
        parse_value=_datetime,
    ),
    SafeInt: strawberry.scalar(
        name="SafeInt",
        description="An integer that every JSON reader keeps exact: from -(2^53 - 1) to 2^53 - 1, sent as a number.",
        serialize=_safe_int,
        parse_value=_safe_int,
    ),
}
