"""Do openings say what the commitments hide, in one form alone?"""

from datetime import date

import pytest

from api.domain.log.entries import ballot_nonce, client_tag, commitment
from api.domain.log.openings import Opening, OpeningError, parse_openings, write_openings

NONCE, TAG, DAY = ballot_nonce("a" * 26), client_tag("0123456789"), date(2017, 3, 22)
OPENINGS = [Opening(NONCE, TAG, (1, 2, 10)), None, Opening(NONCE, None, (7,))]


def test_an_opening_opens_its_commitment() -> None:
    assert Opening(NONCE, TAG, (1, 10)).commitment("city", DAY) == commitment("city", DAY, NONCE, TAG, [10, 1])


def test_openings_are_a_line_for_each_entry_and_are_read_back() -> None:
    text = write_openings(OPENINGS)
    assert text == f"{NONCE.hex()} {TAG.hex()} 1,2,10\n-\n{NONCE.hex()} - 7\n"
    assert parse_openings(text) == OPENINGS
    assert parse_openings("") == []


@pytest.mark.parametrize("numbers", ["", "0", "01", "2,1", "1,1", "1,", "1, 2", "-1", "1234567"])
def test_numbers_in_another_form_are_refused_with_the_line(numbers: str) -> None:
    with pytest.raises(OpeningError, match="line 2"):
        parse_openings(f"-\n{NONCE.hex()} - {numbers}\n")


@pytest.mark.parametrize("text", ["-", "\n", "- \n", f"{'A' * 64} - 1\n", f"{NONCE.hex()}  - 1\n", "-\r\n"])
def test_lines_in_another_form_are_refused(text: str) -> None:
    with pytest.raises(OpeningError):
        parse_openings(text)
