"""The command `token`: print tokens of guests."""

import asyncio
from typing import Annotated

import typer

from api.bootstrap.sign_in import session_tokens
from api.identity import providers
from api.services.sessions import Authenticator
from api.settings import found_secret, read_settings, required_secret


def token(
    count: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many tokens, one a line.")] = 1,
    name: Annotated[
        str, typer.Option(help="The guest's name; with --count, the names are NAME-1, NAME-2 and so on.")
    ] = "guest",
) -> None:
    """Print tokens of guests, as signIn would give them: for load tests and for trying things out."""
    settings = read_settings().with_secret(found_secret)
    secret = required_secret(settings)
    authenticator = Authenticator(providers(guests=True), session_tokens(settings), secret)
    names = [name] if count == 1 else [f"{name}-{number}" for number in range(1, count + 1)]
    now = settings.clock()()

    async def run() -> None:
        for guest in names:
            typer.echo((await authenticator.sign_in("guest", guest, now)).token)
            await asyncio.sleep(0)  # Ctrl+C is noticed while a task waits

    asyncio.run(run())
