"""Do the commands on the page about jobs do what it says, from the first to the last, in one shell?"""

import csv
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.node import ROOT
from tests.pabulib_files import approval_file
from tests.servers import PATIENCE, SIGN_IN, Server, pingxuan

BLOCKS = re.findall(r"^```sh\n(.*?)^```$", (ROOT / "docs" / "jobs.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
LISTED = '{ jobs(campaign: "shanghai-2017") { totalCount } }'

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here, so this was NOT tested")


def ask(server: Server, query: str, token: str = "") -> str:
    """The answer, as curl gets it."""
    headers = ["-H", "Content-Type: application/json", "-H", f"Authorization: Bearer {token}" if token else "X: x"]
    body = json.dumps({"query": query, "variables": {"name": "organizer"}})
    return subprocess.run(
        ["curl", "-sS", server.url, *headers, "-d", body], capture_output=True, text=True, timeout=180, check=True
    ).stdout


def organizer(server: Server) -> str:
    """The token of somebody who organizes everything, once that is known."""
    token: str = json.loads(ask(server, SIGN_IN))["data"]["signIn"]["token"]
    viewer = json.loads(ask(server, "{ viewer { id } }", token))["data"]["viewer"]["id"]
    assert pingxuan(server.database_url, "grant", "ORGANIZER", viewer).returncode == 0
    deadline = time.monotonic() + PATIENCE
    while "errors" in json.loads(ask(server, LISTED, token)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return token


def test_every_command_does_what_it_says(fresh_server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "shell"
    folder.mkdir()
    (folder / "ballots.pb").write_bytes(approval_file(1).content())
    smaller = "\n".join(BLOCKS).replace("PIECE=4194304", "PIECE=500")  # so that the file has several
    given = {"SERVER": fresh_server.origin, "TOKEN": organizer(fresh_server), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", smaller], cwd=folder, env=given, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    states = re.findall(r'"job": ?\{"state": ?"(\w+)"', done.stdout)
    assert states == ["DONE"] * 3, done.stdout
    rows = list(csv.reader((folder / "projects.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) > 50
    assert done.stdout.count('"received":') == 1 + 2
    assert '"jobChanged":{"state":"DONE"' in done.stdout.replace(" ", "")
    audit = pingxuan(fresh_server.database_url, "audit")
    assert audit.returncode == 0, audit.stdout
    assert audit.stdout.count("40 ballots recounted, 0 differences") == 2
