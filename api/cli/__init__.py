"""The command `pingxuan`: what staff and developers do with the system from a terminal."""

import sys

import typer
from rich.console import Console

from api.app import NotMigratedError
from api.cli import counting, keeping, serving, simulating
from api.domain.faults import Fault
from api.services.campaigning import FrozenCampaignError
from api.settings import SettingError
from api.storage.database import DatabaseUnavailable
from api.storage.migrating import MigrationFailed, MigrationRefused
from api.storage.urls import DatabaseUrlError

EXPECTED = (
    DatabaseUnavailable,
    DatabaseUrlError,
    Fault,
    FrozenCampaignError,
    MigrationFailed,
    MigrationRefused,
    NotMigratedError,
    SettingError,
    simulating.SimulationError,
)

app = typer.Typer(
    help="Pingxuan 评选: a GraphQL API on which a city runs a public selection. Settings are environment variables; "
    "docs/settings.md lists them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    serving.demo,
    serving.serve,
    keeping.migrate,
    keeping.load,
    keeping.check,
    keeping.schema,
    keeping.token,
    counting.results,
    counting.audit,
    simulating.simulate,
):
    app.command()(command)


def main() -> None:
    """Run one command. What can be foreseen ends in one sentence and exit code 2, not in a traceback."""
    try:
        app()
    except EXPECTED as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"pingxuan: {error}", markup=False)
        sys.exit(2)
