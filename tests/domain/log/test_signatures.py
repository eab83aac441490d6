"""Which signatures of a note hold: do unknown ones pass, and does a wrong one of a known key refuse the note?"""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from api.domain.log.cosignatures import Cosignature, cosignature_message
from api.domain.log.notes import COSIGNATURE, ED25519, ML_DSA_44, NoteError, Signature, SignedNote, VerifierKey
from api.domain.log.signatures import Signed, check_signatures
from tests.domain.log.vectors import LOGS, VKEY, Vector

KEY = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
TEXT = "log.example\n1\nroot\n"
PUBLIC = KEY.public_key().public_bytes_raw()
LOG, WITNESS = (VerifierKey.of("k.example", kind, PUBLIC) for kind in (ED25519, COSIGNATURE))


def holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def signed(text: str = TEXT) -> Signature:
    return Signature(LOG.name, LOG.key_id, KEY.sign(text.encode()))


def cosigned(time: int, text: str = TEXT) -> Signature:
    return Signature(WITNESS.name, WITNESS.key_id, Cosignature(time, KEY.sign(cosignature_message(time, text))).blob)


@pytest.mark.parametrize("log", LOGS, ids=lambda log: str(log.size))
def test_a_checkpoint_that_others_signed_holds_and_with_one_bit_changed_does_not(log: Vector) -> None:
    note, key = SignedNote.parse(log.checkpoint), VerifierKey.parse(VKEY)
    assert check_signatures(note, [key], holds) == (Signed(key, None),)
    with pytest.raises(NoteError, match=r"signature of log.example/pingxuan/test \(key 70b0a063\) does not hold"):
        check_signatures(note._replace(text=note.text.replace("log", "lof")), [key], holds)


def test_signatures_and_cosignatures_hold_each_by_their_own_message() -> None:
    note = SignedNote(TEXT, (signed(), cosigned(1679315147)))
    assert check_signatures(note, [LOG, WITNESS], holds) == (Signed(LOG, None), Signed(WITNESS, 1679315147))
    swapped = SignedNote(TEXT, (signed()._replace(key_id=WITNESS.key_id),))
    with pytest.raises(NoteError):
        check_signatures(swapped, [WITNESS], holds)


def test_a_cosignature_is_of_its_time() -> None:
    later = Cosignature.parse(cosigned(5).blob)._replace(time=6)
    with pytest.raises(NoteError, match="does not hold"):
        check_signatures(SignedNote(TEXT, (cosigned(5)._replace(blob=later.blob),)), [WITNESS], holds)


def test_unknown_keys_are_passed_over() -> None:
    """Also those of which the name alone is known, or the id alone, or whose kind nobody here can check."""
    wrong = signed()._replace(blob=b"wrong")
    strangers = (wrong._replace(name="other.example"), wrong._replace(key_id=b"none"))
    assert check_signatures(SignedNote(TEXT, strangers), [LOG], holds) == ()
    post_quantum = VerifierKey.of("pq.example", ML_DSA_44, b"p" * 1312)
    note = SignedNote(TEXT, (Signature("pq.example", post_quantum.key_id, b"x" * 2420), signed()))
    assert check_signatures(note, [post_quantum, LOG], holds) == (Signed(LOG, None),)


def test_one_wrong_signature_of_a_known_key_refuses_the_note() -> None:
    with pytest.raises(NoteError, match="does not hold"):
        check_signatures(SignedNote(TEXT, (signed(), signed("other"))), [LOG], holds)
    with pytest.raises(NoteError, match="eight bytes"):
        check_signatures(SignedNote(TEXT, (signed(), cosigned(1)._replace(blob=b"short"))), [LOG, WITNESS], holds)


def test_a_key_counts_once() -> None:
    assert check_signatures(SignedNote(TEXT, (cosigned(5), cosigned(6))), [WITNESS], holds) == (Signed(WITNESS, 5),)
