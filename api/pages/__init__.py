"""Pages for browsers: the voting page, the playground, and their static files."""
