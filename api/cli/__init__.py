"""The command `pingxuan`: what staff and developers do with the system from a terminal."""

import gc
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer

from api.cli.errors import report_errors

MODULES = {
    "demo": "serve",
    "serve": "serve",
    "sandbox": "sandbox",
    "migrate": "database",
    "load": "database",
    "check": "database",
    "schema": "schema",
    "errors": "error_docs",
    "token": "token",
    "grant": "roles",
    "withdraw": "roles",
    "revoke": "roles",
    "trail": "audit_trail",
    "suspicions": "moderation",
    "forget": "erasure",
    "results": "results",
    "audit": "results",
    "simulate": "simulate",
    "ballots": "moderation",
}  # where each command is, in the order of `pingxuan --help`
VERSION = "--version"


def commands(words: Sequence[str]) -> typer.Typer:
    """The command that is asked for, which spares it the imports of the others; all of them where none is."""
    app = typer.Typer(
        help="Pingxuan 评选: a GraphQL API on which a city runs a public selection. Settings are environment variables; "
        "docs/settings.md lists them.",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)  # one command alone is called by its name too
    first = words[0] if words else ""
    asked = [first] if first in MODULES else [] if first == VERSION else MODULES
    for name, command in _imported(asked).items():
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command()(command)
    return app


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"pingxuan {version('pingxuan')}")
        raise typer.Exit


def _options(
    _: Annotated[
        bool, typer.Option(VERSION, is_eager=True, callback=_show_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def _imported(names: Iterable[str]) -> dict[str, Any]:
    """These commands by their names.

    Imports make no garbage, and what they make stays: looking for it meanwhile and in the end would take a third of the time of
    a short command.
    """
    gc.disable()
    try:
        return {name: getattr(import_module(f"api.cli.{MODULES[name]}"), name) for name in names}
    finally:
        gc.freeze()
        gc.enable()


def main() -> None:
    """Run one command."""
    with report_errors():
        commands(sys.argv[1:])()
