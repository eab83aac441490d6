"""Do our logs and our witness understand a witness and a client of another make, and they ours?"""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.domain.log.notes import SignedNote, VerifierKey
from api.domain.log.policies import Policy, Witness
from api.domain.log.signatures import check_signatures
from api.domain.log.witness_protocol import parse_cosignatures
from api.ports.log import LogBehindError
from api.services.log.witnessing import Witnessing
from api.transparency.ed25519 import ed25519_holds
from api.transparency.witness_client import open_witness_client
from tests.databases import free_port
from tests.node import ROOT
from tests.servers import PATIENCE
from tests.witnesses import SmallLog, make_witness, witnessing

BIN = ROOT / ".venv-witness" / "bin"
pytestmark = [
    pytest.mark.check,
    pytest.mark.skipif(
        not (BIN.parent / "tried").is_file(),
        reason="the other witness is not here (`make check` gets it, with Python 3.12), so this was NOT tested",
    ),
]
LOG, FORK = SmallLog(), SmallLog("other")


@contextmanager
def other_witness(folder: Path) -> Iterator[Witness]:
    """A witness of another make that knows our log."""

    def run(*words: str) -> str:
        done = subprocess.run([BIN / "aics-witness", *words], cwd=folder, capture_output=True, text=True, check=True)
        return done.stdout

    port = free_port()
    key = run("init", "--name", "other.example/w1", "--listen", f"127.0.0.1:{port}").strip()
    run("add-log", "--origin", LOG.origin, "--vkey", str(LOG.key))
    with subprocess.Popen([BIN / "aics-witness", "serve"], cwd=folder, stderr=subprocess.DEVNULL) as process:
        try:
            await_port(port)
            yield Witness("other", VerifierKey.parse(key), f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def await_port(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


async def test_another_witness_cosigns_our_log_as_it_grows_and_refuses_what_goes_back_or_forks(tmp_path: Path) -> None:
    with other_witness(tmp_path) as witness:
        policy = Policy.parse(f"witness other {witness.key} {witness.url}\nquorum other\n")
        async with open_witness_client() as client:
            ours = Witnessing(policy, client)
            for size in (1, 5, 70):
                note = SignedNote.parse(await ours.cosign(str(LOG.note(size)), LOG.prove))
                signed = check_signatures(note, [LOG.key, witness.key], ed25519_holds)
                assert {each.key.name for each in signed} == {LOG.origin, "other.example/w1"}
            with pytest.raises(LogBehindError, match="other has seen more of it"):
                await Witnessing(policy, client).cosign(str(LOG.note(60)), LOG.prove)
            for size in (70, 80):
                with pytest.raises(LogBehindError, match="other has seen another history of it"):
                    await Witnessing(policy, client).cosign(str(FORK.note(size)), FORK.prove)


def test_another_client_has_our_witness_cosign_and_is_told_why_not(tmp_path: Path) -> None:
    key = make_witness(tmp_path / "times", "times.example/w", f"log {LOG.key}")
    asked = [
        (LOG, 1),
        (LOG, 5),
        (LOG, 70),
        (LOG, 60),
        (FORK, 70),
        (FORK, 80),
        (SmallLog(origin="x.example"), 3),
        (LOG, 71),
    ]
    sent = [(str(log.note(size)), proofs_of(log, size)) for log, size in asked]
    with witnessing(tmp_path / "times") as witness:
        command = [BIN / "python", ROOT / "tests/witness/other_client.py", witness.url, str(key)]
        done = subprocess.run(command, input=json.dumps(sent), capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told[3:7] == ["WitnessAhead", "WitnessRejected", "WitnessRejected", "WitnessRejected"]
    for (log, size), line in zip(asked, told, strict=True):
        if line.startswith("—"):
            note = SignedNote(log.note(size).text, parse_cosignatures(line.encode()))
            assert [each.key for each in check_signatures(note, [key], ed25519_holds)] == [key]
    assert [line.startswith("—") for line in told] == [True, True, True, False, False, False, False, True]


def proofs_of(log: SmallLog, size: int) -> dict[str, list[str]]:
    """The proofs that may be asked for, by their two sizes."""
    return {f"{old} {size}": [each.hex() for each in log.proof(old, size)] for old in (1, 5, 70) if old < size}
