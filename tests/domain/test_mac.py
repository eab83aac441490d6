"""Is the code under a key that is used many times the one that the standard library makes?"""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from api.domain.mac import BLOCK_SIZE, HmacSha256

keys = st.binary(max_size=3 * BLOCK_SIZE) | st.binary(min_size=BLOCK_SIZE - 1, max_size=BLOCK_SIZE + 1)


@given(key=keys, messages=st.lists(st.binary(max_size=200), max_size=3))
def test_every_message_gets_the_code_that_hmac_gives_it(key: bytes, messages: list[bytes]) -> None:
    codes = HmacSha256(key)
    assert [codes.digest(message) for message in messages] == [
        hmac.digest(key, message, "sha256") for message in messages
    ]


def test_the_code_is_that_of_rfc_4231() -> None:
    codes = HmacSha256(b"Jefe")
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert codes.digest(b"what do ya want for nothing?").hex() == expected
