"""An operation compiled to plain Python: arguments, fields, values."""
