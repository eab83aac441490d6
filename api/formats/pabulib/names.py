"""Make what is written in a file into texts, codes and slugs as campaigns have them."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from api.formats.campaign.checks import BIDI, MAX_LONG_TEXT, text_that_shows
from api.formats.pabulib.vocabulary import NOTHING

LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
    | {"þ": "th", "Þ": "Th", "ı": "i", "ð": "d", "Ð": "D", "'": "", "’": ""}
)
MAX_SLUG, MAX_CODE = 64, 40


def shown(text: str) -> str | None:
    """A text on one line, without what no text of a campaign may hold; None where nothing of it shows."""
    return _that_shows(" ".join("".join(map(_or_space, text)).split()))


def shown_at_length(text: str) -> str | None:
    """The same, cut to what a long text may have."""
    words = shown(text)
    return None if words is None else _that_shows(words[:MAX_LONG_TEXT].rstrip())


def place(text: str) -> str | None:
    """What a cell for a place or a person says; None for a dash, too."""
    return None if text in NOTHING else shown(text)


def listed(text: str) -> list[str]:
    """The items of a list that is separated by commas, each once."""
    return list(dict.fromkeys(words for item in text.split(",") if (words := shown(item)) is not None))


def _or_space(character: str) -> str:
    is_bad = unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") or unicodedata.bidirectional(character) in BIDI
    return " " if is_bad else character


def _that_shows(text: str) -> str | None:
    try:
        return text_that_shows(text)
    except ValueError:
        return None


def plain(text: str) -> str:
    """A text in ASCII letters, digits and hyphens, as far as it can be written in them."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LETTERS))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-")


def is_plain(text: str) -> bool:
    """Whether nothing that matters is lost when a text is written in ASCII: every word of it has a letter or digit there."""
    return all(plain(word) for word in text.split() if any(c.isalnum() for c in word))


def slug(parts: Iterable[str]) -> str:
    """A name for a campaign; with a digest of what it was made of where that cannot be written in ASCII."""
    given = list(dict.fromkeys(part for part in parts if part))
    name = plain(" ".join(given)).lower()
    if not name or not all(map(is_plain, given)):
        digest = hashlib.sha256("\x00".join(given).encode()).hexdigest()[:8]
        name = f"{name[: MAX_SLUG - 9].rstrip('-') or 'pabulib'}-{digest}"
    return name[:MAX_SLUG].rstrip("-")


def codes(names: Iterable[str], prefix: str) -> dict[str, str]:
    """A code for each of these names: itself in ASCII, or the prefix with a number."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for number, name in enumerate(dict.fromkeys(names), 1):
        code = plain(name)[:MAX_CODE].rstrip("-")
        if not code or not code[0].isalpha() or not is_plain(name):
            code = f"{prefix}-{number}"
        if code in used:
            code = f"{code[: MAX_CODE - 6]}-{number}"
        while code in used:
            code = f"{code}-"
        used.add(code)
        found[name] = code
    return found
