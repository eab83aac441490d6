"""Does a simulation over HTTP cast through the public API alone, and lose nothing it was told was stored?"""

import sqlite3
import subprocess
import time
from pathlib import Path

from tests.commands import PINGXUAN, SEED, environment, pingxuan, succeeded
from tests.servers import PATIENCE, assert_audit_agrees, prepare, serving


def prepared(tmp_path: Path) -> str:
    url = f"sqlite://{tmp_path}/simulated.sqlite3"
    prepare(url, SEED)
    return url


def test_ballots_over_http_are_counted_like_any_others(tmp_path: Path) -> None:
    url = prepared(tmp_path)
    with serving(url) as server:
        printed = succeeded(tmp_path, "simulate", "120", "--url", server.url, "--seed", "5")
        assert "120 ballots cast with seed 5" in printed
        again = succeeded(tmp_path, "simulate", "120", "--url", server.origin, "--seed", "5")
        assert "120 ballots cast" in again, "the same keys are retries of the same ballots"
        other = succeeded(tmp_path, "simulate", "3", "--url", server.url, "--seed", "6")
        assert "3 ballots cast" in other
    assert_audit_agrees(url, 123)


def test_a_simulation_waits_when_it_is_told_to(tmp_path: Path) -> None:
    url = prepared(tmp_path)
    with serving(url, LIMIT_SIGN_INS="60") as server:
        assert "65 ballots cast" in succeeded(tmp_path, "simulate", "65", "--url", server.url, "--seed", "5")
    assert_audit_agrees(url, 65)


def test_a_server_killed_in_the_middle_loses_no_acknowledged_ballot(tmp_path: Path) -> None:
    url, log = prepared(tmp_path), tmp_path / "acknowledged"
    command = [PINGXUAN, "simulate", "100000", "--url", "URL", "--acknowledged", log]
    with serving(url) as server:
        command[4] = server.url
        with subprocess.Popen(
            command, cwd=tmp_path, env=environment({}), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as simulation:
            deadline = time.monotonic() + PATIENCE
            while not (log.exists() and log.stat().st_size):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            server.kill()
            printed, told = simulation.communicate(timeout=60)
    assert simulation.returncode == 2
    assert "stopped early" in told
    assert "Traceback" not in told
    acknowledged = log.read_text().split()
    assert len(acknowledged) == int(printed.split()[0]) > 0
    assert_audit_agrees(url)
    with sqlite3.connect(url.removeprefix("sqlite://")) as connection:
        stored = {f"ballot/{name}" for (name,) in connection.execute("select id from ballots")}
    connection.close()
    assert set(acknowledged) <= stored


def test_something_that_is_no_server_is_one_sentence(tmp_path: Path) -> None:
    done = pingxuan(tmp_path, "simulate", "5", "--url", "http://127.0.0.1:1/graphql")
    assert done.returncode == 2
    assert "does not answer" in done.stderr
