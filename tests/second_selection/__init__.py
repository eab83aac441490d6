"""A second implementation of how a stage is decided: plain Python and fractions, written from docs/selection.md alone.

It imports nothing of the product, so that what both agree on is what the page says.
"""

from tests.second_selection.outcome import Recomputed, recompute

__all__ = ["Recomputed", "recompute"]
