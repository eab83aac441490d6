"""Are codes many, legible, and the same however they are typed?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.review.invitations import ALPHABET, CODE_LENGTH, code_digest, new_code


def test_a_code_is_a_hundred_bits_in_groups_of_what_is_not_taken_for_another() -> None:
    assert (len(set(ALPHABET)), CODE_LENGTH) == (32, 20)
    assert not set("lo01") & set(ALPHABET)
    assert new_code(bytes(range(20))) == "abcde-fghij-kmnpq-rstuv"
    assert new_code(b"\xff" * 20) == "-".join(["99999"] * 4)


@given(st.binary(min_size=CODE_LENGTH, max_size=CODE_LENGTH), st.binary(min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_other_bits_are_another_code(one: bytes, other: bytes) -> None:
    alike = [byte % 32 for byte in one] == [byte % 32 for byte in other]
    assert (code_digest(new_code(one)) == code_digest(new_code(other))) == alike


@pytest.mark.parametrize("typed", ["ABCDE-fghij", "abcdefghij", " abcde fghij\n", "a-b-c-d-e-f-g-h-i-j"])
def test_case_spaces_and_dashes_make_no_difference(typed: str) -> None:
    assert code_digest(typed) == code_digest("abcde-fghij")


def test_any_text_has_a_digest() -> None:
    assert len({code_digest(text) for text in ("", "评", "\ud800", "x" * 10_000)}) == 4
