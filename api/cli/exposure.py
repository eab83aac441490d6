"""May others reach this server as it is set up? Not with what only a demonstration may have, unless each is accepted."""

import logging
import socket
from collections.abc import Iterator
from ipaddress import ip_address

from api.settings import Settings
from api.settings.setting import SettingError
from api.values import ORIGIN, SERVER_SECRET

SHORTEST_SECRET = 32  # bytes
FEWEST_BYTES = 10  # different ones in a secret
OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")  # by which nobody but this machine calls it
log = logging.getLogger("pingxuan.exposure")


def check_exposure(settings: Settings) -> None:
    """Raise SettingError when others can reach this server and it has a danger that was not accepted by name."""
    public = ", ".join(_public(settings))
    if not public:
        return
    found = dict(_dangers(settings))
    unaccepted = [word for word in found if word not in settings.accepted_dangers]
    if unaccepted:
        reasons = "; ".join(found[word] for word in unaccepted)
        accepted = ",".join(sorted(settings.accepted_dangers | set(unaccepted)))
        raise SettingError(
            f"Others can reach this server, as {public} says, but {reasons}. Set that right, or what says so, "
            f"or accept it in so many words with PINGXUAN_ACCEPTED_DANGERS={accepted}"
        )
    for word, reason in found.items():
        log.warning("accepted danger %s: %s", word, reason)


def _public(settings: Settings) -> Iterator[str]:
    """The settings that say that others reach this server: at its own address, or through a proxy on this machine."""
    if is_public(settings.host):
        yield f"PINGXUAN_HOST={settings.host}"
    if settings.proxies:
        yield "PINGXUAN_PROXIES"
    if any(name not in OWN_NAMES for name in settings.hosts):
        yield "PINGXUAN_HOSTS"
    if any(_host(origin) not in OWN_NAMES for origin in settings.origins):
        yield "PINGXUAN_ORIGINS"
    if settings.hsts:
        yield "PINGXUAN_HSTS"


def _host(origin: str) -> str | None:
    """The host of an origin; None for `*`."""
    found = ORIGIN.fullmatch(origin)
    return found and found[1]


def is_public(host: str) -> bool:
    """Whether anything but this machine can reach a server that listens there. What cannot be found out is public."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return True
    return not all(ip_address(str(entry[4][0]).partition("%")[0]).is_loopback for entry in found)


def is_weak(secret: bytes) -> bool:
    """Whether a secret is too short, of too few different bytes, or a short text said again and again."""
    repeats = secret in (secret + secret)[1:-1]
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_BYTES or repeats


def _dangers(settings: Settings) -> Iterator[tuple[str, str]]:
    """What this set-up has of api.settings.DANGERS, each with why it is one."""
    if settings.signing_in.guests:
        yield "guests", "PINGXUAN_GUESTS=on lets anybody vote under any name"
    guessed = " and ".join(_weak(settings))
    if guessed:
        yield (
            "weak-secret",
            f"{guessed} can be guessed (give at least {SHORTEST_SECRET} random bytes, "
            "such as `openssl rand -hex 32` prints)",
        )
    if settings.clock_start is not None:
        yield "demonstration-clock", "PINGXUAN_CLOCK is a demonstration's, so votes open and close at the wrong time"


def _weak(settings: Settings) -> Iterator[str]:
    """The settings that hold a secret which is weak."""
    if settings.secret is not None and is_weak(settings.secret):
        yield "PINGXUAN_SECRET"
    if any(is_weak(key.encode()) for key in settings.token_keys if key != SERVER_SECRET):
        yield "a key in PINGXUAN_TOKEN_KEYS"
