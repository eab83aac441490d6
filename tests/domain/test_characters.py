"""Are characters counted as their reader counts them, and is what cannot be seen named?"""

import pytest

from api.domain.characters import check_characters, count_characters, first_invisible
from api.domain.errors import ApiError
from api.domain.texts import Text

NAME = Text("名称", "A name")
FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
SCOTLAND = "\N{WAVING BLACK FLAG}" + "".join(chr(0xE0000 + ord(c)) for c in "gbsct") + "\U000e007f"
CHINA = "\U0001f1e8\U0001f1f3"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Lin", 3),
        ("林晓", 2),
        ("é", 1),
        ("e\u0301", 1),
        (FAMILY, 1),
        (FAMILY * 3, 3),
        ("\N{THUMBS UP SIGN}\U0001f3fd", 1),
        ("\N{HEAVY BLACK HEART}\ufe0f", 1),
        (CHINA, 1),
        (CHINA * 2 + "a", 3),
        (SCOTLAND, 1),
        ("\N{DEVANAGARI LETTER NA}\N{DEVANAGARI VOWEL SIGN I}", 1),
        ("a" * 64, 64),
        ("a" + "\u0301" * 99, 10),
    ],
)
def test_characters_are_counted_as_their_reader_counts_them(text: str, count: int) -> None:
    assert count_characters(text) == count


@pytest.mark.parametrize(
    "text", ["Lin", "林 晓", "林\u3000晓", "é", FAMILY, CHINA, SCOTLAND, "\N{HEAVY BLACK HEART}\ufe0f"]
)
def test_what_shows_is_not_refused(text: str) -> None:
    assert first_invisible(text) is None


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("L\0in", "U+0000"),
        ("Lin\n", "U+000A"),
        ("L\u200din", "U+200D"),
        ("Lin\u200b", "U+200B"),
        ("\u202enil", "U+202E"),
        ("Lin\ufeff", "U+FEFF"),
        ("\ue000", "U+E000"),
        (f"{FAMILY}\u200d", "U+200D"),
        ("L\U000e0067", "U+E0067"),
    ],
)
def test_what_cannot_be_seen_is_named(text: str, point: str) -> None:
    assert first_invisible(text) == point
    with pytest.raises(ApiError) as refused:
        check_characters(text, 1, 64, NAME, "input.name")
    assert point in refused.value.message.zh
    assert point in refused.value.message.en


def test_a_length_is_refused_with_the_one_that_the_reader_counts() -> None:
    with pytest.raises(ApiError) as refused:
        check_characters(FAMILY * 3, 8, 128, NAME, "input.key")
    assert refused.value.message.en == "A name has 8 to 128 printable characters; this one has 3."
    assert refused.value.message.zh == "名称须为8至128个可见字符，收到3个。"
    check_characters(FAMILY * 64, 1, 64, NAME, "input.name")
