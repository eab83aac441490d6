"""HTML that is escaped wherever it is made."""

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.texts import Text, localized
from api.formats.report.markup import both, element, number, share


class Found(HTMLParser):
    """The one element that a text was put in: its texts and its title."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text, self.title = "", ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.title = dict(attrs).get("title") or ""

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text().map(lambda text: text.replace("\r", "")))
def test_any_text_is_shown_as_it_is_and_makes_no_element(text: str) -> None:
    shown = "".join(character for character in text if character >= " " or character in "\t\n")
    found = Found(element("p", text, title=text))
    assert found.tags == ["p"]
    assert (found.text, found.title) == (shown, shown)


def test_markup_is_taken_as_it_is_and_attributes_by_their_names() -> None:
    inner = element("b", "<1>")
    assert (
        element("p", inner, class_="x", aria_label="y", lang=None) == '<p class="x" aria-label="y"><b>&lt;1&gt;</b></p>'
    )


def test_a_text_in_two_languages_is_there_twice_and_in_one_once() -> None:
    assert both(Text("一", "one")) == '<span class="zh" lang="zh-Hans">一</span><span class="en" lang="en">one</span>'
    assert both(localized(zh="一", en="one")).count("<span") == 2
    assert both(localized(de="eins")) == "<span>eins</span>"
    assert both(localized({"zh-Hant": "一", "en": "one"})).startswith('<span class="zh" lang="zh-Hant">')


@pytest.mark.parametrize(
    ("value", "written"),
    [("1234567.50", "1,234,567.5"), ("-0.5", "-0.5"), ("-1234", "-1,234"), ("0", "0"), ("1E+3", "1,000")],
)
def test_numbers_have_their_thousands_apart(value: str, written: str) -> None:
    assert number(Decimal(value)) == written


@pytest.mark.parametrize(
    ("part", "whole", "written"), [(1, 3, "33.3%"), (1, 2000, "0.1%"), (0, 0, "–"), (3, 3, "100.0%")]
)
def test_shares_have_one_place(part: int, whole: int, written: str) -> None:
    assert share(part, whole) == written
