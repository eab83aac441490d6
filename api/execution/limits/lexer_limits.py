"""How large a document is, seen from its text alone: before it is parsed, in one pass, in constant memory."""

import re

from api.limits import Limits

# What cannot be a token is skipped: the parser says what is wrong with it. A text without end runs to where it must end,
# so that no character is looked at twice. No two tokens are taken for one, though a number with a fraction counts twice.
# What is repeated possessively is atomic besides: before 3.11.5 Python goes past a lookahead there (its issue 100061).
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
    """Raise ApiError QUERY_TOO_LARGE for a document with too many tokens, or with brackets too deep in each other."""
    tokens, deepest = _scanned(text)
    limits.check("tokens", tokens)
    limits.check("nesting", deepest)


def brackets(text: str) -> int:
    """How deep brackets stand in each other in a document or in JSON, be it valid or not."""
    return _scanned(text)[1]


def _scanned(text: str) -> tuple[int, int]:
    """How many tokens there are, and how deep brackets stand in each other."""
    tokens = depth = deepest = 0
    for found in TOKEN.finditer(text):
        tokens += 1
        if found.lastgroup == "opening":
            depth += 1
            deepest = max(deepest, depth)
        elif found.lastgroup == "closing":
            depth -= 1
    return tokens, deepest
