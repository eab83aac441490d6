"""Does `pingxuan verify-receipt` tell a voter whether the receipt holds, and whether the ballot is in the log and counts?"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_verify import published
from tests.commands import pingxuan, succeeded
from tests.log_maker import LogMaker, Signer, small_log, write
from tests.verifier.test_receipts import proof_file

BALLOT = 2  # its place in small_log, and its number
RECEIPT_KEY = Signer(f"{small_log().origin}/receipts").vkey


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a receipt and the log."""
    save(tmp_path)
    write(small_log().files(), tmp_path / "log")
    return tmp_path


def save(folder: Path, **changes: Any) -> None:
    (folder / "receipt.json").write_text(json.dumps(small_log().receipt(BALLOT, BALLOT) | changes))


def test_a_receipt_is_checked_without_a_network(folder: Path) -> None:
    said = succeeded(folder, "verify-receipt", "receipt.json")
    assert "of 2026-05-02, and signed by vote.example/log/town-2026/receipts+" in said
    assert "that key is the one that the receipt itself names; nobody else vouches for it (--key)" in said
    assert "Note" not in succeeded(folder, "verify-receipt", "receipt.json", "--key", RECEIPT_KEY)


def test_its_ballot_is_found_in_the_log_and_said_to_count(folder: Path) -> None:
    said = succeeded(folder, "verify-receipt", "receipt.json", "--log", "log")
    assert "that key is the one that the log publishes" in said
    assert said.endswith("It is entry 2 of the log, and it counts.\nIt is open, and says: 1, 2.\n")
    keys = ("--key", RECEIPT_KEY, "--key", small_log().signer.vkey)
    with published(folder) as (url, _):
        tree = json.loads(succeeded(folder, "verify-receipt", "receipt.json", "--log", url, "--json", *keys))
    assert (tree["sound"], tree["entry"], tree["status"], tree["open"]) == (True, 2, "COUNTED", True)
    assert tree["finding"] is None


def test_a_proof_that_lies_with_it_is_checked_without_a_network(folder: Path) -> None:
    log = small_log()
    save(folder, proofFile=proof_file(log, BALLOT, BALLOT))
    said = succeeded(folder, "verify-receipt", "receipt.json", "--key", RECEIPT_KEY, "--key", log.signer.vkey)
    assert f"to the head of a log of 18 entries, as entry 2, signed by {log.origin}+" in said
    assert "whose signature was not checked (--key)" in succeeded(folder, "verify-receipt", "receipt.json")


def test_a_receipt_of_something_else_ends_with_1_and_what_is_wrong(folder: Path) -> None:
    save(folder, projects=[1, 3])
    broken = pingxuan(folder, "verify-receipt", "receipt.json")
    assert broken.returncode == 1
    assert "RECEIPT_WRONG in receipt.json: leafHash is" in broken.stderr
    tree = json.loads(pingxuan(folder, "verify-receipt", "receipt.json", "--json").stdout)
    assert (tree["sound"], tree["finding"]["code"]) == (False, "RECEIPT_WRONG")


@pytest.mark.parametrize(("generation", "before"), [("2", ""), ("3", "/2"), ("10", "/9")])
def test_a_receipt_of_a_log_before_is_found_in_the_one_that_continues_it(
    folder: Path, generation: str, before: str
) -> None:
    log = LogMaker(origin=f"{small_log().origin}/{generation}")
    log.add(f"continues {small_log().origin}{before} 18 {small_log().root.hex()}")
    log.rules()
    log.window()
    log.ballot([1, 2], number=BALLOT)
    write(log.files(is_open=False), folder / "continued")
    said = succeeded(folder, "verify-receipt", "receipt.json", "--log", "continued")
    assert "that key is the one that the receipt itself names" in said
    assert "It is entry 3 of the log, and it counts.\nIt is not open yet" in said


def test_a_ballot_that_is_not_in_the_log_when_it_is_due_is_a_broken_promise(folder: Path) -> None:
    log = LogMaker()
    log.rules()
    log.window()
    write(log.files(is_open=False), folder / "empty")
    if_due = pingxuan(folder, "verify-receipt", "receipt.json", "--log", "empty")
    assert if_due.returncode == 1
    assert "PROMISE_BROKEN in receipt.json: it promises the ballot" in if_due.stderr


def test_a_log_that_is_broken_is_said_to_be(folder: Path) -> None:
    log = small_log()
    log.closed(9)
    write(log.files(), folder / "broken")
    broken = pingxuan(folder, "verify-receipt", "receipt.json", "--log", "broken")
    assert broken.returncode == 1
    assert "COUNT_WRONG in tile/entries/000.p/19, entry 18" in broken.stderr


def test_what_is_no_receipt_ends_with_2(folder: Path) -> None:
    (folder / "receipt.json").write_text("[]")
    refused = pingxuan(folder, "verify-receipt", "receipt.json")
    assert refused.returncode == 2
    assert "is no receipt as the page saves it" in refused.stderr
    save(folder, receiptKey=None)
    assert "give the organizer's with --key" in pingxuan(folder, "verify-receipt", "receipt.json").stderr
