"""Documents and their execution: each is checked, parsed, validated and compiled once, and executed any number of times."""
