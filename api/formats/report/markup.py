"""HTML that is escaped wherever it is made: a text becomes part of a page only through here."""

from collections.abc import Iterable
from decimal import Decimal
from html import escape

from api.domain.exact import divide, plain
from api.domain.texts import Language, LocalizedText, Text

VOID = frozenset({"br", "input", "meta", "rect", "circle", "line", "path"})
CONTROLS = dict.fromkeys(c for c in range(32) if c not in {9, 10, 13})  # characters that no page may hold

Bilingual = Text | LocalizedText


class Markup(str):
    """A piece of HTML or SVG; every other text is escaped."""

    __slots__ = ()


Child = str | Text | LocalizedText


def element(tag: str, /, *children: Child, **attributes: object) -> Markup:
    """Make an element. An attribute that is None is left out; `class_` and `aria_label` stand for `class` and `aria-label`."""
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    written = "".join(f' {key}="{clean(str(value))}"' for key, value in given.items())
    return Markup(f"<{tag}{written}/>" if tag in VOID else f"<{tag}{written}>{joined(children)}</{tag}>")


def joined(children: Iterable[Child]) -> Markup:
    """Put pieces one after the other, escaping what is no markup."""
    return Markup("".join(map(_child, children)))


def clean(text: str) -> str:
    """Escape a text for any place in a page."""
    return escape(text.translate(CONTROLS))


def both(text: Bilingual, tag: str = "span") -> Markup:
    """Write a text in Chinese and in English, of which the page shows one, or once where it has one alone."""
    zh, en = text.to(Language.ZH), text.to(Language.EN)
    if zh == en:
        return element(tag, zh)
    tags = (
        ("zh-Hans", "en") if isinstance(text, Text) else (text.language_of(Language.ZH), text.language_of(Language.EN))
    )
    return joined((element(tag, zh, class_="zh", lang=tags[0]), element(tag, en, class_="en", lang=tags[1])))


def number(value: int | Decimal) -> str:
    """Write a number with its thousands apart."""
    whole, point, rest = plain(abs(Decimal(value))).partition(".")
    return f"{'-' if value < 0 else ''}{int(whole):,}{point}{rest}"


def share(part: int, whole: int) -> str:
    """Write a part as a percentage to one place; a dash where there is no whole."""
    return f"{divide(Decimal(100 * part), Decimal(whole), 1)}%" if whole else "–"


def _child(child: Child) -> str:
    if isinstance(child, Markup):
        return child
    return clean(child) if isinstance(child, str) else both(child)
