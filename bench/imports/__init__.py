"""How fast is a file of a million ballots imported, in how much memory? See README.md."""
