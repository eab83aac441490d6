"""Does every line of the threat model name a test that exists, or say honestly that none shows it?"""

import ast
import re
from functools import cache

import pytest

from tests.servers import ROOT

PAGE = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("| ").split("|")] for line in PAGE.splitlines() if line.startswith("| ca")]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)))
ATTACKERS = (
    "A voter",
    "A buyer of votes",
    "A bot farm",
    "A front-end developer",
    "An operator with a copy of the database",
    "Somebody who restores an old copy",
    "The network",
)


@cache
def names_of_tests(file: str) -> frozenset[str]:
    """The names of a file's tests."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_"))


@pytest.mark.parametrize("attacker", ATTACKERS)
def test_each_attacker_can_do_something_and_cannot_do_something(attacker: str) -> None:
    [section] = re.findall(rf"^## {attacker}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert {"| can |", "| cannot |"} <= set(re.findall(r"^\| \w+ \|", section, re.MULTILINE))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1][:60]}")
def test_each_line_names_its_tests_or_says_that_none_shows_it(row: list[str]) -> None:
    can, what, shown = row
    assert can in ("can", "cannot")
    assert what
    assert shown.startswith("*not shown*: ") or re.fullmatch(r"(`tests/[\w/]+\.py::test_\w+` ?)+", shown)


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_each_named_test_exists(file: str, name: str) -> None:
    assert (ROOT / file).is_file()
    assert name in names_of_tests(file)
