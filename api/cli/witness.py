"""The command that runs a witness of other people's logs (docs/witnesses.md)."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from api.cli.errors import CommandError
from api.server.graceful_server import Stop
from api.server.logging import set_up_logs
from api.server.serve import run_server
from api.settings import read_settings
from api.transparency.checkpoint_folder import CheckpointFolder
from api.witness.app import witness_app
from api.witness.cosigner import Cosigner
from api.witness.known_logs import KnownLogs
from api.witness.witness_key import make_witness_key, read_witness_key

ENDING = ".cosigned"  # of the folder beside the key, with what it has cosigned
Key = Annotated[Path, typer.Argument(metavar="KEY", help="The file with its key.", show_default=False)]
Logs = Annotated[
    Path | None,
    typer.Argument(metavar="[LOGS]", help="The file with the logs that it cosigns.", show_default=False),
]
NewKey = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Make a key with this name, such as witness.example.org/w1, and end.", show_default=False
    ),
]


def witness(key: Key, logs: Logs = None, new_key: NewKey = None) -> None:
    """Run a witness: cosign other people's logs as long as they only grow. docs/witnesses.md says how.

    It listens where PINGXUAN_HOST and PINGXUAN_PORT say.
    """
    cosigned = CheckpointFolder(key.with_name(key.name + ENDING))
    if new_key is not None:
        _make(key, new_key, cosigned)
    elif logs is None:
        raise typer.BadParameter(
            "name the file with the logs to cosign, or make a key with --new-key", param_hint="LOGS"
        )
    else:
        _serve(key, logs, cosigned)


def _make(file: Path, name: str, cosigned: CheckpointFolder) -> None:
    if cosigned.folder.exists():
        raise CommandError(
            f"{cosigned.folder} is there already, with what another key has cosigned: name another file."
        )
    key = make_witness_key(file, name)
    cosigned.make()
    typer.echo(key.verifier_key)


def _serve(file: Path, logs: Path, cosigned: CheckpointFolder) -> None:
    settings = replace(read_settings(), workers=1)
    key, known = read_witness_key(file), KnownLogs(logs)
    if not cosigned.folder.is_dir():
        raise CommandError(
            f"There is no folder {cosigned.folder}, in which this witness keeps what it has cosigned. Without it, it could "
            "cosign a second history of a log: put the folder back, or make a new key with a new name."
        )
    set_up_logs(settings)

    def announce(url: str) -> None:
        typer.echo(f"{key.verifier_key.name} on {url.removesuffix('/graphql')} (stop with Ctrl+C)")

    uvloop.run(run_server(witness_app(Cosigner(key, known, cosigned)), settings, Stop(), announce))
