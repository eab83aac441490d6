"""The scalars Date, DateTime, Decimal and SafeInt."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NewType, TypeVar

import strawberry
from graphql import ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition as Scalar

from api.domain.rfc3339 import format_datetime, parse_date, parse_datetime
from api.domain.texts import Text
from api.execution.translation import LocalizedError

T = TypeVar("T")
RFC = "https://www.rfc-editor.org/rfc"
SafeInt = NewType("SafeInt", int)
MAX_SAFE_INT = 2**53 - 1
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?")


def _invalid(message: Text) -> LocalizedError:
    return LocalizedError(message)


def _safe_int(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_SAFE_INT:
        return value
    raise _invalid(
        Text(
            "SafeInt须为-{max_safe_int}至{max_safe_int}之间的整数。",
            "SafeInt must be an integer from -{max_safe_int} to {max_safe_int}.",
            max_safe_int=MAX_SAFE_INT,
        ),
    )


def _date(value: Any) -> date:
    if isinstance(value, str) and (parsed := parse_date(value)) is not None:
        return parsed
    raise _invalid(
        Text(
            "Date须为写作YYYY-MM-DD的日期（RFC 3339的full-date），例如2017-03-22。",
            "Date must be a calendar date written YYYY-MM-DD (full-date of RFC 3339), such as 2017-03-22.",
        ),
    )


def _datetime(value: Any) -> datetime:
    if isinstance(value, str) and (parsed := parse_datetime(value)) is not None:
        return parsed
    raise _invalid(
        Text(
            "DateTime须为写作YYYY-MM-DDThh:mm:ss并以Z或±hh:mm结尾的时刻（RFC 3339的date-time），"
            "例如2017-03-22T09:00:00+08:00；须在0001-01-01T00:00:00Z至9999-12-31T23:59:59Z之间。",
            "DateTime must be an instant written YYYY-MM-DDThh:mm:ss with an offset Z or ±hh:mm (date-time "
            "of RFC 3339), such as 2017-03-22T09:00:00+08:00, from 0001-01-01T00:00:00Z to "
            "9999-12-31T23:59:59Z.",
        ),
    )


def _decimal(value: Any) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return Decimal(value)
    raise _invalid(
        Text(
            'Decimal须为写在引号中的十进制数，小数点前最多18位、后最多6位，例如"1200.50"。',
            "Decimal must be a decimal number as a string, with at most 18 digits before the point and 6 "
            'after it, such as "1200.50".',
        ),
    )


def _scalar(name: str, parse: Callable[[Any], T], serialize: Callable[[T], Any], url: str, description: str) -> Scalar:
    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> T:
        try:
            return parse(value_from_ast_untyped(node, variables))
        except LocalizedError as error:
            raise LocalizedError(error.text, node) from None  # with its place in the document

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
    Decimal: _scalar(
        "Decimal",
        _decimal,
        "{:f}".format,
        "https://www.w3.org/TR/xmlschema11-2/#decimal",
        'An exact decimal number as a string, such as `"1200.50"`: an amount of money, which floating point would round.',
    ),
    SafeInt: _scalar(
        "SafeInt",
        _safe_int,
        _safe_int,
        f"{RFC}/rfc7493#section-2.2",
        "An integer that every JSON reader keeps exact: from -(2^53 - 1) to 2^53 - 1, sent as a number.",
    ),
}
