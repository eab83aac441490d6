"""Does a search find what people would look for, and say where it was found?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.search import Match, Search, SearchedField
from tests.campaigns import a_campaign, a_project, both

PETITIONS = a_project(
    21,
    title=both("网上信访大厅ＡＢＣ", "Shanghai's Online Petitions Hall"),
    summary=both("一个大厅办成事，打造“邻里中心”", "One hall for\nevery Straße – a co-operation"),
    organization=both("市信访办", "Complaints Office"),
)

FOUND = [
    "网上信访",
    "信访大厅",
    "ABC",
    "ａｂｃ",
    "abc",
    "PETITIONS",
    "online petitions",
    "Online   Petitions",
    " hall ",
]
FOUND += ["办成事", "for every", "STRASSE", "straße", "市信访办", "complaints office", "黄浦", "huangpu district", ""]
FOUND += ["petition hall", "大厅 网上", "ABC Online", "Office 黄浦", "hall\u3000信访", "hall\u00a0信访"]
FOUND += ["Shanghai’s", "Shanghai‘s", "Shanghaiʼs", "Shanghai＇s", "Shanghai′s", "shanghai`s"]
FOUND += ["「邻里中心」", '"邻里中心"', "《邻里中心》", "‘邻里中心’", "打造＂邻里中心＂"]
FOUND += ["鄰里中心", "網上信訪大廳", "辦成事", "邻里\u200b中心", "邻里\u2060中\ufeff心", "hall\u00ad"]
FOUND += ["信\u200d访", "邻里\ufe0f中心", "\u202a邻里中心\u202c", "co‑operation", "co–operation", "co－operation"]
FOUND += ["Straße—a", "strásse", "21", "２１", "021", "21 信访", "信访，", "（信访大厅）", "\u200b", "\u3000"]
NOT_FOUND = ["徐汇", "Hall一个", "hall one two", "大厅一个", "事 Two", "\x00", "信访 older", "2", "121", "cooperation"]


@pytest.mark.parametrize("search", FOUND)
def test_a_search_finds_every_word_in_either_language_however_it_is_written(search: str) -> None:
    assert Search(search).matches(PETITIONS)


@pytest.mark.parametrize("search", NOT_FOUND)
def test_a_search_finds_nothing_else_and_no_word_across_texts(search: str) -> None:
    assert not Search(search).matches(PETITIONS)


@given(data=st.data())
def test_a_search_finds_every_piece_of_every_text_and_says_where(data: st.DataObject) -> None:
    project = data.draw(st.sampled_from([*a_campaign().projects, PETITIONS]))
    texts = [project.title, project.summary, project.organization, project.district and project.district.name]
    words = data.draw(st.sampled_from([words for text in texts if text for _, words in text.translations]))
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    piece = data.draw(st.sampled_from([str.upper, str.lower, str.swapcase]))(words[start:end])
    search = Search(piece)
    assert search.matches(project)
    assert bool(search.found_in(project)) == bool(search.words)


def test_it_says_in_which_texts_the_words_are_and_how_they_are_written_there() -> None:
    matches = Search("21 鄰里 ＯＦＦＩＣＥ").found_in(PETITIONS)
    assert matches == (
        Match(SearchedField.NUMBER, None, "21", (range(2),)),
        Match(SearchedField.SUMMARY, "zh", "一个大厅办成事，打造“邻里中心”", (range(11, 13),)),
        Match(SearchedField.ORGANIZATION, "en", "Complaints Office", (range(11, 17),)),
    )
    assert [match.found for match in matches] == [("21",), ("邻里",), ("Office",)]
    assert matches[1].parts == (("一个大厅办成事，打造“", False), ("邻里", True), ("中心”", False))
    assert Search("").found_in(PETITIONS) == ()
