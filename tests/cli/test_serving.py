"""Does a server start when it should, and say in one sentence why when it should not?"""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from api.settings import SETTINGS, SettingError, read_settings
from tests.commands import PINGXUAN, SEED, environment, pingxuan, succeeded

DOCS = SEED.parents[1] / "docs"
DOCUMENTED = (DOCS / "settings.md").read_text() + (DOCS / "limits.md").read_text()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default(setting) -> None:
    row = next(line for line in DOCUMENTED.splitlines() if f"`PINGXUAN_{setting.name}`" in line)
    shown = {None: "required", "": "| empty |"}.get(setting.default, f"`{setting.default}`")
    assert shown in row
    assert not setting.name.startswith("LIMIT_") or setting.meaning in row


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("PORT", "eighty", "65535"),
        ("PORT", "65536", "65535"),
        ("HOST", "", "127.0.0.1"),
        ("DATABASE_URL", "mysql://localhost/x", "sqlite://"),
        ("DATABASE_URL", "sqlite://", "sqlite://"),
        ("SECRET", " ", "random"),
        ("GUESTS", "yes", "on or off"),
        ("CLOCK", "2017-03-22", "offset"),
        ("CLOCK", "2017-03-22T09:00:00", "offset"),
        ("CLOCK", "tomorrow", "system"),
        ("INTROSPECTION", "no", "on or off"),
        ("HOSTS", "https://vote.example.cn", "vote.example.cn"),
        ("ORIGINS", "vote.example.cn", "https://vote.example.cn"),
        ("ORIGINS", "*,https://vote.example.cn", "*"),
        ("PROXIES", "10.0.0.0/99", "10.0.0.0/8"),
        ("PROXY_HEADER", "via", "forwarded"),
        ("HSTS", "a year", "whole number"),
        ("LIMIT_COST", "-1", "whole number"),
        ("LIMIT_REQUESTS", "1e9", "whole number"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(name: str, value: str, remedy: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({f"PINGXUAN_{name}": value})
    assert f"PINGXUAN_{name}" in str(caught.value)
    assert remedy in str(caught.value)


def test_a_secret_is_never_shown() -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({"PINGXUAN_SECRET": "   "})
    assert "'   '" not in str(caught.value)


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
    assert f"127.0.0.1:{port}" in done.stderr


def answer(url: str, query: str) -> dict:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)["data"]


def children(process: subprocess.Popen) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find the workers")
def test_workers_share_a_port_and_one_that_dies_is_replaced(tmp_path: Path) -> None:
    settings = environment({"PORT": "0", "WORKERS": "2"})
    with subprocess.Popen([PINGXUAN, "demo"], cwd=tmp_path, env=settings, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split()[2]
            before = children(server)
            os.kill(before[0], signal.SIGKILL)
            deadline = time.monotonic() + 10
            while len(set(children(server)) - set(before)) < 1 and time.monotonic() < deadline:
                time.sleep(0.05)
            after = children(server)
            times = {answer(url, "{ campaign { serverTime } }")["campaign"]["serverTime"][:16] for _ in range(20)}
        finally:
            server.terminate()
    assert len(before) == len(after) == 2
    assert before[1] in after
    assert len(times) <= 2, "the workers live by one clock, the new one too"
    assert server.returncode == 0
