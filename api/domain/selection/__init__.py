"""How stages of a selection are decided, by arithmetic that anybody can repeat."""
