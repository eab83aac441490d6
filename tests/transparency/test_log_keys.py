"""Are checkpoints and receipts signed so that everybody else's software accepts them?"""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import COSIGNATURE, SignedNote, VerifierKey, encode_base64
from api.domain.log.policies import Policy
from api.transparency.key_file import read_keys
from api.transparency.log_keys import LogKeys
from tests.domain.log.vectors import LOGS, ORIGIN, SEED, VKEY, Vector

SEEDS = [encode_base64(bytes([each]) * 32) for each in range(1, 6)]


def log_keys(folder: Path, *lines: str, policy: Policy | None = None) -> LogKeys:
    file = folder / "keys"
    file.write_text("".join(f"{line}\n" for line in lines))
    return LogKeys(read_keys(file), policy)


@pytest.fixture
def keys(tmp_path: Path) -> LogKeys:
    return log_keys(tmp_path, f"log {encode_base64(SEED)}", f"receipts {SEEDS[0]}")


@pytest.mark.parametrize("log", LOGS, ids=lambda log: str(log.size))
def test_a_checkpoint_is_byte_for_byte_the_one_that_others_sign(keys: LogKeys, log: Vector) -> None:
    assert keys.sign_checkpoint(Checkpoint(ORIGIN, log.size, log.root).text, ORIGIN) == log.checkpoint


def test_the_verifier_key_is_the_one_that_others_make(keys: LogKeys) -> None:
    assert keys.verifier_keys(ORIGIN) == (VKEY,)
    assert keys.retired_keys(ORIGIN) == ()


def test_a_receipt_is_signed_with_a_key_of_its_own_name(keys: LogKeys) -> None:
    [text] = keys.receipt_keys(ORIGIN)
    key = VerifierKey.parse(text)
    assert key.name == ORIGIN + "/receipts"
    Ed25519PublicKey.from_public_bytes(key.public).verify(keys.sign_receipt("a receipt\n"), b"a receipt\n")
    assert key.public != VerifierKey.parse(VKEY).public


def test_one_seed_has_another_id_for_each_log(keys: LogKeys) -> None:
    first, second = (VerifierKey.parse(*keys.verifier_keys(origin)) for origin in (ORIGIN, ORIGIN + "/2"))
    assert first.public == second.public
    assert first.key_id != second.key_id


def test_while_keys_change_a_checkpoint_has_the_signatures_of_both(tmp_path: Path) -> None:
    keys = log_keys(
        tmp_path,
        f"log {SEEDS[0]}",
        f"log {encode_base64(SEED)}",
        f"receipts {SEEDS[1]}",
        f"receipts {SEEDS[2]}",
        f"retired log {SEEDS[3]}",
        f"retired receipts {SEEDS[4]}",
    )
    note = SignedNote.parse(keys.sign_checkpoint(Checkpoint(ORIGIN, LOGS[2].size, LOGS[2].root).text, ORIGIN))
    new, old = map(VerifierKey.parse, keys.verifier_keys(ORIGIN))
    assert [signature.key_id for signature in note.signatures] == [new.key_id, old.key_id]
    assert str(note.signatures[1]) + "\n" == LOGS[2].checkpoint.partition("\n\n")[2]
    newest, _ = map(VerifierKey.parse, keys.receipt_keys(ORIGIN))
    Ed25519PublicKey.from_public_bytes(newest.public).verify(keys.sign_receipt("r\n"), b"r\n")
    assert [VerifierKey.parse(key).name for key in keys.retired_keys(ORIGIN)] == [ORIGIN, ORIGIN + "/receipts"]


def test_the_policy_names_the_keys_of_the_log_and_the_witnesses(tmp_path: Path) -> None:
    witness = VerifierKey.of("w.example", COSIGNATURE, b"w" * 32)
    policy = Policy.parse(f"log {VKEY}\nwitness W {witness} https://w.example\nquorum W\n")
    keys = log_keys(tmp_path, f"log {SEEDS[0]}", f"receipts {SEEDS[1]}", policy=policy)
    assert keys.witnesses == (witness,)
    assert keys.policy(ORIGIN) == (
        f"log {keys.verifier_keys(ORIGIN)[0]}\nwitness W {witness} https://w.example\nquorum W\n"
    )


def test_without_a_policy_no_witness_is_asked_for(keys: LogKeys) -> None:
    assert keys.policy(ORIGIN) == f"log {VKEY}\nquorum none\n"
    assert keys.witnesses == ()
