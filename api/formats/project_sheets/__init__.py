"""Read a CSV of projects, as staff make it with a spreadsheet or as it was exported (docs/paper-ballots.md)."""

from api.formats.project_sheets.headings import HEADER
from api.formats.project_sheets.reader import read_project_sheet

__all__ = ["HEADER", "read_project_sheet"]
