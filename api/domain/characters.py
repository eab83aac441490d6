"""How long is a text as its reader counts, and can all of it be seen?"""

import unicodedata

from api.domain.errors import bad_input
from api.domain.texts import Text

MAX_CODE_POINTS = 10  # of a character as its reader sees it
JOINER, EMOJI_STYLE = "\u200d", "\ufe0f"  # zero width joiner; the variation selector that shows an emoji
SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
TAGS = frozenset(map(chr, range(0xE0020, 0xE0080)))  # letters of the flag of a part of a country
FLAG_LETTERS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))  # two of them are a flag
EXTENDERS = SKIN_TONES | TAGS
MARKS = ("Mn", "Mc", "Me")


def check_characters(text: str, least: int, most: int, name: Text, argument: str) -> None:
    """Raise ApiError BAD_INPUT for a text with characters that cannot be seen, or too few of them or too many."""
    invisible, length = first_invisible(text), count_characters(text)
    if invisible is None and least <= length <= most:
        return
    wanted = Text(
        "{name}须为{least}至{most}个可见字符",
        "{name} has {least} to {most} printable characters",
        name=name,
        least=least,
        most=most,
    )
    if invisible is None:
        raise bad_input(
            Text("{wanted}，收到{length}个。", "{wanted}; this one has {length}.", wanted=wanted, length=length),
            argument=argument,
        )
    raise bad_input(
        Text(
            "{wanted}，其中的{invisible}不可见。",
            "{wanted}; this one has {invisible}, which shows nothing.",
            wanted=wanted,
            invisible=invisible,
        ),
        argument=argument,
    )


def count_characters(text: str) -> int:
    """Count the characters of a text as its reader does: a letter with its accents is one, and so is a family of emoji.

    One of more than ten code points counts as several, so that a number of characters also bounds the length.
    """
    clusters, open_flag = 0, False
    for before, char in zip("\0" + text, text, strict=False):
        joined = JOINER in (before, char) or unicodedata.category(char) in MARKS or char in EXTENDERS
        is_flag = char in FLAG_LETTERS
        if not joined and not (is_flag and open_flag):
            clusters += 1
            open_flag = is_flag
        elif is_flag:
            open_flag = False
    return max(clusters, -(-len(text) // MAX_CODE_POINTS))


def first_invisible(text: str) -> str | None:
    """Return the first code point of a text that shows nothing, such as `U+0007`; None when all of them show.

    Joiners between emoji and the letters of a flag are part of what is shown.
    """
    for before, char, after in zip("\0" + text, text, text[1:] + "\0", strict=False):
        in_emoji = (char == JOINER and _in_emoji(before) and _in_emoji(after)) or (
            char in TAGS and not before.isascii()
        )
        if not (char.isprintable() or unicodedata.category(char) == "Zs" or in_emoji):
            return f"U+{ord(char):04X}"
    return None


def _in_emoji(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sk") or char == EMOJI_STYLE or char in "♀♂"
