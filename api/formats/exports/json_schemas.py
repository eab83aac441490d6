"""JSON Schemas of the lines of exports, made of the same columns as the lines are."""

from typing import Any

from api.domain.exchange.tables import Column, ColumnKind, Table

DECIMAL = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$"}
SHAPES: dict[ColumnKind, dict[str, Any]] = {
    ColumnKind.TEXT: {"type": "string"},
    ColumnKind.OWN_TEXT: {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
    ColumnKind.INTEGER: {"type": "integer"},
    ColumnKind.SHARE: {"type": "number", "minimum": 0, "maximum": 1},
    ColumnKind.DECIMAL: DECIMAL,
    ColumnKind.TRUTH: {"type": "boolean"},
    ColumnKind.DAY: {"type": "string", "format": "date"},
    ColumnKind.MOMENT: {"type": "string", "format": "date-time"},
    ColumnKind.NUMBERS: {"type": "array", "uniqueItems": True, "items": {"type": "integer"}},
    ColumnKind.TEXTS: {"type": "array", "items": {"type": "string"}},
    ColumnKind.PAIRS: {"type": "object", "additionalProperties": {"type": "string"}},
    ColumnKind.DECIMALS: {"type": "object", "additionalProperties": DECIMAL},
}


def json_schema(table: Table) -> dict[str, Any]:
    """The schema, in draft 2020-12, of every line of a file of this content: its head, or a row."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.schema,
        "description": f"A line of an export of {table.content.name}. {table.content.value}",
        "oneOf": [{"$ref": "#/$defs/head"}, {"$ref": "#/$defs/row"}],
        "$defs": {"head": _head(table), "row": _row(table)},
    }


def _head(table: Table) -> dict[str, Any]:
    required = {
        "schema": {"const": table.schema},
        "campaign": {"description": "The campaign's slug.", "type": "string"},
        "made_on": {"description": "The day on which it was made.", **SHAPES[ColumnKind.DAY]},
        "row": {"description": "What a row is.", "type": "string"},
        "columns": {"description": "What the keys of a row mean.", **SHAPES[ColumnKind.PAIRS]},
    }
    facts = {key: {"description": meaning, **SHAPES[kind]} for key, kind, meaning in table.facts}
    return {
        "description": "The first line.",
        "type": "object",
        "properties": {**required, **facts},
        "required": [*required, *facts],
        "additionalProperties": False,
    }


def _row(table: Table) -> dict[str, Any]:
    return {
        "description": table.row,
        "type": "object",
        "properties": {column.key: _value(column) for column in table.columns},
        "required": [column.key for column in table.columns],
        "additionalProperties": False,
    }


def _value(column: Column) -> dict[str, Any]:
    shape = {**SHAPES[column.kind], **({"enum": list(column.values)} if column.values else {})}
    if not column.optional:
        return {"description": column.meaning, **shape}
    return {"description": column.meaning, "anyOf": [shape, {"type": "null"}]}
