"""The secret of a demonstration, which is made up at its first start and kept beside its database."""

import os
import secrets

from api.settings import Settings, required_secret


def found_secret(settings: Settings) -> bytes:
    """The secret that was set, else the one a demonstration keeps beside this database."""
    if settings.secret is None and settings.kept_secret.is_file():
        return settings.kept_secret.read_bytes()
    return required_secret(settings)


def made_up_secret(settings: Settings) -> bytes:
    """The secret that was set, else the demonstration's: made up at its first start, readable by its owner alone."""
    if settings.secret is None and not settings.kept_secret.exists():
        settings.kept_secret.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(settings.kept_secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return found_secret(settings)
