"""Read the section META: the terms of the vote, and everything else that is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.domain.exchange.problems import unreadable
from api.domain.texts import Text
from api.formats.pabulib.cells import Cell
from api.formats.pabulib.errors import Mistakes, cut
from api.formats.pabulib.numbers import amount, day, one_of, whole
from api.formats.pabulib.vocabulary import (
    APPROVAL,
    MAX_LENGTH_KEYS,
    MAX_PER_CATEGORY,
    MIN_LENGTH_KEYS,
    MIN_PER_CATEGORY,
    NEVER_EMPTY,
    OBLIGATORY_KEYS,
    OTHER_VOTE_TYPES,
    RULES,
    UNHELD_KEYS,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What META says of the vote. None: nothing is said, or what is said is wrong, which is a mistake then.

    fewest, most: projects on a ballot; fewest_each, most_each: of each category. limit: the most that they cost together.
    """

    num_projects: int | None
    num_votes: int | None
    begins: date | None
    ends: date | None
    fewest: int | None
    most: int | None
    limit: Decimal | None
    fewest_each: int | None
    most_each: int | None


def check_kind(cells: Mapping[str, Cell], mistakes: Mistakes) -> None:
    """Find that a file is of a kind that is not taken."""
    kind = cells.get("vote_type")
    if kind is not None and kind.text in OTHER_VOTE_TYPES:
        mistakes.unsupported(
            kind,
            Text(
                "vote_type是{text}，这类选票不能导入。只接受vote_type为{approval}的文件。",
                "vote_type is {text}, and such ballots are not taken. Only files with vote_type {approval} are.",
                text=kind.text,
                approval=APPROVAL,
            ),
        )
    for key in UNHELD_KEYS:
        cell = cells.get(key)
        if cell is not None and cell.text.strip("0.") != "":
            mistakes.unsupported(
                cell,
                Text(
                    "{key}规定了选票的一项条件，评选没有这种规则。若它不约束选票，请删去这一行。",
                    "{key} sets a condition for ballots that campaigns have no rule for. Remove the line if no "
                    "ballot was held to it.",
                    key=key,
                ),
            )


def terms_of(cells: Mapping[str, Cell], line: int, mistakes: Mistakes) -> Terms:
    """Read the terms, and find every mistake. line: of the section."""
    _check_keys(cells, line, mistakes)
    kind, rule = cells.get("vote_type"), cells.get("rule")
    if kind is not None and kind.text and kind.text not in OTHER_VOTE_TYPES:
        one_of(kind, "vote_type", (APPROVAL,), mistakes)
    if rule is not None and rule.text:
        one_of(rule, "rule", RULES, mistakes)
    if (budget := _given(cells, ("budget",))) is not None:
        amount(budget, "budget", mistakes)
    limit = _given(cells, ("max_sum_cost",))
    terms = Terms(
        _whole(cells, ("num_projects",), mistakes),
        _whole(cells, ("num_votes",), mistakes),
        _day(cells, "date_begin", mistakes, is_last=False),
        _day(cells, "date_end", mistakes, is_last=True),
        _whole(cells, MIN_LENGTH_KEYS, mistakes),
        _whole(cells, MAX_LENGTH_KEYS, mistakes, least=1),
        None if limit is None else amount(limit, "max_sum_cost", mistakes),
        _whole(cells, (MIN_PER_CATEGORY,), mistakes),
        _whole(cells, (MAX_PER_CATEGORY,), mistakes),
    )
    _check_order(cells, terms, mistakes)
    return terms


def _check_keys(cells: Mapping[str, Cell], line: int, mistakes: Mistakes) -> None:
    for key in OBLIGATORY_KEYS:
        cell = cells.get(key)
        if cell is None:
            mistakes.add(
                unreadable(
                    Text(
                        "META没有{key}。请添加一行“{key};…”。", "META has no {key}. Add a line {key};… to it.", key=key
                    ),
                    line,
                    1,
                )
            )
        elif not cell.text and key in NEVER_EMPTY:
            mistakes.wrong(cell, Text("{key}是空的。请写明它的值。", "{key} is empty. Write its value.", key=key))


def _given(cells: Mapping[str, Cell], keys: Sequence[str]) -> Cell | None:
    """The first of these keys that has a value."""
    return next((cells[key] for key in keys if key in cells and cells[key].text), None)


def _whole(cells: Mapping[str, Cell], keys: Sequence[str], mistakes: Mistakes, least: int = 0) -> int | None:
    cell = _given(cells, keys)
    return None if cell is None else whole(cell, keys[0], mistakes, least)


def _day(cells: Mapping[str, Cell], key: str, mistakes: Mistakes, *, is_last: bool) -> date | None:
    cell = _given(cells, (key,))
    return None if cell is None else day(cell, key, mistakes, is_last=is_last)


def _check_order(cells: Mapping[str, Cell], terms: Terms, mistakes: Mistakes) -> None:
    """Find bounds of which the lower one is the higher."""
    if terms.begins and terms.ends and terms.ends < terms.begins:
        cell = cells["date_end"]
        mistakes.wrong(
            cell,
            Text(
                "date_end写的是“{text}”，早于date_begin的{text_2}。请改正其中一个。",
                'date_end is "{text}", before date_begin, {text_2}. Mend one of the two.',
                text=cut(cell.text),
                text_2=cells["date_begin"].text,
            ),
        )
    for low, high, fewest, most in (
        (MIN_LENGTH_KEYS, MAX_LENGTH_KEYS, terms.fewest, terms.most),
        ((MIN_PER_CATEGORY,), (MAX_PER_CATEGORY,), terms.fewest_each, terms.most_each),
    ):
        given = _given(cells, low)
        if given is not None and fewest is not None and most is not None and fewest > most:
            mistakes.wrong(
                given,
                Text(
                    "{low}写的是{fewest}，多于{high}的{most}。请写{most}或更小的数。",
                    "{low} is {fewest}, more than {high}, {most}. Write {most} or less.",
                    low=low[0],
                    fewest=fewest,
                    high=high[0],
                    most=most,
                ),
            )
