"""The command `token`: print tokens of guests."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.bootstrap.sign_in import session_tokens
from api.domain.errors import OperatorError
from api.identity import providers
from api.services.sessions import Authenticator
from api.settings import Settings, read_settings, required_secret
from api.settings.kept_clock import found_clock
from api.settings.kept_secret import found_secret
from api.storage.roles import SqlAccessStore


def token(
    count: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many tokens, one a line.")] = 1,
    name: Annotated[
        str, typer.Option(help="The guest's name; with --count, the names are NAME-1, NAME-2 and so on.")
    ] = "guest",
) -> None:
    """Print tokens of guests, as signIn would give them: for load tests and for trying things out."""
    settings = read_settings().with_secret(found_secret)
    names = [name] if count == 1 else [f"{name}-{number}" for number in range(1, count + 1)]
    asyncio.run(_print_tokens(settings, names))


async def _print_tokens(settings: Settings, names: Sequence[str]) -> None:
    secret, revocation = required_secret(settings), await _last_revocation(settings)

    async def last_revocation() -> int:
        return revocation

    authenticator = Authenticator(
        providers(guests=True), session_tokens(settings), secret, last_revocation=last_revocation
    )
    now = found_clock(settings)()
    for guest in names:
        typer.echo((await authenticator.sign_in("guest", guest, now)).token)
        await asyncio.sleep(0)  # Ctrl+C is noticed while a task waits


async def _last_revocation(settings: Settings) -> int:
    """The number of the last revocation; 0, with a note, where no database is set up that could hold one."""
    try:
        async with open_migrated(settings) as database:
            return await SqlAccessStore(database).last_revocation()
    except OperatorError as error:
        typer.echo(
            f"The tokens count as older than any revocation, since no database could be asked: {error}", err=True
        )
        return 0
