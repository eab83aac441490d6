"""Are texts folded so that what a reader takes for the same is the same?"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.folding import cut, find, fold, words

ALIKE = [
    ("ＳＨＡＮＧＨＡＩ", "shanghai"),
    ("Straße", "STRASSE"),
    ("Niño Ångström Łódź", "nino angstrom lodz"),
    ("Nin\u0303o", "niño"),
    ("‘’‚‛ʼʹ′´`＇", "''''''''''"),
    ("“”„«»「」『』《》＂", '""""""""""""'),
    ("A – B", "a-b"),
    ("——", "―"),
    ("‐", "−"),
    ("社区 智能化", "社区智能化"),
    ("e\u3000管家\u00a0", "E管家"),
    ("new\u2009york\u202fcity", "New  York\tCity"),
    ("鄰裏裡里社區臺颱", "邻里里里社区台台"),
    ("愛國衛生運動", "爱国卫生运动"),
    ("邻\u200b里\u200c中\u200d心\u2060\ufeff\u00ad\ufe0f\u202e\u2066", "邻里中心"),
    ("⼀", "一"),
    ("①②", "12"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_looks_alike_is_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("text", ["'", '"', "-", "(", "%", "_", "\\", "*", "[", "。", "\x00"])
def test_a_sign_by_itself_is_a_word(text: str) -> None:
    assert len(words(text)) == 1


def test_blanks_of_every_kind_part_words_and_signs_around_a_word_are_none_of_it() -> None:
    assert words("社区\u3000“智能化”，\u00a0Older\u2003older （邻里） \u200b \u2060") == (
        "社区",
        "智能化",
        "older",
        "邻里",
    )
    assert words(" \u3000\u200b\t") == ()


def test_every_character_is_folded_by_itself_and_once() -> None:
    characters = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
    assert [c for c in characters if fold(fold(c)) != fold(c)] == []
    text = "".join(c for c in characters if fold(c) and not c.isspace())[:20_000:7]
    assert fold(text).replace("-", "") == "".join(map(fold, text)).replace("-", "").replace(" ", "")


def pieces(text: str, search: str) -> list[str]:
    return [text[place.start : place.stop] for place in find(text, words(search))]


def test_a_text_is_cut_where_something_begins_or_ends_that_was_found() -> None:
    assert cut("一个大厅办成事", find("一个大厅办成事", words("大厅 厅办 成"))) == (
        ("一个", False),
        ("大厅办成", True),
        ("事", False),
    )
    assert cut("大厅", find("大厅", words("大厅"))) == (("大厅", True),)
    assert cut("大厅", ()) == (("大厅", False),)


def test_pieces_are_found_as_they_are_written() -> None:
    text = "The “Older  People’s”\u200b 鄰里 中心 — older"
    assert pieces(text, "OLDER people's 邻里中心") == ["Older", "People’s", "鄰里 中心", "older"]
    assert pieces(text, "nothing") == []
    assert pieces("Straße", "sse") == ["ße"]


@given(st.text("aß—- \u3000\u200b“'中鄰Á\u0301ﬁ…½", min_size=1), st.data())
def test_each_piece_is_what_was_looked_for(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    wanted = words(text[start : data.draw(st.integers(start + 1, len(text)))])
    for word in wanted:
        places = find(text, [word])
        assert places
        assert all(word in fold(text[place.start : place.stop]) for place in places)
        parts = cut(text, places)
        assert "".join(part for part, _ in parts) == text
        assert any(is_match for _, is_match in parts)
        assert all(one[1] != other[1] for one, other in pairwise(parts))
