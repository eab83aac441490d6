"""Who has signed a note: the log, by keys that are trusted, and witnesses, of which a policy asks for some."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import COSIGNATURE, ED25519, NoteError, SignedNote, VerifierKey
from api.domain.log.policies import Policy
from api.domain.log.signatures import Signed, check_signatures
from api.verifier.findings import FindingCode, LogBroken


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness whose cosignature holds, and when it was made, in its own words."""

    name: str
    at: datetime | None


def holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_keys(text: bytes, place: str) -> tuple[VerifierKey, ...]:
    """Read keys, one a line."""
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError as error:
        raise LogBroken(FindingCode.KEYS_UNREADABLE, place, f"byte {error.start} is no UTF-8", _KEYS) from error
    if lines.pop():
        raise LogBroken(FindingCode.KEYS_UNREADABLE, place, "the last line does not end", _KEYS)
    keys = []
    for number, line in enumerate(lines, 1):
        try:
            keys.append(VerifierKey.parse(line))
        except NoteError as error:
            raise LogBroken(FindingCode.KEYS_UNREADABLE, place, f"line {number}: {error}", _KEYS) from error
    return tuple(keys)


_KEYS = "it should have one key a line, NAME+ID+BASE64"


def read_policy(text: bytes, place: str) -> Policy:
    """Read a policy."""
    try:
        return Policy.parse(text)
    except ValueError as error:
        should = "it should be written as tlog-policy asks"
        raise LogBroken(FindingCode.POLICY_UNREADABLE, place, str(error), should) from error


def read_checkpoint(content: bytes, place: str) -> tuple[SignedNote, Checkpoint]:
    """Read a note and the checkpoint in it; who has signed it is another question."""
    try:
        note = SignedNote.parse(content)
        return note, Checkpoint.parse(note.text)
    except NoteError as error:
        should = "it should be a checkpoint in a signed note"
        raise LogBroken(FindingCode.CHECKPOINT_UNREADABLE, place, str(error), should) from error


def check_signed(note: SignedNote, keys: Iterable[VerifierKey], place: str) -> tuple[Signed, ...]:
    """Return which of the keys have signed, one at least."""
    known = [key for key in keys if key.kind == ED25519]
    signed = _signed(note, known, place)
    if not signed:
        names = ", ".join(f"{key.name}+{key.key_id.hex()}" for key in known) or "any key that is known here"
        found = "its signatures are by " + ", ".join(f"{each.name}+{each.key_id.hex()}" for each in note.signatures)
        raise LogBroken(FindingCode.SIGNATURE_MISSING, place, found, f"one should be by {names}")
    return signed


def check_witnesses(note: SignedNote, policy: Policy, place: str) -> tuple[Cosigned, ...]:
    """Return the witnesses of a policy that have cosigned; they have to be enough."""
    signed = check_cosigned(note, [witness.key for witness in policy.witnesses], place)
    names = policy.names_of([each.key for each in signed])
    if not policy.is_met_by(names):
        found = f"cosigned by {', '.join(sorted(names)) or 'nobody'}"
        should = f"the policy asks for its quorum “{policy.quorum}”"
        raise LogBroken(FindingCode.WITNESSES_MISSING, place, found, should)
    return tuple(Cosigned(each.key.name, _moment(each.time)) for each in signed)


def check_cosigned(note: SignedNote, keys: Iterable[VerifierKey], place: str) -> tuple[Signed, ...]:
    """Return which of these witnesses' keys have cosigned; none has to."""
    return _signed(note, [key for key in keys if key.kind == COSIGNATURE], place)


def unknown_signatures(note: SignedNote, keys: Iterable[VerifierKey]) -> Sequence[str]:
    """Return who else has signed: nobody here can say whether those signatures hold."""
    known = {(key.name, key.key_id) for key in keys if key.kind in {ED25519, COSIGNATURE}}
    return [f"{each.name}+{each.key_id.hex()}" for each in note.signatures if (each.name, each.key_id) not in known]


def _signed(note: SignedNote, keys: Iterable[VerifierKey], place: str) -> tuple[Signed, ...]:
    try:
        return check_signatures(note, keys, holds)
    except NoteError as error:
        should = "whoever signs a note signs exactly its text"
        raise LogBroken(FindingCode.SIGNATURE_WRONG, place, str(error), should) from error


def _moment(time: int | None) -> datetime | None:
    try:
        return None if time is None else datetime.fromtimestamp(time, UTC)
    except (OSError, OverflowError, ValueError):
        return None  # later than calendars go
