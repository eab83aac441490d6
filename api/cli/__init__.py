"""The command `pingxuan`: what staff and developers do with the system from a terminal."""

import typer

from api.cli import counting, keeping, people, remembering, ruling, sandbox, serving, simulating
from api.cli.failing import one_sentence

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
    sandbox.sandbox,
    keeping.migrate,
    keeping.load,
    keeping.check,
    keeping.schema,
    keeping.token,
    people.grant,
    people.withdraw,
    people.revoke,
    remembering.trail,
    ruling.suspicions,
    remembering.forget,
    counting.results,
    counting.audit,
    simulating.simulate,
):
    app.command()(command)
app.add_typer(ruling.ballots, name="ballots")


def main() -> None:
    """Run one command."""
    with one_sentence():
        app()
