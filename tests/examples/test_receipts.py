"""Do the small programs that check a receipt take a right one, and no other?"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.log_maker import LogMaker, Signer
from tests.node import ROOT, needs_node

PROGRAMS = [
    pytest.param(("node", ROOT / "examples" / "javascript" / "verify-receipt.mjs"), marks=needs_node, id="javascript"),
    pytest.param((sys.executable, ROOT / "examples" / "python" / "verify_receipt.py"), id="python"),
]
BATCHES = [0, 1, 2, 3, 4, 6, 59]  # of how many others


def receipt(others: int = 3, key: str | None = "0123456789") -> dict[str, Any]:
    log = LogMaker()
    log.rules()
    index = log.ballot((1, 2, 5), number=5, key="-" if key is None else key)
    return log.receipt(index, 5, key, [bytes([number]) * 32 for number in range(others)])


def run(
    program: tuple[str | Path, ...], folder: Path, file: dict[str, Any], *key: str
) -> subprocess.CompletedProcess[str]:
    (folder / "receipt.json").write_text(json.dumps(file), "utf-8")
    command = [*program, folder / "receipt.json", *key]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("others", BATCHES)
def test_a_right_receipt_is_right(program: tuple[str | Path, ...], tmp_path: Path, others: int) -> None:
    file = receipt(others, None if others == 1 else "0123456789")
    done = run(program, tmp_path, file, file["receiptKey"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"right: {file['ballotId']} of 2026-05-02 for 1,"), done.stdout
    assert "2026-05-02T05:00:00Z" in done.stdout
    assert "names itself" not in done.stdout
    assert "names itself" in run(program, tmp_path, file).stdout


def other_hash(file: dict[str, Any]) -> None:
    file["batchHashes"][0] = "ff" * 32


def another_time(file: dict[str, Any]) -> None:
    file["note"] = file["note"].replace("T05:00:00Z", "T06:00:00Z")


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda file: file.update(projects=[1, 2, 6]), "another ballot"),
        (lambda file: file.update(day="2026-05-03"), "another ballot"),
        (lambda file: file.update(idempotencyKey=None), "another ballot"),
        (lambda file: file.update(batchIndex=1), "not in the batch"),
        (lambda file: file.update(batchIndex=4), "not in the batch"),
        (other_hash, "not in the batch"),
        (lambda file: file["batchHashes"].pop(), "not in the batch"),
        (another_time, "does not hold"),
        (lambda file: file.update(receiptKey=Signer("somebody/receipts").vkey), "not signed by this key"),
    ],
)
def test_a_wrong_receipt_is_wrong(
    program: tuple[str | Path, ...], tmp_path: Path, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    file = receipt()
    change(file)
    done = run(program, tmp_path, file)
    assert done.returncode == 1, done.stdout + done.stderr
    assert says in done.stdout + done.stderr
    assert "right" not in done.stdout
