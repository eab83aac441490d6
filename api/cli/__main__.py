"""`python -m api.cli`: the command, where it is not on the path."""

from api.cli import main

main()
