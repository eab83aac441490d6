"""Is a body handed on whole however it comes, with never more than a piece of it in memory?"""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from api.http.byte_ranges import SentRange
from api.http.requests import HttpError
from api.http.upload_bodies import PIECE, UploadBody

CHUNKS = st.lists(st.integers(0, PIECE).map(lambda size: bytes([size % 251]) * size), max_size=6)
BROKEN: dict[str, Any] = {"type": "http.disconnect"}


def arriving(chunks: Iterable[bytes], *, broken: bool = False) -> Receive:
    """An ASGI receive that gives these, and then the end, or a broken connection."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append(BROKEN if broken else {"type": "http.request", "body": b"", "more_body": False})
    waiting = iter(messages)

    async def receive() -> Any:
        return next(waiting)

    return receive


async def pieces(receive: Receive, length: int | None, most: int = 10**9) -> tuple[list[bytes], Exception | None]:
    """All that is handed on, and what is raised at last."""
    handed: list[bytes] = []
    try:
        async for piece in UploadBody(receive, SentRange(0, length, length), most).pieces():
            handed.append(piece)
    except (HttpError, ClientDisconnect) as error:
        return handed, error
    return handed, None


@given(chunks=CHUNKS, is_announced=st.booleans())
async def test_however_it_comes_it_is_handed_on_in_order(chunks: list[bytes], is_announced: bool) -> None:
    whole = b"".join(chunks)
    handed, error = await pieces(arriving(chunks), len(whole) if is_announced else None)
    assert error is None
    assert b"".join(handed) == whole
    assert all(len(piece) == PIECE for piece in handed[:-1])
    assert all(0 < len(piece) <= PIECE for piece in handed)


@given(chunks=CHUNKS)
async def test_of_a_broken_connection_all_is_handed_on_that_has_arrived(chunks: list[bytes]) -> None:
    handed, error = await pieces(arriving(chunks, broken=True), None)
    assert isinstance(error, ClientDisconnect)
    assert b"".join(handed) == b"".join(chunks)


@pytest.mark.parametrize(("sent", "announced"), [(10, 11), (11, 10), (PIECE + 1, PIECE), (0, 1)])
async def test_another_length_than_was_announced_is_refused(sent: int, announced: int) -> None:
    handed, error = await pieces(arriving([b"x" * sent]), announced)
    assert isinstance(error, HttpError)
    assert error.status == 400
    assert f"says {announced} bytes, and the body has {sent}" in error.error.message.en
    assert sum(map(len, handed)) <= announced
    assert error.headers["Upload-Offset"] == str(sum(map(len, handed)))


async def test_a_file_that_grows_too_long_is_refused_before_its_end() -> None:
    handed, error = await pieces(arriving([b"x" * 60, b"x" * 60]), None, most=100)
    assert isinstance(error, HttpError)
    assert (error.status, error.error.details["limit"]) == (413, "file")
    assert sum(map(len, handed)) <= 100
