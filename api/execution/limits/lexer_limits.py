"""Limits on the text of a document, checked before it is parsed, in one pass and in constant memory."""

import re

from api.limits import Limits

# What cannot be a token is skipped: the parser reports it. A string that is not closed runs to where it must end, so that no
# character is scanned twice. No two tokens count as one, though a number with a fraction counts as two.
# Possessive repetitions are atomic groups as well: before 3.11.5 Python runs past a lookahead in them (CPython issue 100061).
TOKEN = re.compile(
    r'"""(?>\\"""|(?!""").)*+(?:""")?'
    r'|"(?>\\[^\n\r]|[^"\\\n\r])*+"?'
    r"|\#[^\n\r]*+"
    r"|-?\w++"
    r"|\.\.\."
    r"|(?P<opening>[({\[])"
    r"|(?P<closing>[)}\]])"
    r"|[!$&:=@|?]",
    re.DOTALL | re.ASCII,
)


def check_text(text: str, limits: Limits) -> None:
    """Raise ApiError QUERY_TOO_LARGE for a document with too many tokens, or with brackets nested too deep."""
    tokens, depth = _scan(text)
    limits.check("tokens", tokens)
    limits.check("nesting", depth)


def bracket_depth(text: str) -> int:
    """Return how deep brackets nest in a document or in JSON, whether or not it is valid."""
    return _scan(text)[1]


def _scan(text: str) -> tuple[int, int]:
    """Count the tokens, and the levels of brackets."""
    tokens = depth = max_depth = 0
    for match in TOKEN.finditer(text):
        tokens += 1
        if match.lastgroup == "opening":
            depth += 1
            max_depth = max(max_depth, depth)
        elif match.lastgroup == "closing":
            depth -= 1
    return tokens, max_depth
