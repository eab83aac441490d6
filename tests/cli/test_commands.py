"""Does every command run as a shell starts it? Other tests fork a process that has imported what they need."""

import json
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from api.cli import MODULES
from api.domain.selection.canonical import canonical_record
from tests.commands import PINGXUAN, SEED, environment, succeeded
from tests.selection_examples import rich_record

AFTER = "2017-04-01T09:00:00+08:00"
SLUG = "shanghai-2017"
SOMEBODY = "viewer/" + "a" * 26
DATABASE = "vote.sqlite3"
SETTINGS = {"SECRET": "a secret", "DATABASE_URL": f"sqlite://{DATABASE}"}


@contextmanager
def running(folder: Path, command: str, **settings: str) -> Iterator[str]:
    """The first line of a command that goes on until it is told to end."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    given = environment({"PORT": "0", **settings})
    with subprocess.Popen([PINGXUAN, command], cwd=folder, env=given, text=True, **streams) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline()
        finally:
            process.send_signal(signal.SIGTERM)
    assert process.returncode == 0


def one_ballot(file: Path) -> str:
    """The public id of a ballot that was cast."""
    with closing(sqlite3.connect(file)) as connection:
        [key] = connection.execute("select id from ballots limit 1").fetchone()
    return f"ballot/{key}"


def selection_record(folder: Path) -> str:
    """A file with the record of a stage."""
    file = folder / "record.json"
    file.write_text(canonical_record(rich_record()), "utf-8")
    return str(file)


def test_every_command_runs_as_a_shell_starts_it(tmp_path: Path) -> None:
    run = partial(succeeded, tmp_path, forked=False, **SETTINGS)
    said = {
        "migrate": run("migrate"),
        "check": run("check", str(SEED)),
        "load": run("load", str(SEED), CLOCK="2017-03-01T00:00:00+08:00"),
        "simulate": run("simulate", "5"),
        "grant": run("grant", "EXPERT", SOMEBODY),
        "withdraw": run("withdraw", "EXPERT", SOMEBODY),
        "revoke": run("revoke", SOMEBODY),
        "results": run("results"),
        "audit": run("audit"),
        "replay-selection": run("replay-selection", selection_record(tmp_path)),
        "suspicions": run("suspicions", CLOCK=AFTER),
        "ballots": run("ballots", "hold", one_ballot(tmp_path / DATABASE), "--reason", "They are all alike."),
        "forget": run("forget", SLUG, "--yes", CLOCK=AFTER),
        "trail": run("trail"),
        "schema": run("schema"),
        "errors": run("errors"),
        "report": run("report", SLUG),
        "token": run("token", "--name", "Lin"),
        "new": run("new", "volunteers.toml"),
    }
    assert f"{SLUG}: 5 ballots recounted, 0 differences" in said["audit"]
    assert all(kind in said["trail"] for kind in ("ROLE_GRANTED", "BALLOTS_HELD", "CAMPAIGN_FORGOTTEN"))
    assert said["replay-selection"].startswith("pingxuan-selection-trace/1\n")
    assert "type Query" in said["schema"]
    with running(tmp_path, "serve", **SETTINGS) as line:
        assert line.startswith("GraphQL on http://127.0.0.1:")
    with running(tmp_path, "demo") as line:
        assert line
    with running(tmp_path, "sandbox") as line:
        assert json.loads(line)["campaign"] == SLUG
    assert said.keys() | {"serve", "demo", "sandbox"} == MODULES.keys()
