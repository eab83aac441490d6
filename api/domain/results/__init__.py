"""Tallies, ranking, and who may see the results when."""
