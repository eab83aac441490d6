"""Does a server start when it should, and say in one sentence why when it should not?"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE

import pytest

from tests.commands import PINGXUAN, SEED, environment, pingxuan, succeeded
from tests.servers import serving


def test_metrics_on_a_port_that_is_taken_are_one_sentence(tmp_path: Path) -> None:
    succeeded(tmp_path, "migrate")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = pingxuan(tmp_path, "serve", SECRET="a secret", METRICS=f"127.0.0.1:{port}")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"metrics on 127.0.0.1:{port}" in done.stderr


@pytest.mark.parametrize("command", ["serve", "demo", "results"])
def test_a_wrong_setting_stops_the_command_with_one_line(tmp_path: Path, command: str) -> None:
    done = pingxuan(tmp_path, command, PORT="http")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "PINGXUAN_PORT" in done.stderr


def test_serving_needs_a_secret(tmp_path: Path) -> None:
    succeeded(tmp_path, "migrate")
    done = pingxuan(tmp_path, "serve")
    assert done.returncode == 2
    assert "PINGXUAN_SECRET" in done.stderr


def test_serving_needs_a_migrated_database(tmp_path: Path) -> None:
    done = pingxuan(tmp_path, "serve", SECRET="a secret")
    assert done.returncode == 2
    assert "pingxuan migrate" in done.stderr


def test_a_database_out_of_reach_is_one_sentence(tmp_path: Path) -> None:
    done = pingxuan(tmp_path, "serve", SECRET="a secret", DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "nothing on 127.0.0.1:1" in done.stderr


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    succeeded(tmp_path, "migrate")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = pingxuan(tmp_path, "serve", SECRET="a secret", PORT=str(port))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"127.0.0.1:{port}: Address already in use" in done.stderr
    assert "PINGXUAN_PORT" in done.stderr


@pytest.mark.parametrize(("keys", "times"), [("auto", 1), ("off", 1), ("logkeys", 0)])
def test_a_server_without_keys_of_logs_says_so_once(seeded_2017: Path, tmp_path: Path, keys: str, times: int) -> None:
    succeeded(tmp_path, "log", "keys", "logkeys")
    named = str(tmp_path / keys) if keys == "logkeys" else keys
    url = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"
    with serving(url, LOG_KEYS=named, WORKERS="2") as server:
        assert server.log.count("no keys are set: ballots wait to be sealed in a log") == times


@pytest.mark.parametrize("settings", [{}, {"CLOCK": "2017-03-22T09:00:00+08:00"}, {"WORKERS": "2"}])
def test_a_server_that_cannot_listen_leaves_the_clock_of_the_one_that_does(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    succeeded(tmp_path, "migrate")
    kept = tmp_path / ".data" / "pingxuan.sqlite3.clock"
    kept.write_text("the clock of the server that listens")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = pingxuan(tmp_path, "serve", SECRET="a secret", PORT=str(taken.getsockname()[1]), **settings)
    assert done.returncode == 2
    assert kept.read_text() == "the clock of the server that listens"


def answer(url: str, query: str) -> dict:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=180) as response:
        return json.load(response)["data"]


def children(process: subprocess.Popen) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def await_answer(url: str, deadline: float) -> None:
    while time.monotonic() < deadline:
        with suppress(OSError):
            answer(url, "{ campaign { serverTime } }")
            return
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find the workers")
def test_workers_share_a_port_and_one_that_dies_is_replaced(tmp_path: Path) -> None:
    settings = environment({"PORT": "0", "WORKERS": "2"})
    with subprocess.Popen([PINGXUAN, "demo"], cwd=tmp_path, env=settings, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split()[2]
            deadline = time.monotonic() + 180
            while len(before := children(server)) < 2 and time.monotonic() < deadline:
                time.sleep(0.05)
            os.kill(before[0], signal.SIGKILL)
            while len(set(children(server)) - set(before)) < 1 and time.monotonic() < deadline:
                time.sleep(0.05)
            after = children(server)
            await_answer(url, deadline)  # the other worker may have been starting still
            times = {answer(url, "{ campaign { serverTime } }")["campaign"]["serverTime"][:16] for _ in range(20)}
        finally:
            server.terminate()
    assert len(before) == len(after) == 2
    assert before[1] in after
    assert len(times) <= 2, "the workers live by one clock, the new one too"
    assert server.returncode == 0


STARTING = """
import os, sys, time
from api.server.workers import Worker, run_workers

def start(worker: Worker) -> None:
    os.write(1, b"starting\\n")  # in one piece
    time.sleep(60)

sys.exit(run_workers(2, "127.0.0.1", 0, start))
"""


def test_workers_that_are_still_starting_can_be_told_to_stop() -> None:
    command = [sys.executable, "-c", STARTING]
    with subprocess.Popen(command, env=environment({}), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert [server.stdout.readline() for _ in range(2)] == ["starting\n"] * 2
        server.terminate()
        try:
            assert server.wait(timeout=180) == 0
        finally:
            server.kill()


REPLACING = """
import os, sys, time
from api.server.workers import Worker, run_workers

def start(worker: Worker) -> None:
    is_away = worker.replaces and not os.path.exists(sys.argv[1])
    os.write(1, b"failing\\n" if is_away else b"starting\\n")
    if is_away:
        sys.exit(2)
    time.sleep(60)

sys.exit(run_workers(2, "127.0.0.1", 0, start))
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find the workers")
def test_a_replacement_that_cannot_start_is_tried_again_and_ends_no_other(tmp_path: Path) -> None:
    command = [sys.executable, "-c", REPLACING, str(tmp_path / "database")]
    with subprocess.Popen(command, env=environment({}), stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert [server.stdout.readline() for _ in range(2)] == ["starting\n"] * 2
            killed, other = children(server)
            os.kill(killed, signal.SIGKILL)
            assert [server.stdout.readline() for _ in range(2)] == ["failing\n"] * 2
            (tmp_path / "database").touch()
            assert "starting\n" in server.stdout  # whatever it tried before
            assert other in children(server)
        finally:
            server.terminate()
    assert server.returncode == 0


FAILING = """
import sys, time
from api.server.workers import Worker, run_workers

def start(worker: Worker) -> None:
    if worker.number:
        sys.exit(3)
    time.sleep(60)

sys.exit(run_workers(2, "127.0.0.1", 0, start))
"""


def test_a_worker_that_cannot_start_at_first_ends_all() -> None:
    done = subprocess.run([sys.executable, "-c", FAILING], env=environment({}), timeout=300)
    assert done.returncode == 3


def test_a_demonstration_serves_what_an_earlier_release_has_stored(tmp_path: Path) -> None:
    earlier = SEED.read_text("utf-8").replace('kind = "SUBMISSION"\n', "")
    (tmp_path / "shanghai-2017.toml").write_text(earlier, "utf-8")
    (tmp_path / "districts.toml").write_bytes(SEED.with_name("districts.toml").read_bytes())
    succeeded(tmp_path, "migrate")
    succeeded(tmp_path, "load", "shanghai-2017.toml", CLOCK="2017-03-21T09:00:00+08:00")
    settings, errors = environment({"PORT": "0"}), tmp_path / "errors.txt"
    with (
        errors.open("w") as stderr,
        subprocess.Popen([PINGXUAN, "demo"], cwd=tmp_path, env=settings, stdout=PIPE, stderr=stderr, text=True) as demo,
    ):
        try:
            assert demo.stdout is not None
            assert demo.stdout.readline().startswith("GraphQL on ")
        finally:
            demo.terminate()
    assert "kind of SUBMITTED (DECISION would become SUBMISSION)" in errors.read_text("utf-8")
