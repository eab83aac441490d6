"""Refuse to serve others with settings that only a demonstration may have, unless each is accepted by name."""

import logging
import socket
from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address

from api.settings import Settings
from api.settings.parsers import SERVER_SECRET
from api.settings.setting import SettingError

MIN_SECRET_LENGTH = 32  # bytes
MIN_DISTINCT_BYTES = 10  # different ones in a secret
log = logging.getLogger("pingxuan.safety_checks")


def check_safety(settings: Settings) -> None:
    """Raise SettingError when others can reach this server and it has a danger that was not accepted by name."""
    exposing = exposing_setting(settings)
    if exposing is None:
        return
    dangers = dict(_dangers(settings))
    unaccepted = [word for word in dangers if word not in settings.accepted_dangers]
    if unaccepted:
        reasons = "; ".join(dangers[word] for word in unaccepted)
        accepted = ",".join(sorted(settings.accepted_dangers | set(unaccepted)))
        raise SettingError(
            f"{exposing} lets others reach this server, but {reasons}. Set that right, serve this machine alone, or accept it "
            f"in so many words with PINGXUAN_ACCEPTED_DANGERS={accepted}"
        )
    for word, reason in dangers.items():
        log.warning("accepted danger %s: %s", word, reason)


def exposing_setting(settings: Settings) -> str | None:
    """The setting by which others can reach this server; None when only this machine can."""
    if is_public(settings.host):
        return f"PINGXUAN_HOST={settings.host}"
    others = [name for name in settings.hosts if name.startswith("*") or is_public(name.strip("[]"))]
    if others:
        return f"PINGXUAN_HOSTS={others[0]}"
    if settings.proxies:
        return "PINGXUAN_PROXIES"
    return "PINGXUAN_HSTS" if settings.hsts else None


def is_public(host: str) -> bool:
    """Whether another machine can reach a server on this host; True for a name that cannot be resolved."""
    try:
        entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return True
    return not all(ip_address(str(entry[4][0]).partition("%")[0]).is_loopback for entry in entries)


def is_weak(secret: bytes) -> bool:
    """Whether a secret is too short, has too few different bytes, or repeats a short text."""
    repeats = secret in (secret + secret)[1:-1]
    return len(secret) < MIN_SECRET_LENGTH or len(set(secret)) < MIN_DISTINCT_BYTES or repeats


def _secrets(settings: Settings) -> Iterator[tuple[str, bytes]]:
    if settings.secret is not None:
        yield "PINGXUAN_SECRET", settings.secret
    for key in settings.token_keys:
        if key != SERVER_SECRET:
            yield "PINGXUAN_TOKEN_KEYS", key.encode()


def _dangers(settings: Settings) -> Iterator[tuple[str, str]]:
    """The words of api.settings.DANGERS that apply to these settings, each with the reason."""
    if settings.signing_in.guests:
        yield "guests", "PINGXUAN_GUESTS=on lets anybody vote under any name"
    if weak := [name for name, secret in _secrets(settings) if is_weak(secret)]:
        yield (
            "weak-secret",
            f"{' and '.join(dict.fromkeys(weak))} can be guessed (give at least {MIN_SECRET_LENGTH} random bytes, "
            "such as `openssl rand -hex 32` prints)",
        )
    if isinstance(settings.clock_start, datetime):
        yield "demonstration-clock", "PINGXUAN_CLOCK is a demonstration's, so votes open and close at the wrong time"
