"""Do pages visit every item exactly once, even while the order changes under the reader?"""

import base64
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.errors import ApiError, ErrorCode
from api.domain.paging import MAX_PAGE_SIZE, ORDER_BYTES, Cursors, Direction, PageArgs, page, page_in_order, sort

LIST = ("shanghai-2017", "RANK")
FIFTY = list(range(1, 51))
orders = st.lists(st.integers(1, 9999), unique=True, max_size=60)


def refused(keys: list[int], window: PageArgs, identity: object = LIST) -> ApiError:
    with pytest.raises(ApiError) as caught:
        page(keys, identity, window)
    assert caught.value.code is ErrorCode.BAD_INPUT
    return caught.value


@pytest.mark.parametrize("count", [1, 50, 5_000, 60_000])
def test_a_cursor_has_28_characters_however_long_its_list_is(count: int) -> None:
    keys = Random(count).sample(range(1, count + 1), count)
    first = page(keys, LIST, PageArgs(first=1))
    last = page(keys, LIST, PageArgs(last=1))
    assert {len(cursor) for cursor in (*first.cursors, *last.cursors)} == {28}


def walk(
    keys: list[int], seed: int, window_after: Callable[[str | None], PageArgs], cursor_at: int, more: str
) -> list[int]:
    """All pages of a list whose order is shuffled between them, put together in reading order."""
    random, visited, cursor = Random(seed), [], None
    kept: dict[bytes, list[int]] = {}
    for _ in range(len(keys) + 1):
        window = window_after(cursor)
        cursors = Cursors(keys, LIST)
        resumption = cursors.resume(window)
        order = resumption.order or random.randbytes(ORDER_BYTES)
        read = page_in_order(kept.setdefault(order, keys), order, cursors, resumption, window)
        visited = visited + list(read.keys) if more == "has_next" else list(read.keys) + visited
        assert read.total == len(keys)
        if not getattr(read, more):
            return visited
        cursor = read.cursors[cursor_at]
        keys = random.sample(keys, len(keys))
    raise AssertionError("the walk does not end")


@given(keys=orders, size=st.integers(1, 30), seed=st.integers())
def test_reading_forwards_while_ranks_change_visits_everything_once_in_the_first_order(
    keys: list[int], size: int, seed: int
) -> None:
    assert walk(keys, seed, lambda cursor: PageArgs(first=size, after=cursor), -1, "has_next") == keys


@given(keys=orders, size=st.integers(1, 30), seed=st.integers())
def test_reading_backwards_while_ranks_change_visits_everything_once_in_the_first_order(
    keys: list[int], size: int, seed: int
) -> None:
    def window(cursor: str | None) -> PageArgs:
        return PageArgs(first=None, last=size, before=cursor)

    assert walk(keys, seed, window, 0, "has_previous") == keys


@given(keys=orders.filter(bool), data=st.data())
def test_a_page_is_the_slice_it_says_it_is(keys: list[int], data: st.DataObject) -> None:
    cursors = page(keys, LIST, PageArgs(first=MAX_PAGE_SIZE)).cursors
    after, before = (data.draw(st.none() | st.integers(0, len(keys) - 1)) for _ in range(2))
    size, backwards = data.draw(st.integers(0, 20)), data.draw(st.booleans())
    read = page(
        keys,
        LIST,
        PageArgs(
            first=None if backwards else size,
            last=size if backwards else None,
            after=None if after is None else cursors[after],
            before=None if before is None else cursors[before],
        ),
    )
    start = 0 if after is None else after + 1
    span = list(range(start, len(keys) if before is None else before))
    chosen = (span[-size:] if size else []) if backwards else span[:size]
    assert list(read.keys) == [keys[position] for position in chosen]
    assert list(read.cursors) == [cursors[position] for position in chosen]
    if chosen:
        assert read.has_previous == (chosen[0] > 0)
        assert read.has_next == (chosen[-1] < len(keys) - 1)


def test_without_a_size_a_page_holds_at_most_a_hundred() -> None:
    keys = list(range(1, 151))
    assert page(keys, LIST, PageArgs()).keys == tuple(keys[:20])
    assert page(keys, LIST, PageArgs(first=None)).keys == tuple(keys[:100])
    assert page(keys, LIST, PageArgs(first=100)).keys == tuple(keys[:100])
    assert page([], LIST, PageArgs()).keys == ()


@pytest.mark.parametrize("size", [-1, 101, -(2**31), 2**31 - 1, 10**30])
def test_a_size_out_of_range_is_refused_by_its_name(size: int) -> None:
    limit = {"limit": "page", "most": 100, "actual": size}
    assert refused(FIFTY, PageArgs(first=size)).details == {"argument": "first", **limit}
    fault = refused(FIFTY, PageArgs(last=size))
    assert fault.details == {"argument": "last", **limit}
    assert str(size) in fault.message.zh
    assert str(size) in fault.message.en


def cursor_of(keys: list[int], identity: object = LIST) -> str:
    return page(keys, identity, PageArgs()).cursors[7]


@pytest.mark.parametrize("other", [("shanghai-2017", "VOTES"), ("shanghai-2015", "RANK"), None])
def test_a_cursor_of_another_list_is_refused(other: object) -> None:
    assert refused(FIFTY, PageArgs(after=cursor_of(FIFTY, other))).details == {"argument": "after"}
    assert refused(FIFTY, PageArgs(last=3, before=cursor_of(FIFTY, other))).details == {"argument": "before"}


def test_a_cursor_of_an_order_that_is_gone_says_to_begin_again() -> None:
    fault = refused(FIFTY[::-1], PageArgs(after=cursor_of(FIFTY)))
    assert fault.details == {"argument": "after"}
    assert fault.message.en == (
        "after belongs to an order of this list that is no longer kept. Read the list again from its first page, "
        "without after."
    )
    assert refused(FIFTY[::-1], PageArgs(last=1, before=cursor_of(FIFTY))).details == {"argument": "before"}


def test_two_cursors_of_two_orders_are_refused() -> None:
    cursors = Cursors(FIFTY, LIST)
    one, other = (cursors.encode(7, bytes([n]) * ORDER_BYTES) for n in (1, 2))
    assert cursors.resume(PageArgs(after=one, before=one)).order == b"\1" * ORDER_BYTES
    with pytest.raises(ApiError) as caught:
        cursors.resume(PageArgs(after=one, before=other))
    assert caught.value.details == {"argument": "before"}


@given(keys=st.sets(st.integers(1, 60), min_size=8, max_size=60).filter(lambda keys: keys != set(FIFTY)))
def test_a_cursor_of_a_list_with_other_members_is_refused(keys: set[int]) -> None:
    refused(FIFTY, PageArgs(after=cursor_of(sorted(keys))))


GARBAGE = ["", "x", "====", "abc!", "游标", "\x00", "a" * 100_000, "A\nAA", "é", "null", "-1", "_" * 48]


@pytest.mark.parametrize("cursor", GARBAGE)
def test_garbage_is_no_cursor(cursor: str) -> None:
    refused(FIFTY, PageArgs(after=cursor))
    refused([], PageArgs(after=cursor))


@given(cursor=st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_is_answered_with_anything_but_a_refusal(cursor: str) -> None:
    refused(FIFTY, PageArgs(after=cursor))


def forged(change: Callable[[bytes], bytes]) -> str:
    return base64.urlsafe_b64encode(change(base64.urlsafe_b64decode(cursor_of(FIFTY)))).decode()


FORGERIES: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("a position past the end", lambda raw: (50).to_bytes(3, "big") + raw[3:]),
    ("a negative position", lambda raw: (-1).to_bytes(3, "big", signed=True) + raw[3:]),
    ("another position", lambda raw: (8).to_bytes(3, "big") + raw[3:]),
    ("another order", lambda raw: raw[:3] + bytes([raw[3] ^ 1]) + raw[4:]),
    ("another check", lambda raw: raw[:-1] + bytes([raw[-1] ^ 1])),
    ("no order", lambda raw: raw[:3] + raw[-6:]),
    ("an endless order", lambda raw: raw + b"\xff" * 10_000),
    ("one byte less", lambda raw: raw[:-1]),
    ("one byte more", lambda raw: raw[:3] + b"\x00" + raw[3:]),
    ("its position alone", lambda raw: raw[:3]),
]


@pytest.mark.parametrize("change", [change for _, change in FORGERIES], ids=[name for name, _ in FORGERIES])
def test_a_forged_cursor_is_refused(change: Callable[[bytes], bytes]) -> None:
    refused(FIFTY, PageArgs(after=forged(change)))


def test_the_forger_would_make_a_valid_cursor_if_nothing_were_changed() -> None:
    assert page(FIFTY, LIST, PageArgs(after=forged(lambda raw: raw))).keys[0] == 9


@pytest.mark.parametrize("place", range(28))
def test_a_cursor_with_one_character_changed_is_refused(place: int) -> None:
    cursor = cursor_of(FIFTY)
    for character in {"A", "B", "+", "/", "="} - {cursor[place]}:
        refused(FIFTY, PageArgs(after=cursor[:place] + character + cursor[place + 1 :]))


items = st.lists(st.tuples(st.integers(1, 99), st.none() | st.integers(0, 4)), unique_by=lambda item: item[0])


@given(listed=items, direction=st.sampled_from(Direction))
def test_what_has_no_value_comes_last_and_equal_values_by_number(
    listed: list[tuple[int, int | None]], direction: Direction
) -> None:
    def place(item: tuple[int, int | None]) -> tuple[Any, ...]:
        number, value = item
        sign = 1 if direction is Direction.ASC else -1
        return (value is None, sign * (value or 0), number)

    assert sort(listed, [(lambda item: item[1], direction)], lambda item: item[0]) == sorted(listed, key=place)
