"""Tables, sections and bars of the report, all made alike."""

from collections.abc import Iterable

from api.domain.texts import Text
from api.formats.report.markup import Child, Markup, element, joined

NUMERIC = "n"  # the class of a cell whose numbers stand below each other


def section(anchor: str, heading: Text, *children: Child) -> Markup:
    """Make a part of the page that the contents lead to."""
    return element("section", element("h2", heading), *children, id=anchor)


def numeric(head: Text) -> Markup:
    """Make the head of a column of numbers."""
    return element("th", head, scope="col", class_=NUMERIC)


def table(heads: Iterable[Text | Markup | None], rows: Iterable[Markup], kind: str | None = None) -> Markup:
    """Make a table in a frame that scrolls where the screen is narrow. A head that is None is of a column of bars."""
    body = (element("thead", element("tr", *map(_head, heads))), element("tbody", *rows))
    return element("div", element("table", *body, class_=kind), class_="scroll", tabindex="0")


def row(head: Child, *cells: Child, kind: str | None = None) -> Markup:
    """Make a row. What is a number, a percentage or a dash is set to the right; what is a cell already stays as it is."""
    return element("tr", element("th", head, scope="row"), *map(_cell, cells), class_=kind)


def facts(pairs: Iterable[tuple[Text, Child]]) -> Markup:
    """List values by their names."""
    return element("dl", *(joined((element("dt", name), element("dd", value))) for name, value in pairs))


def bar(part: int, largest: int) -> Markup:
    """Draw a number as a bar beside others."""
    filled = element("rect", width=f"{100 * part / largest:.2f}" if largest else "0", height="8")
    return element("svg", filled, class_="bar", viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true")


def _head(head: Text | Markup | None) -> Markup:
    if isinstance(head, Markup):
        return head
    return element("td") if head is None else element("th", head, scope="col")


def _cell(cell: Child) -> Markup:
    if isinstance(cell, Markup):
        return cell if cell.startswith("<td") else element("td", cell)
    is_number = isinstance(cell, str) and bool(cell) and cell[0] in "0123456789-–+="
    return element("td", cell, class_=NUMERIC if is_number else None)
