"""Are rows split as Python's csv module does it, with the place of each cell?"""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.formats.pabulib.cells import Cell, Unclosed, split

CELLS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0 \t"), max_size=12), min_size=1, max_size=6
)


@given(CELLS)
def test_what_the_csv_module_writes_is_read_again(cells: list[str]) -> None:
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="").writerow(cells)
    found = split(text.getvalue(), 5)
    assert isinstance(found, list)
    assert [cell.text for cell in found] == cells


def test_each_cell_has_its_line_and_column() -> None:
    assert split('ab;"c\nd;";e', 7) == [Cell("ab", 7, 1), Cell("c\nd;", 7, 4), Cell("e", 8, 5)]


def test_a_quote_in_the_middle_means_itself() -> None:
    assert split('Park "Bema";1', 1) == [Cell('Park "Bema"', 1, 1), Cell("1", 1, 13)]


@pytest.mark.parametrize("text", ['a;"b', 'a;"b""', 'a;"b;c\nd'])
def test_an_open_quote_is_told_with_its_place(text: str) -> None:
    assert split(text, 3) == Unclosed(3, 3)
