"""Keys that nobody guesses: 26 letters and digits of base32, in lower case, 130 bits."""

import base64
import secrets

LENGTH = 26


def random_key() -> str:
    """Make up a key."""
    return base64.b32encode(secrets.token_bytes(17)).decode()[:LENGTH].lower()
