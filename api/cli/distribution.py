"""The command `distribute`."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.settings import read_settings
from api.storage.distribution import distribute as run_statements
from api.storage.distribution import distribution

RECOVERY = (
    "Besides, set citus.recover_2pc_interval = '2s' on the coordinator: what a worker that was lost has left half committed is "
    "not seen before it is recovered."
)


def distribute(
    apply: Annotated[bool, typer.Option("--apply", help="Run the statements instead of printing them.")] = False,
) -> None:
    """Print the SQL that spreads ballots over the nodes of Citus, for review. Between `migrate` and `load` only.

    Every step can be run again until all of them are done; docs/postgresql-at-scale.md says what it buys.
    """
    statements = asyncio.run(_distribute(apply))
    for statement in statements:
        typer.echo(f"{'done: ' if apply else ''}{statement};")
    typer.echo(f"-- {RECOVERY}" if statements else "Ballots are distributed: nothing to do")


async def _distribute(apply: bool) -> Sequence[str]:
    async with open_migrated(read_settings()) as database:
        statements = await distribution(database)
        if apply:
            await run_statements(database, statements)
        return statements
