"""Does the page on the ballot log say what the code does: every entry, every file, and an example that comes out?"""

import re
from datetime import date

from api.domain.log.entries import KINDS, ballot_entry, ballot_nonce, client_tag, commitment
from api.domain.log.merkle import leaf_hash
from tests.servers import ROOT

PAGE = (ROOT / "docs" / "ballot-log.md").read_text("utf-8")


def test_it_has_a_row_for_each_kind_of_entry_and_for_no_other() -> None:
    described = re.findall(r"^\| `([a-z]+) [A-Z]", PAGE, re.MULTILINE)
    assert sorted(described) == sorted(KINDS)


def test_its_example_comes_out() -> None:
    ballot_id, key, slug, day, digest, leaf = re.search(  # type: ignore[union-attr]  # it is there, or this fails
        r"the id `(\w+)`, the key `(\w+)`, the campaign `([\w-]+)`,\nthe day `([\d-]+)` and the projects 1 to 10 make the "
        r"commitment `(\w+)`, and the leaf hash\n`(\w+)`",
        PAGE,
    ).groups()
    voting_day = date.fromisoformat(day)
    made = commitment(slug, voting_day, ballot_nonce(ballot_id), client_tag(key), range(1, 11))
    assert made == digest
    assert leaf_hash(ballot_entry(voting_day, made)).hex() == leaf
