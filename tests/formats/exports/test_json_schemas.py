"""Are the schemas of JSON Lines that are documented those of what is written?

`python -m tests.formats.exports.test_json_schemas` writes them anew. Whoever reads files of an older version must not go wrong:
raise `version` with any change that is more than a further key.
"""

import json
from pathlib import Path

import pytest

from api.domain.exchange.export_tables import TABLES
from api.domain.exchange.tables import Table
from api.formats.exports import json_schema

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"


def file_of(table: Table) -> Path:
    return SCHEMAS / f"{table.content.name.lower()}-{table.version}.json"


def written(table: Table) -> str:
    return json.dumps(json_schema(table), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.schema)
def test_every_content_has_its_schema_on_file(table: Table) -> None:
    assert file_of(table).read_text("utf-8") == written(table)


if __name__ == "__main__":
    for each in TABLES.values():
        file_of(each).parent.mkdir(exist_ok=True)
        file_of(each).write_text(written(each), "utf-8")
