"""Is every error that a caller can meet on the page about errors, in the words of the code?"""

import ast
from enum import Enum
from pathlib import Path

import pytest

from api.cli.error_docs import EXAMPLES, page
from api.domain.errors import ErrorCode
from api.domain.integrity.rulings import BallotStatus, RulingProblemCode
from api.domain.voting.rules import ViolationCode
from api.http import status_docs
from api.http.status_docs import CLOSE_CODES, STATUSES
from api.identity.sign_in_errors import SignInError
from tests.commands import succeeded
from tests.servers import ROOT

SERVERS_OWN = {431, 501}  # api/server/head_limits.py
PROTOCOLS_OWN = {1002, 1007, 1009, 1012}  # those that uvicorn and websockets close with


def test_the_page_is_what_the_command_prints(tmp_path: Path) -> None:
    printed = succeeded(tmp_path, "errors")
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == printed, "run: pingxuan errors > docs/errors.md"


@pytest.mark.parametrize(
    "kind", [ErrorCode, SignInError, ViolationCode, RulingProblemCode, BallotStatus], ids=lambda kind: kind.__name__
)
def test_each_code_has_one_row_with_its_meaning(kind: type[Enum]) -> None:
    rows = [line for line in page().splitlines() if line.startswith("| ")]
    for member in kind:
        assert len([row for row in rows if f"| `{member.name}` |" in row and member.value in row]) == 1, member


def test_each_violation_has_an_example() -> None:
    assert set(EXAMPLES) == set(ViolationCode)


def test_each_number_that_refuses_is_on_the_page_and_no_other() -> None:
    own = Path(status_docs.__file__)
    numbers = {
        node.value
        for room in ("http", "middleware", "subscriptions")
        for file in (own.parents[1] / room).rglob("*.py")
        if file != own
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and type(node.value) is int
    }
    assert {number for number in numbers if 400 <= number < 600} | SERVERS_OWN == STATUSES.keys()
    assert {number for number in numbers if 4400 <= number < 4600} | PROTOCOLS_OWN == CLOSE_CODES.keys()
