"""Signing checkpoints and receipts, and the keys by which others verify them: the names of the keys differ by log."""

from collections.abc import Iterable

from api.domain.log.notes import ED25519, Signature, SignedNote, VerifierKey
from api.domain.log.policies import Policy
from api.domain.log.receipts import KEY_SUFFIX
from api.transparency.key_file import LOG, RECEIPTS, LogKey


class LogKeys:
    """The keys of a key file, for all logs of the server, and the policy about their witnesses."""

    def __init__(self, keys: Iterable[LogKey], policy: Policy | None = None) -> None:
        self._keys = tuple(keys)
        self._policy = policy or Policy()
        self._log = [(key.public, key.signs) for key in self._keys if key.role == LOG and key.signs]
        self._receipts = [key.signs for key in self._keys if key.role == RECEIPTS and key.signs]

    def sign_checkpoint(self, text: str, origin: str) -> str:
        """The signed note of a checkpoint's text, with every key that signs checkpoints under this origin's name."""
        message = text.encode()
        keys = [(VerifierKey.of(origin, ED25519, public), private) for public, private in self._log]
        signatures = tuple(Signature(origin, key.key_id, private.sign(message)) for key, private in keys)
        return str(SignedNote(text, signatures))

    def sign_receipt(self, text: str) -> bytes:
        """The signature of a receipt's text, 64 bytes, with the newest key that signs receipts."""
        return self._receipts[0].sign(text.encode())

    def verifier_keys(self, origin: str) -> tuple[str, ...]:
        """The keys (vkeys) by which a log's checkpoints are verified, the newest first."""
        return tuple(map(str, self._verifiers(origin, LOG)))

    def receipt_keys(self, origin: str) -> tuple[str, ...]:
        """The keys by which the receipts of a log's ballots are verified, the newest first."""
        return tuple(map(str, self._verifiers(origin, RECEIPTS)))

    def retired_keys(self, origin: str) -> tuple[str, ...]:
        """The keys of either kind that sign no more."""
        return tuple(str(_verifier(origin, key)) for key in self._keys if not key.signs)

    @property
    def witnesses(self) -> tuple[VerifierKey, ...]:
        """The keys of the witnesses that the policy names."""
        return tuple(witness.key for witness in self._policy.witnesses)

    def policy(self, origin: str) -> str:
        """By which keys, and by how many witnesses, a checkpoint of the log has to be signed: a tlog-policy."""
        return str(self._policy.with_logs(*self._verifiers(origin, LOG)))

    def _verifiers(self, origin: str, role: str) -> list[VerifierKey]:
        return [_verifier(origin, key) for key in self._keys if key.role == role and key.signs]


def _verifier(origin: str, key: LogKey) -> VerifierKey:
    """The verifier key of a key, under the name it has for this log."""
    return VerifierKey.of(origin + (KEY_SUFFIX if key.role == RECEIPTS else ""), ED25519, key.public)
