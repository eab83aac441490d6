"""The GraphQL schema, as clients read it."""

import sys
from typing import Annotated

import typer

from api.graph import sdl
from api.subgraph import subgraph_sdl


def schema(
    subgraph: Annotated[
        bool,
        typer.Option("--subgraph", help="With the keys of its entities, as gateways compose it (Apollo Federation 2)."),
    ] = False,
) -> None:
    """Print the GraphQL schema."""
    sys.stdout.write(subgraph_sdl() if subgraph else sdl())
