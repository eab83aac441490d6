"""IP addresses and URLs: parse addresses, find the rate limit key and the networks of one, and check that a URL is private."""

import ipaddress
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import urlsplit

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SUBSCRIBER_PREFIX = 64  # bits of an IPv6 address that one subscriber has to themselves


@lru_cache(maxsize=16_384)
def parse_address(text: str) -> Address | None:
    """Parse an IP address with or without a port, a zone and brackets; an IPv4 address mapped to IPv6 becomes IPv4.

    None for any other text.
    """
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=16_384)
def rate_limit_address(address: str) -> str:
    """The key of an address in rate limits: the /64 network of an IPv6 address, which is one subscriber's; else itself."""
    ip = parse_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((ip, SUBSCRIBER_PREFIX), strict=False))
    return address if ip is None else str(ip)


@lru_cache(maxsize=1_024)
def host_name(text: str) -> str:
    """A host name or an address in brackets, as it is compared: in small letters, without the dot of the root at its end."""
    name = text.lower().removesuffix(".")
    address = parse_address(name) if name.startswith("[") else None
    return name if address is None else f"[{address}]"


@lru_cache(maxsize=10_000)
def network_prefixes(address: str) -> tuple[str, str] | None:
    """The leading bytes, in hexadecimal, that an address shares with its subscriber and with its network.

    IPv4: all four and three; IPv6: eight and six. None for a text that is no address.
    """
    ip = parse_address(address)
    if ip is None:
        return None
    subscriber, network = (4, 3) if ip.version == 4 else (8, 6)
    return ip.packed[:subscriber].hex(), ip.packed[:network].hex()


def is_secure_url(url: str) -> bool:
    """Whether nobody on the network can read what is sent to this URL: it is HTTPS, or HTTP to this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))
