"""Does a receipt's text say what was signed, in one form alone, and does its path lead to the root?"""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from api.domain.log.merkle import inclusion_path, leaf_hash, root_of
from api.domain.log.receipts import ReceiptError, ReceiptHead, seal_by

LEAVES = [leaf_hash(bytes([n])) for n in range(5)]
UNTIL = datetime(2017, 3, 22, 2, 0, tzinfo=UTC)
HEAD = ReceiptHead("vote.example.cn/log/city", root_of(LEAVES), 5, UNTIL)


def test_the_text_is_what_others_sign_and_is_read_back() -> None:
    first, origin, _, size, until = HEAD.text.splitlines()
    assert (first, origin, size) == ("pingxuan/receipts/v1", "vote.example.cn/log/city", "5")
    assert until == "2017-03-22T02:00:00Z"
    assert ReceiptHead.parse(HEAD.text) == HEAD


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        ("/v1", "/v2"),
        ("city\n", "city \n"),
        ("\n5\n", "\n05\n"),
        ("00Z\n", "00Z"),
        ("00Z", "00+00:00"),
        ("00Z", "00.5Z"),
        ("T02", "T25"),
        ("=\n", "\n"),
        ("=", "=="),
    ],
)
def test_another_form_is_refused(found: str, instead: str) -> None:
    assert found in HEAD.text
    with pytest.raises(ReceiptError):
        ReceiptHead.parse(HEAD.text.replace(found, instead))


def test_a_root_with_bits_beyond_its_bytes_is_refused() -> None:
    zeros = ReceiptHead("o", bytes(32), 1, UNTIL).text
    with pytest.raises(ReceiptError):
        ReceiptHead.parse(zeros.replace("A=", "B="))


def test_a_path_leads_from_its_leaf_to_the_root_and_from_no_other() -> None:
    for index, leaf in enumerate(LEAVES):
        path = inclusion_path(LEAVES, index)
        assert HEAD.covers(leaf, index, path)
        assert not HEAD.covers(leaf, (index + 1) % 5, path)
        assert not HEAD.covers(leaf, index, [*path, leaf])
        assert not HEAD.covers(leaf_hash(b"other"), index, path)
    assert not HEAD.covers(LEAVES[0], 0, [LEAVES[1][:31]])


@pytest.mark.parametrize(("microsecond", "second"), [(0, 0), (1, 1), (999_999, 1)])
def test_the_moment_is_rounded_up_to_seconds_and_is_in_utc(microsecond: int, second: int) -> None:
    cast_at = datetime(2017, 3, 22, 9, 0, 0, microsecond, tzinfo=timezone(timedelta(hours=8)))
    assert seal_by(cast_at, timedelta(hours=1)) == datetime(2017, 3, 22, 2, 0, second, tzinfo=UTC)
