"""Does a witness cosign what goes on from what it has seen, and nothing else, as tlog-witness has it?"""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from api.domain.log.notes import COSIGNATURE, Signature, SignedNote, VerifierKey
from api.domain.log.signatures import check_signatures
from api.domain.log.witness_protocol import Submission, parse_cosignatures
from api.transparency.checkpoint_folder import CheckpointFolder
from api.transparency.ed25519 import ed25519_holds
from api.witness.cosigner import Answer, Cosigner
from api.witness.known_logs import KnownLogs
from api.witness.witness_key import WitnessKey
from tests.witnesses import ORIGIN, SmallLog

NOW = 1_490_140_800
KEY = WitnessKey.of("witness.example.org/w1", b"w" * 32)
LOG, FORK, STRANGER = SmallLog(), SmallLog("other"), SmallLog(seed=b"s" * 32)


@pytest.fixture
def folder(tmp_path: Path) -> CheckpointFolder:
    folder = CheckpointFolder(tmp_path / "cosigned")
    folder.make()
    return folder


@pytest.fixture
def witness(tmp_path: Path, folder: CheckpointFolder) -> Cosigner:
    (tmp_path / "logs").write_text(f"# ours\nlog {LOG.key}\n\n")
    return Cosigner(KEY, KnownLogs(tmp_path / "logs"), folder, lambda: NOW + 0.9)


def ask(witness: Cosigner, old: int, size: int, log: SmallLog = LOG, proof: Sequence[bytes] | None = None) -> Answer:
    """What it answers to a log that goes from one size to another."""
    hashes = log.proof(old, size) if proof is None else tuple(proof)
    return witness.answer(bytes(Submission(old, hashes, log.note(size))))


def assert_cosigned(answer: Answer, size: int, log: SmallLog = LOG) -> None:
    assert answer.status == 200, answer
    assert answer.content_type == "text/plain; charset=utf-8"
    [signature] = parse_cosignatures(answer.text.encode())
    [signed] = check_signatures(SignedNote(log.checkpoint(size).text, (signature,)), [KEY.verifier_key], ed25519_holds)
    assert (signed.key.kind, signed.time) == (COSIGNATURE, NOW)


def test_a_log_that_grows_is_cosigned(witness: Cosigner, folder: CheckpointFolder) -> None:
    old = 0
    for size in (1, 2, 3, 8, 8, 13, 300):
        assert_cosigned(ask(witness, old, size), size)
        note = folder.note(ORIGIN)
        assert note is not None
        assert {key.key.name for key in check_signatures(note, [LOG.key, KEY.verifier_key], ed25519_holds)} == {
            ORIGIN,
            "witness.example.org/w1",
        }
        old = size
    assert witness.checkpoint(sha256(ORIGIN.encode()).hexdigest()) == Answer(200, str(folder.note(ORIGIN)))
    assert witness.summary().text == f"{KEY.verifier_key}\n\n{ORIGIN} 300\n"


@pytest.mark.parametrize(("old", "size"), [(0, 5), (3, 5), (9, 20), (300, 300)])
def test_whoever_names_another_size_is_told_the_right_one(witness: Cosigner, old: int, size: int) -> None:
    ask(witness, 0, 8)
    assert ask(witness, old, size) == Answer(409, "8\n", "text/x.tlog.size")
    assert_cosigned(ask(witness, 8, 20), 20)


def test_a_log_that_goes_back_or_forks_is_not_cosigned(witness: Cosigner, folder: CheckpointFolder) -> None:
    ask(witness, 0, 8)
    kept = folder.note(ORIGIN)
    assert ask(witness, 8, 7).status == 400
    assert ask(witness, 7, 7) == Answer(409, "8\n", "text/x.tlog.size")
    assert ask(witness, 8, 9, FORK).status == 422
    assert ask(witness, 8, 8, FORK) == Answer(409, "8\n", "text/x.tlog.size")
    assert ask(witness, 0, 8, FORK) == Answer(409, "8\n", "text/x.tlog.size")
    assert folder.note(ORIGIN) == kept
    assert folder.file(ORIGIN).with_suffix(".fork").read_text() == str(FORK.note(8))


def test_a_proof_has_to_hold_and_to_be_empty_where_there_is_nothing_to_prove(witness: Cosigner) -> None:
    assert ask(witness, 0, 8, proof=[bytes(32)]).status == 422
    ask(witness, 0, 8)
    proof = LOG.proof(8, 13)
    for wrong in ((), proof[:-1], (*proof, bytes(32)), (bytes(32), *proof[1:])):
        assert ask(witness, 8, 13, proof=wrong).status == 422
    assert ask(witness, 8, 8, proof=[bytes(32)]).status == 422
    assert_cosigned(ask(witness, 8, 13), 13)


def test_an_empty_log_is_cosigned_with_the_root_of_nothing_alone(witness: Cosigner, folder: CheckpointFolder) -> None:
    text = f"{ORIGIN}\n0\n{'A' * 43}=\n"
    forged = SignedNote(text, (Signature(ORIGIN, LOG.key.key_id, LOG.private.sign(text.encode())),))
    assert witness.answer(bytes(Submission(0, (), forged))) == Answer(409, "0\n", "text/x.tlog.size")
    assert_cosigned(ask(witness, 0, 0), 0)
    assert_cosigned(ask(witness, 0, 5), 5)


def test_unknown_logs_and_keys_are_told_apart(witness: Cosigner) -> None:
    assert ask(witness, 0, 5, SmallLog(origin="elsewhere.example/log")).status == 404
    assert ask(witness, 0, 5, STRANGER).status == 403
    note = LOG.note(5)
    torn = SignedNote(note.text, (note.signatures[0]._replace(blob=bytes(64)),))
    assert witness.answer(bytes(Submission(0, (), torn))).status == 403
    both = SignedNote(note.text, (*STRANGER.note(5).signatures, *note.signatures))
    assert_cosigned(witness.answer(bytes(Submission(0, (), both))), 5)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 00\n\n",
        b"old -1\n\n",
        b"new 0\n\n",
        b"old 0\nAAAA\n\n",
        b"old 0\n" + b"A" * 43 + b"=\n" * 64 + b"\n",
        b"old 0\n\n\xff",
        b"old 99999999999999999999\n\n",
    ],
)
def test_what_is_no_submission_gets_400(witness: Cosigner, body: bytes) -> None:
    assert witness.answer(body + str(LOG.note(5)).encode()).status == 400
    assert witness.answer(body).status == 400


def test_logs_below_a_name_need_no_line_of_their_own(tmp_path: Path, folder: CheckpointFolder) -> None:
    city = SmallLog(origin="vote.example.cn/log")
    (tmp_path / "logs").write_text(f"below {city.key}\n")
    witness = Cosigner(KEY, KnownLogs(tmp_path / "logs"), folder, lambda: NOW)
    for origin in (ORIGIN, f"{ORIGIN}/2"):
        assert_cosigned(ask(witness, 0, 5, SmallLog(origin=origin)), 5, SmallLog(origin=origin))
    for other in ("vote.example.cn/log", "vote.example.cn/logs/x"):
        assert ask(witness, 0, 5, SmallLog(origin=other)).status == 404
    assert ask(witness, 0, 5, STRANGER).status == 403


def test_the_file_of_logs_is_read_again_when_it_has_changed(tmp_path: Path, folder: CheckpointFolder) -> None:
    file = tmp_path / "logs"
    file.write_text("")
    witness = Cosigner(KEY, KnownLogs(file), folder, lambda: NOW)
    assert ask(witness, 0, 5).status == 404
    file.write_text(f"log {LOG.key}\n")
    assert_cosigned(ask(witness, 0, 5), 5)
    file.write_text("log nonsense\n")
    assert_cosigned(ask(witness, 5, 6), 6)
    file.unlink()
    assert_cosigned(ask(witness, 6, 7), 7)


def test_what_is_stored_and_damaged_stops_that_log(
    witness: Cosigner, folder: CheckpointFolder, caplog: pytest.LogCaptureFixture
) -> None:
    ask(witness, 0, 5)
    folder.file(ORIGIN).write_text("torn")
    assert ask(witness, 5, 6).status == 503
    assert witness.summary().status == 503
    assert "shanghai-2017.checkpoint is damaged" in caplog.text
    assert folder.file(ORIGIN).read_text() == "torn"


def test_keys_of_another_kind_are_none_of_a_log(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text(f"log {VerifierKey.of(ORIGIN, COSIGNATURE, bytes(32))}\n")
    with pytest.raises(Exception, match="logs:1: the key is of kind 4"):
        KnownLogs(tmp_path / "logs")
    assert os.listdir(tmp_path) == ["logs"]
