"""What does an address tell of a caller: the household that it belongs to, and the network around that?"""

import ipaddress
from functools import lru_cache
from typing import TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
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
