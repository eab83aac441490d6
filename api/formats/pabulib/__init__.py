"""Pabulib's exchange format `.pb`: files of approval ballots, both ways."""

from api.formats.pabulib.parser import PabulibParser
from api.formats.pabulib.writer import PabulibWriter

__all__ = ["PabulibParser", "PabulibWriter"]
