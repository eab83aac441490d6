"""Does `pingxuan sandbox` say where it is in one line, keep to this machine, and leave nothing behind?"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.commands import environment, pingxuan
from tests.servers import edited_campaign

# The command, with another folder in place of the memory, so that a test sees what is left in it.
IN_FOLDER = """
import sys
from pathlib import Path
import api.cli
from api.cli import sandbox
sandbox.MEMORY = Path(sys.argv.pop(1))
api.cli.main()
"""
Process = subprocess.Popen


@contextmanager
def started(folder: Path, *options: str, **settings: str) -> Iterator["Process[bytes]"]:
    """A sandbox that keeps its data under this folder, killed if it is not gone in the end."""
    command = [sys.executable, "-c", IN_FOLDER, str(folder), "sandbox", *options]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with Process(command, env=environment(settings), **streams) as process:
        try:
            yield process
        finally:
            process.kill()


def told(process: "Process[bytes]") -> dict[str, Any]:
    """What it says once it is ready."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert process.stderr is not None
    return json.loads(line) if line else pytest.fail(process.stderr.read().decode())


def ended(process: "Process[bytes]") -> tuple[int, bytes]:
    """Its exit code, and what else it has written to standard output."""
    code = process.wait(timeout=180)
    assert process.stdout is not None
    return code, process.stdout.read()


def test_one_line_of_json_says_everything(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        about = told(process)
        assert set(about) == {
            *("url", "websocketUrl", "controlUrl", "databaseUrl", "version", "campaign", "voters", "clock"),
        }
        assert about["url"].startswith("http://127.0.0.1:")
        assert about["url"].endswith("/graphql")
        assert about["websocketUrl"] == about["url"].replace("http", "ws")
        assert about["controlUrl"] == about["url"].replace("/graphql", "/sandbox")
        assert about["campaign"] == "shanghai-2017"
        assert about["clock"] == {"now": "2017-03-22T09:00:00+08:00", "ticking": False}
        assert {voter["name"]: voter["roles"] for voter in about["voters"]} == {
            "lin": ["VOTER"],
            "wang": ["VOTER"],
            "chen": ["VOTER"],
            "expert": ["VOTER", "EXPERT"],
            "organizer": ["VOTER", "ORGANIZER"],
            "auditor": ["VOTER", "AUDITOR"],
        }
        assert all(voter["id"].startswith("viewer/") and voter["token"] for voter in about["voters"])
        assert about["databaseUrl"].startswith(f"sqlite://{tmp_path}/")
        process.terminate()
        assert ended(process) == (0, b""), "there was more than one line"


def test_two_sandboxes_tell_the_same_but_where_they_are(tmp_path: Path) -> None:
    with started(tmp_path) as one, started(tmp_path) as other:
        first, second = told(one), told(other)
    for name in ("url", "websocketUrl", "controlUrl", "databaseUrl"):
        assert first.pop(name) != second.pop(name)
    assert first == second


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_and_nothing_is_left(tmp_path: Path, number: signal.Signals) -> None:
    with started(tmp_path) as process:
        told(process)
        assert len(list(tmp_path.iterdir())) == 1
        process.send_signal(number)
        assert ended(process)[0] == 0
    assert list(tmp_path.iterdir()) == []


def test_a_signal_before_it_serves_leaves_nothing_either(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        while not list(tmp_path.glob("*/*")):
            assert process.poll() is None
            time.sleep(0.001)
        process.terminate()
        assert ended(process) == (0, b"")
    assert list(tmp_path.iterdir()) == []


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    """The parent is killed, so nothing of its own can tell the sandbox to stop."""
    parent = (
        "import subprocess, sys\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)\n"
        "print(child.pid, file=sys.stderr, flush=True)\n"
        "child.wait()\n"
    )
    command = [sys.executable, "-c", IN_FOLDER, str(tmp_path), "sandbox", "--with-parent"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with Process([sys.executable, "-c", parent, *command], env=environment({}), **streams) as process:
        told(process)
        process.kill()
        assert process.stdout is not None
        assert process.stdout.read() == b"", "standard output ends when the sandbox does"
    assert list(tmp_path.iterdir()) == []


def test_without_being_asked_to_it_outlives_its_input(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        assert process.stdin is not None
        process.stdin.close()
        told(process)
        time.sleep(0.2)
        assert process.poll() is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "no-such-host.invalid"])  # noqa: S104 - they are refused
def test_it_is_for_this_machine_alone(tmp_path: Path, host: str) -> None:
    done = pingxuan(tmp_path, "sandbox", HOST=host, ACCEPTED_DANGERS="guests,weak-secret,demonstration-clock")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "this machine alone" in done.stderr


def test_it_touches_no_database_that_the_environment_names(tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite://{tmp_path}/real.sqlite3", "PORT": "1", "WORKERS": "4", "CLOCK": "system"}
    folder = tmp_path / "memory"
    folder.mkdir()
    with started(folder, **settings) as process:
        assert told(process)["clock"]["now"] == "2017-03-22T09:00:00+08:00"
    assert not (tmp_path / "real.sqlite3").exists()


def test_campaigns_of_ones_own_are_voted_in(tmp_path: Path) -> None:
    moved = {"opens_at": "opens_at = 2016-03-22T22:00:00+08:00", "closes_at": "closes_at = 2016-03-23T08:00:00+08:00"}
    files = [edited_campaign(tmp_path, slug, moved) for slug in ("first", "second")]
    folder = tmp_path / "memory"
    folder.mkdir()
    with started(folder, *(word for file in files for word in ("--campaign", str(file)))) as process:
        about = told(process)
        database = {"DATABASE_URL": about["databaseUrl"], "SECRET": "of no account"}
        audit = pingxuan(tmp_path, "audit", **database).stdout
    assert about["campaign"] == "first"
    assert about["clock"]["now"] == "2016-03-22T22:00:00+08:00", "nobody votes at nine, so it begins with the vote"
    assert [line.split(":")[0] for line in audit.splitlines()][:2] == ["first", "second"]


def test_every_mistake_in_a_campaign_file_is_told(tmp_path: Path) -> None:
    file = edited_campaign(tmp_path, "wrong", {"opens_at": "opens_at = 7", "title": "title = 8"})
    done = pingxuan(tmp_path, "sandbox", "--campaign", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert "opens_at" in done.stderr
    assert "title" in done.stderr


@pytest.mark.parametrize(
    ("at", "right"), [("tomorrow", "2017-03-22T09:00:00+08:00"), ("9999-12-31T00:00:00Z", "1900 and 9000")]
)
def test_a_wrong_instant_is_told_with_what_would_be_right(tmp_path: Path, at: str, right: str) -> None:
    done = pingxuan(tmp_path, "sandbox", "--at", at)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert right in done.stderr


def test_the_clock_begins_where_and_as_it_is_told_to(tmp_path: Path) -> None:
    with started(tmp_path, "--at", "2017-03-25T12:00:00+08:00", "--tick") as process:
        clock = told(process)["clock"]
    assert clock["ticking"] is True
    assert "2017-03-25T12:00:00" <= clock["now"] < "2017-03-25T13"


def test_it_is_a_module_too() -> None:
    done = subprocess.run([sys.executable, "-P", "-m", "api.cli", "--help"], capture_output=True, text=True)
    assert "sandbox" in done.stdout
