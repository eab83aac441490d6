"""Recipients of messages as they are stored: encrypted by AES-256-GCM, each under a nonce of its own."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class AesGcmSeal:
    """ports.reminders.RecipientSeal."""

    def seal(self, key: bytes, recipient: str, bound_to: str) -> bytes:
        """Return the nonce and the ciphertext with its tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, recipient.encode(), bound_to.encode())

    def open(self, key: bytes, sealed: bytes, bound_to: str) -> str | None:
        """Return the recipient; None where key or text are others."""
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode()).decode()
        except (InvalidTag, ValueError):
            return None
