"""The command `pingxuan`, for operators and developers."""

import gc
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.metadata import version
from keyword import iskeyword
from typing import Annotated, Any

import typer

from api import catalogues
from api.cli.errors import report_errors

MODULES = {
    "demo": "serve",
    "serve": "serve",
    "sandbox": "sandbox",
    "new": "new_campaign",
    "migrate": "database",
    "distribute": "distribution",
    "backup": "backup",
    "restore": "backup",
    "load": "database",
    "import": "import_file",
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
    "verify": "verify",
    "verify-receipt": "verify_receipt",
    "replay-selection": "replay_selection",
    "report": "report",
    "export": "export",
    "simulate": "simulate",
    "ballots": "moderation",
    "log": "log",
    "witness": "witness",
}  # the module of each command, in the order of `pingxuan --help`
VERSION = "--version"


def commands(arguments: Sequence[str]) -> typer.Typer:
    """Return an application with the command that the arguments name, or with all of them when they name none.

    One command alone starts faster, because the modules of the others are not imported.
    """
    app = typer.Typer(
        help="Pingxuan 评选: a GraphQL API on which a city runs a public selection. Settings are environment variables; "
        "docs/settings.md lists them.",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)  # one command alone is called by its name too
    first = arguments[0] if arguments else ""
    names = [first] if first in MODULES else [] if first == VERSION else MODULES
    for name, command in _load(names).items():
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _show_version(shown: bool) -> None:
    if shown:
        typer.echo(f"pingxuan {version('pingxuan')}")
        raise typer.Exit


def _options(
    _: Annotated[
        bool, typer.Option(VERSION, is_eager=True, callback=_show_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def _load(names: Iterable[str]) -> dict[str, Any]:
    """Import these commands, with garbage collection off, and return them by name.

    Modules stay for good, so that collecting while they are imported and at exit would only cost a third of the time of a short
    command.
    """
    gc.disable()
    try:
        modules = {name: import_module(f"api.cli.{MODULES[name]}") for name in names}
        return {name: getattr(module, _function(name)) for name, module in modules.items()}
    finally:
        gc.freeze()
        gc.enable()


def _function(command: str) -> str:
    """The name of a command's function: `import` is a word of Python's own."""
    name = command.replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


def main() -> None:
    """Run the command of sys.argv."""
    catalogues.install()
    if not sys.argv[1:]:
        commands([])()  # it prints the help
    with report_errors():
        code = commands(sys.argv[1:])(standalone_mode=False, prog_name="pingxuan")
    sys.exit(code if isinstance(code, int) else 0)
