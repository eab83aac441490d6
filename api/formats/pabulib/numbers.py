"""Read the numbers and dates of a file, or say what is wrong with them."""

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from api.domain.texts import Text, joined
from api.formats.pabulib.cells import Cell
from api.formats.pabulib.errors import Mistakes, cut

PLACES = Decimal("0.000001")  # as many as campaigns have
MAX_DIGITS = 15


class Span(NamedTuple):
    """The days of a vote, the first and the last."""

    begins: date
    ends: date


def whole(cell: Cell, name: str, mistakes: Mistakes, least: int = 0) -> int | None:
    """A whole number of at least so much."""
    if re.fullmatch(r"[0-9]{1,9}", cell.text) and int(cell.text) >= least:
        return int(cell.text)
    digits = re.sub(r"[ ,.'\u00a0]", "", cell.text)
    right = f"{digits}" if re.fullmatch(r"[0-9]{1,9}", digits) and int(digits) >= least else f"{max(least, 12)}"
    mistakes.wrong(
        cell,
        Text(
            "{name}写的是“{text}”，应为不小于{least}的整数，只写数字，如{right}。",
            '{name} is "{text}". Write a whole number of at least {least} in digits alone, such as {right}.',
            name=name,
            text=cut(cell.text),
            least=least,
            right=right,
        ),
    )
    return None


def amount(cell: Cell, name: str, mistakes: Mistakes) -> Decimal | None:
    """An amount of money, rounded to six decimal places."""
    if re.fullmatch(rf"[0-9]{{1,{MAX_DIGITS}}}(\.[0-9]*)?", cell.text):
        value = Decimal(cell.text)
        return value if -value.as_tuple().exponent <= 6 else value.quantize(PLACES)  # type: ignore[operator]
    right = re.sub(r"[ \u00a0'-]", "", cell.text)
    is_grouped = re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", right)
    right = right.replace(",", "" if is_grouped else ".")
    right = right if re.fullmatch(rf"[0-9]{{1,{MAX_DIGITS}}}(\.[0-9]*)?", right) else "1200.50"
    mistakes.wrong(
        cell,
        Text(
            "{name}写的是“{text}”，应为不小于0的数，只用数字和小数点，不用逗号，如{right}。",
            '{name} is "{text}". Write a number of at least 0 with a point and no comma, such as {right}.',
            name=name,
            text=cut(cell.text),
            right=right,
        ),
    )
    return None


def day(cell: Cell, name: str, mistakes: Mistakes, *, is_last: bool) -> date | None:
    """The day of a date; of a year its first or its last one."""
    if re.fullmatch(r"[0-9]{4}", cell.text) and 1900 <= int(cell.text) <= 2100:
        year = int(cell.text)
        return date(year, 12, 31) if is_last else date(year, 1, 1)
    found = re.fullmatch(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})", cell.text)
    if found and 1900 <= int(found[3]) <= 2100:
        try:
            return date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            pass  # the 31st of a month that has none: told below
    mistakes.wrong(
        cell,
        Text(
            "{name}写的是“{text}”，应为1900至2100年间的日期，写作日.月.年，如05.06.2023，或只写年份。",
            '{name} is "{text}". Write a date from 1900 to 2100 as DD.MM.YYYY, such as 05.06.2023, or a year.',
            name=name,
            text=cut(cell.text),
        ),
    )
    return None


def one_of(cell: Cell, name: str, values: tuple[str, ...], mistakes: Mistakes) -> None:
    """Find that a word is none of those that there are."""
    if cell.text not in values:
        mistakes.wrong(
            cell,
            Text(
                "{name}写的是“{text}”。请写以下之一：{values}。",
                '{name} is "{text}". Write one of {values}.',
                name=name,
                text=cut(cell.text),
                values=joined(values),
            ),
        )
