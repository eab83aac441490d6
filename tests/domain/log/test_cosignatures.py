"""Is a cosignature the one of tlog-cosignature?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.log.cosignatures import MAX_TIME, Cosignature, cosignature_message
from api.domain.log.notes import NoteError


def test_what_is_signed_is_a_header_the_time_and_the_text() -> None:
    text = "log.example\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosignature_message(1679315147, text) == b"cosignature/v1\ntime 1679315147\n" + text.encode()


@given(time=st.integers(0, MAX_TIME), signature=st.binary(min_size=64, max_size=64))
def test_its_bytes_are_the_time_and_the_signature(time: int, signature: bytes) -> None:
    cosignature = Cosignature(time, signature)
    assert cosignature.blob == time.to_bytes(8, "big") + signature
    assert Cosignature.parse(cosignature.blob) == cosignature


@pytest.mark.parametrize("blob", [b"", b"\0" * 71, b"\0" * 73, b"\xff" + b"\0" * 71])
def test_anything_else_is_no_cosignature(blob: bytes) -> None:
    with pytest.raises(NoteError, match="eight bytes for its time, below 2\\^63"):
        Cosignature.parse(blob)
