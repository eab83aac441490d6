"""The GraphQL schema, as clients read it."""

import sys

from api.graph import sdl


def schema() -> None:
    """Print the GraphQL schema."""
    sys.stdout.write(sdl())
