"""Are checkpoints read and written as tlog-checkpoint says?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.log.checkpoints import MAX_SIZE, Checkpoint, parse_size
from api.domain.log.merkle import EMPTY_ROOT
from api.domain.log.notes import NoteError, SignedNote, encode_base64
from tests.domain.log.vectors import LOGS, ORIGIN, Vector

ROOT = encode_base64(EMPTY_ROOT)


@pytest.mark.parametrize("log", LOGS, ids=lambda log: str(log.size))
def test_the_checkpoint_is_the_one_that_others_make(log: Vector) -> None:
    text = SignedNote.parse(log.checkpoint).text
    assert Checkpoint.parse(text) == (ORIGIN, log.size, log.root, ())
    assert Checkpoint(ORIGIN, log.size, log.root).text == text


@given(size=st.integers(0, MAX_SIZE), root=st.binary(min_size=32, max_size=32), more=st.lists(st.just("extra 1")))
def test_every_checkpoint_is_read_back(size: int, root: bytes, more: list[str]) -> None:
    head = Checkpoint("log.example/a", size, root, tuple(more))
    assert Checkpoint.parse(head.text) == head


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "three lines or more"),
        (f"a\n1\n{ROOT}", "three lines or more"),
        ("a\n1\n", "three lines or more"),
        (f"\n1\n{ROOT}\n", "three lines or more"),
        (f"a\n1\n{ROOT}\n\n", "three lines or more"),
        (f"a\n1\n{ROOT}\n\nmore\n", "three lines or more"),
        (f"a\n01\n{ROOT}\n", "leading zeros"),
        (f"a\n+1\n{ROOT}\n", "leading zeros"),
        (f"a\n-1\n{ROOT}\n", "leading zeros"),
        (f"a\n 1\n{ROOT}\n", "leading zeros"),
        (f"a\n1_0\n{ROOT}\n", "leading zeros"),
        (f"a\n１\n{ROOT}\n", "leading zeros"),
        (f"a\n{2**63}\n{ROOT}\n", "leading zeros"),
        (f"a\n{'9' * 5000}\n{ROOT}\n", "leading zeros"),
        (f"a\n1\n{ROOT[:-1]}\n", "not base64"),
        (f"a\n1\n{ROOT} \n", "not base64"),
        (f"a\n1\n{encode_base64(b'x' * 31)}\n", "32 bytes, not 31"),
    ],
)
def test_anything_else_is_no_checkpoint(text: str, message: str) -> None:
    with pytest.raises(NoteError, match=message):
        Checkpoint.parse(text)


def test_the_largest_size_is_that_of_signed_integers() -> None:
    assert parse_size(str(MAX_SIZE)) == MAX_SIZE
    assert parse_size("0") == 0
