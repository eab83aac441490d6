"""Does the scan of a text ever see less than the lexer will?"""

import pytest
from graphql import GraphQLSyntaxError, Lexer, Source, TokenKind
from hypothesis import example, given
from hypothesis import strategies as st

from api.execution.documents import Documents
from api.execution.limits.lexer_limits import _scan
from api.limits import Limits
from tests.execution.worlds import published

PIECES = [
    "1",
    "-1",
    "0",
    "2.5",
    "1e3",
    "-4E-2",
    "a",
    "_b9",
    "...",
    ".",
    "-",
    "+",
    "$",
    "!",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
]
PIECES += [
    ":",
    "=",
    "@",
    "|",
    "&",
    ",",
    " ",
    "\n",
    "#",
    "# x\n",
    '"',
    '""',
    '"x"',
    '"""',
    '"""x"""',
    "\\",
    '\\"',
    "\ufeff",
]


def lexed(text: str) -> tuple[int, int]:
    """How many tokens the lexer finds before it finds a mistake, and how deep brackets stand in each other there."""
    lexer, tokens, depth, deepest = Lexer(Source(text)), 0, 0, 0
    try:
        while (token := lexer.advance()).kind is not TokenKind.EOF:
            tokens += 1
            depth += token.kind.value in ("(", "{", "[")
            depth -= token.kind.value in (")", "}", "]")
            deepest = max(deepest, depth)
    except GraphQLSyntaxError:
        pass
    return tokens, deepest


@example(text='"' * 12 + "-1")
@example(text='"""x""""""x"""[')
@given(text=st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_token_and_no_bracket_escapes_it(text: str) -> None:
    seen, found = _scan(text), lexed(text)
    assert seen[0] >= found[0]
    assert seen[1] >= found[1]


def test_what_would_escape_it_is_stopped_by_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.execution.documents.check_text", lambda text, limits: None)
    [error] = Documents(published(), Limits(tokens=4)).prepare("{ a: __typename }").errors
    assert "more than 4 tokens" in error.message
