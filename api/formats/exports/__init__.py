"""Write what is exported: tables as CSV or JSON Lines, and the schemas of the latter."""

from api.formats.exports.csv_tables import CsvTables
from api.formats.exports.json_lines import JsonLines
from api.formats.exports.json_schemas import json_schema

__all__ = ["CsvTables", "JsonLines", "json_schema"]
