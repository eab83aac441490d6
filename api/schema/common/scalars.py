"""The scalars Date, DateTime and SafeInt."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NewType, TypeVar

import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition as Scalar

from api.domain.rfc3339 import format_datetime, parse_date, parse_datetime

T = TypeVar("T")
RFC = "https://www.rfc-editor.org/rfc"
SafeInt = NewType("SafeInt", int)
MAX_SAFE_INT = 2**53 - 1


def _safe_int(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_SAFE_INT:
        return value
    raise GraphQLError(f"SafeInt must be an integer from -{MAX_SAFE_INT} to {MAX_SAFE_INT}.")


def _date(value: Any) -> date:
    if isinstance(value, str) and (parsed := parse_date(value)) is not None:
        return parsed
    raise GraphQLError("Date must be a calendar date written YYYY-MM-DD (full-date of RFC 3339), such as 2017-03-22.")


def _datetime(value: Any) -> datetime:
    if isinstance(value, str) and (parsed := parse_datetime(value)) is not None:
        return parsed
    raise GraphQLError(
        "DateTime must be an instant written YYYY-MM-DDThh:mm:ss with an offset Z or ±hh:mm (date-time of RFC 3339), such as "
        "2017-03-22T09:00:00+08:00, from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z."
    )


def _scalar(name: str, parse: Callable[[Any], T], serialize: Callable[[T], Any], url: str, description: str) -> Scalar:
    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> T:
        try:
            return parse(value_from_ast_untyped(node, variables))
        except GraphQLError as error:
            raise GraphQLError(error.message, node) from None  # with its place in the document

    return strawberry.scalar(
        name=name,
        description=description,
        specified_by_url=url,
        serialize=serialize,
        parse_value=parse,
        parse_literal=parse_literal,
    )


SCALARS: Mapping[object, Scalar] = {
    date: _scalar(
        "Date",
        _date,
        date.isoformat,
        f"{RFC}/rfc3339#section-5.6",
        "A calendar date, `YYYY-MM-DD` (full-date of RFC 3339), such as `2017-03-22`. A voting day is a date of the campaign's "
        "zone.",
    ),
    datetime: _scalar(
        "DateTime",
        _datetime,
        format_datetime,
        f"{RFC}/rfc3339",
        "An instant as RFC 3339 has it (date-time), always with an offset, such as `2017-03-22T09:00:00+08:00` or "
        "`2017-03-22T01:00:00Z`. Fractions of a second count to the microsecond.",
    ),
    SafeInt: _scalar(
        "SafeInt",
        _safe_int,
        _safe_int,
        f"{RFC}/rfc7493#section-2.2",
        "An integer that every JSON reader keeps exact: from -(2^53 - 1) to 2^53 - 1, sent as a number.",
    ),
}
