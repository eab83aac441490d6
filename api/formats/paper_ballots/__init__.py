"""Read a CSV of the ballots of a polling place, as staff make it with a spreadsheet (docs/paper-ballots.md)."""

from api.formats.paper_ballots.headings import HEADER
from api.formats.paper_ballots.reader import read_paper_ballots

__all__ = ["HEADER", "read_paper_ballots"]
