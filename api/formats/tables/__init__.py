"""Read tables as people make them with spreadsheets: in whatever encoding, with whatever separator, all mistakes at once."""

from api.formats.tables.cells import Cell
from api.formats.tables.decoding import decoded
from api.formats.tables.numerals import plain, whole_number
from api.formats.tables.sheets import Table, read_table

__all__ = ["Cell", "Table", "decoded", "plain", "read_table", "whole_number"]
