"""Do the documents show what was measured, and keep what stands around it?"""

from pathlib import Path

import pytest

from bench.figures import BLOCK, BLOCKS, DOCUMENTS, replaced
from tests.bench.samples import results

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_blocks_of_a_document_are_replaced_again_and_again(document: str) -> None:
    text = (REPOSITORY / document).read_text("utf-8")
    names = [found[2] for found in BLOCK.finditer(text)]
    assert names
    assert {*names} <= BLOCKS.keys()
    once = replaced(text, results())
    assert once != text
    assert replaced(once, results()) == once
    assert BLOCK.sub("", once) == BLOCK.sub("", text)


def test_a_block_of_which_nothing_was_measured_stays() -> None:
    text = "<!-- figures: apart -->\n\nAs before.\n\n<!-- end of figures -->\n"
    found = results()
    del found["live"]
    assert replaced(text, found) == text
    assert replaced(text, results()) != text


def test_a_city_needs_whole_processes() -> None:
    assert "7,000/s x 100 µs | 0.7 cores busy; at 60 % load 2 processes" in BLOCKS["the rush"](results())


def test_those_who_stopped_reading_are_told_of_where_there_were_any() -> None:
    found = results()
    assert BLOCKS["apart"](found).endswith("had an update after 0.90 s.")
    found["live"] |= {"stuck": 1_000, "updates_beside_stuck": {"missed": 0, "slowest_seconds": 0.5}}
    assert "beside 1,000 who had stopped reading 0.50 s." in " ".join(BLOCKS["apart"](found).split())


def test_a_machine_that_was_not_quiet_is_said() -> None:
    found = results() | {"disturbed": 0.4}
    assert "**not quiet**" in BLOCKS["goals"](found)
    assert "quiet" not in BLOCKS["goals"](results())
