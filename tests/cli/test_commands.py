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
from tests.commands import PINGXUAN, SEED, environment, pingxuan, succeeded
from tests.log_maker import small_log, write
from tests.selection_examples import rich_record
from tests.works import pabulib

AFTER = "2017-04-01T09:00:00+08:00"
SLUG = "shanghai-2017"
SOMEBODY = "viewer/" + "a" * 26
OF_SLUG = ("--campaign", SLUG)
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
        [key] = connection.execute("select id from ballots where campaign_id = ? limit 1", [SLUG]).fetchone()
    return f"ballot/{key}"


def selection_record(folder: Path) -> str:
    """A file with the record of a stage."""
    file = folder / "record.json"
    file.write_text(canonical_record(rich_record()), "utf-8")
    return str(file)


def ballot_log(folder: Path) -> str:
    """A folder with a published ballot log."""
    return str(write(small_log().files(), folder / "ballot-log"))


def receipt(folder: Path) -> str:
    """A file with the receipt of a ballot."""
    file = folder / "receipt.json"
    file.write_text(json.dumps(small_log().receipt(2, 2)), "utf-8")
    return str(file)


def town_file(folder: Path) -> str:
    """A file with a campaign and its ballots."""
    file = folder / "town.pb"
    file.write_bytes(pabulib(["1,2", "2", "3"]))
    return str(file)


def test_every_command_runs_as_a_shell_starts_it(tmp_path: Path) -> None:
    run = partial(succeeded, tmp_path, forked=False, **SETTINGS)
    said = {
        "migrate": run("migrate"),
        "check": run("check", str(SEED)),
        "load": run("load", str(SEED), CLOCK="2017-03-01T00:00:00+08:00"),
        "simulate": run("simulate", "5"),
        "import": run("import", town_file(tmp_path)),
        "grant": run("grant", "EXPERT", SOMEBODY),
        "withdraw": run("withdraw", "EXPERT", SOMEBODY),
        "revoke": run("revoke", SOMEBODY),
        "results": run("results"),
        "audit": run("audit"),
        "replay-selection": run("replay-selection", selection_record(tmp_path)),
        "suspicions": run("suspicions", CLOCK=AFTER),
        "ballots": run("ballots", "hold", one_ballot(tmp_path / DATABASE), *OF_SLUG, "--reason", "They are all alike."),
        "forget": run("forget", SLUG, "--yes", CLOCK=AFTER),
        "trail": run("trail"),
        "schema": run("schema"),
        "errors": run("errors"),
        "report": run("report", SLUG),
        "export": run("export", SLUG, "--format", "json-lines", "--content", "results"),
        "token": run("token", "--name", "Lin"),
        "new": run("new", "volunteers.toml"),
        "verify": run("verify", ballot_log(tmp_path)),
        "verify-receipt": run("verify-receipt", receipt(tmp_path)),
        "log": run("log", "keys", "logkeys"),
        "witness": run("witness", "witness.key", "--new-key", "times.example/w1"),
        "backup": run("backup", "copy.sqlite3"),
        "restore": run("restore", "copy.sqlite3", "--check"),
        "distribute": pingxuan(tmp_path, "distribute", forked=False, **SETTINGS).stderr,
    }
    assert f"{SLUG}: 5 ballots recounted, 0 differences" in said["audit"]
    assert all(kind in said["trail"] for kind in ("ROLE_GRANTED", "BALLOTS_HELD", "CAMPAIGN_FORGOTTEN"))
    assert said["replay-selection"].startswith("pingxuan-selection-trace/1\n")
    assert said["import"].startswith("town-2024: 3 projects, 3 ballots accepted, 0 refused\n")
    assert "type Query" in said["schema"]
    assert "Sound and countable" in said["verify"]
    assert "signed by" in said["verify-receipt"]
    assert said["log"].startswith("localhost/log+")
    assert said["witness"].startswith("times.example/w1+")
    assert said["backup"].startswith("copy.sqlite3: 8 ballots, the newest cast at ")
    assert said["backup"] in said["restore"]
    assert "name a PostgreSQL with Citus" in said["distribute"]
    with running(tmp_path, "serve", **SETTINGS) as line:
        assert line.startswith("GraphQL on http://127.0.0.1:")
    with running(tmp_path, "demo") as line:
        assert line
    with running(tmp_path, "sandbox") as line:
        assert json.loads(line)["campaign"] == SLUG
    assert said.keys() | {"serve", "demo", "sandbox"} == MODULES.keys()
