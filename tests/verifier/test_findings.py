"""Does the page about the verifier name every finding and verdict with the meaning that it has?"""

import re
from pathlib import Path

from api.verifier.findings import Finding, FindingCode, LogBroken, Verdict

PAGE = (Path(__file__).parents[2] / "docs" / "verifier.md").read_text("utf-8")


def test_the_page_has_every_finding_in_its_order() -> None:
    table = PAGE.partition("## Findings")[2].partition("\n\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)
    assert rows == [(code.name, code.value) for code in FindingCode]


def test_the_page_has_every_verdict() -> None:
    assert re.findall(r"^\| `(\w+)` \| [01] \|", PAGE, re.MULTILINE) == [verdict.name for verdict in Verdict]


def test_a_finding_is_a_sentence_with_its_place() -> None:
    finding = Finding(FindingCode.FORKED, "checkpoint.9", "it is so", "it should be so", 4)
    assert str(LogBroken.of(finding)) == "checkpoint.9, entry 4: it is so; it should be so"
    assert LogBroken.of(finding).finding == finding
