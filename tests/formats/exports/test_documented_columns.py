"""Does the page about files show the columns that are written?

`python -m tests.formats.exports.test_documented_columns` prints them as the page has them.
"""

from pathlib import Path

import pytest

from api.domain.exchange.export_tables import TABLES
from api.domain.exchange.formats import EXPORTED, ExportContent, FileFormat
from api.domain.exchange.tables import Table

PAGE = Path(__file__).parents[3] / "docs" / "files.md"


def columns(table: Table) -> str:
    """The rows of the page's table."""
    rows = []
    for column in table.columns:
        holds = column.kind.value.rstrip(".") + (" or none" if column.optional else "")
        rows.append(f"| `{column.key}` | {column.zh} | {holds} | {column.meaning} |\n")
    return "".join(rows)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.schema)
def test_every_column_of_a_content_is_on_the_page(table: Table) -> None:
    page = PAGE.read_text("utf-8")
    assert f"`{table.schema}`" in page
    assert columns(table) in page
    assert f"schemas/{table.content.name.lower()}-{table.version}.json" in page
    for key, _, meaning in table.facts:
        assert f"| `{key}` | {meaning} |" in page


def test_the_page_says_which_format_holds_what() -> None:
    page = PAGE.read_text("utf-8")
    for format in FileFormat:
        held = EXPORTED[format]
        names = "all" if len(held) == len(ExportContent) else ", ".join(f"`{content.name}`" for content in held)
        [row] = [line for line in page.splitlines() if line.startswith(f"| `{format.name}` |")]
        assert row.split(" | ")[1] == names


if __name__ == "__main__":
    for each in TABLES.values():
        print(each.schema, columns(each), sep="\n")  # noqa: T201
