"""Are ranges of bytes read as they are meant, and refused with what would be right?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.byte_ranges import AskedRange, SentRange, asked_range, sent_range
from api.http.requests import HttpError

SIZES = st.integers(1, 10**12)


@pytest.mark.parametrize(
    ("header", "length", "expected"),
    [
        (None, 7, SentRange(0, 7, 7)),
        (None, 0, SentRange(0, 0, 0)),
        (None, None, SentRange(0, None, None)),
        ("bytes 0-9/10", 10, SentRange(0, 10, 10)),
        ("bytes 10-10/11", None, SentRange(10, 1, 11)),
        (" bytes 5-6/* ", 2, SentRange(5, 2, None)),
        ("bytes */12", 0, SentRange(12, 0, 12)),
        ("bytes */0", 0, SentRange(0, 0, 0)),
    ],
)
def test_what_a_body_has_of_a_file(header: str | None, length: int | None, expected: SentRange) -> None:
    assert sent_range(header, length) == expected


@pytest.mark.parametrize(
    ("header", "length"),
    [
        ("", 1),
        ("bytes", 1),
        ("bytes 0-0", 1),
        ("bytes */*", 0),
        ("bytes 5-4/10", 0),
        ("bytes 0-10/10", 11),
        ("bytes 0--1/10", 1),
        ("bytes -1-0/10", 1),
        ("bytes 0-0/1, bytes 1-1/2", 1),
        ("lines 0-0/1", 1),
        ("bytes ٠-٠/١", 1),
        ("bytes 0-9999999999999999/*", 1),
        ("bytes 0-9/10", 9),
        ("bytes */10", 1),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(header: str, length: int) -> None:
    with pytest.raises(HttpError) as refusal:
        sent_range(header, length)
    assert refusal.value.status == 400
    message = refusal.value.error.message
    assert "bytes 0-1023/4096" in message.en or f"the body has {length}" in message.en
    assert "Content-Range" in message.zh


@given(start=st.integers(0, 10**12), length=SIZES, rest=st.integers(0, 10**12))
def test_what_is_sent_is_read_back(start: int, length: int, rest: int) -> None:
    whole = start + length + rest
    assert sent_range(f"bytes {start}-{start + length - 1}/{whole}", length) == SentRange(start, length, whole)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-", AskedRange(0, 9)),
        ("bytes=3-5", AskedRange(3, 5)),
        ("bytes=3-500", AskedRange(3, 9)),
        ("bytes=9-9", AskedRange(9, 9)),
        ("bytes=5-3", None),
        ("bytes=-3", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
    ],
)
def test_which_bytes_are_asked_for(header: str | None, expected: AskedRange | None) -> None:
    assert asked_range(header, 10) == expected


@pytest.mark.parametrize("size", [0, 10])
def test_bytes_behind_the_end_are_refused_with_the_size(size: int) -> None:
    with pytest.raises(HttpError) as refusal:
        asked_range("bytes=10-", size)
    assert (refusal.value.status, refusal.value.headers["Content-Range"]) == (416, f"bytes */{size}")
