"""File formats that are read."""
