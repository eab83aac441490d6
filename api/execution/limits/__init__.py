"""Limits on documents: their text before it is parsed, their size before validation, their cost before execution."""
