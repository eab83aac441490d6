"""IP addresses and URLs: parsing, what a rate limiter counts as one caller, and which links nobody can read on the way."""

import ipaddress
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import urlsplit

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SUBSCRIBER_PREFIX = 64  # bits of an IPv6 address that one subscriber has to themselves


@lru_cache(maxsize=16_384)
def parse_address(text: str) -> Address | None:
    """The address in this text, which may have a port; one of IPv4 written as IPv6 is one of IPv4. None: it is none."""
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@lru_cache(maxsize=16_384)
def rate_limit_address(address: str) -> str:
    """What callers from this address are counted under: an IPv6 caller has many addresses, and all of them are one."""
    known = parse_address(address)
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((known, SUBSCRIBER_PREFIX), strict=False))
    return address if known is None else str(known)


@lru_cache(maxsize=10_000)
def network_prefixes(address: str) -> tuple[str, str] | None:
    """What counts as one address and as one network, as the bytes they begin with; None for a text that is no address."""
    ip = parse_address(address)
    if ip is None:
        return None
    one, network = (4, 3) if ip.version == 4 else (8, 6)
    return ip.packed[:one].hex(), ip.packed[:network].hex()


def is_private_url(url: str) -> bool:
    """Whether what goes there cannot be read on the way: HTTPS, or this very machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))
