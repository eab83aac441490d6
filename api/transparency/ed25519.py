"""Ed25519, by the library cryptography: whether a signature holds."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether a signature of a message holds, given the public key's 32 bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
