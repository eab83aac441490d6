"""Find the client's address and scheme behind trusted proxies, by X-Forwarded-For and -Proto or by Forwarded (RFC 7239).

A proxy appends the address it was called from. So the entries are read from the right, for as long as trusted proxies wrote
them: the first address that is not a trusted proxy's is the client's, whatever stands left of it.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from starlette.types import Scope

from api.addresses import parse_address

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
FORWARDED = re.compile(r'(?i)(?:^|[;,\s])for="?(\[[0-9a-f:.]+\]|[^\s",;]+)')
FORWARDED_PROTO = re.compile(r'(?i)(?:^|[;,\s])proto="?([a-z]+)')
MAX_HEADER_LENGTH = 2_000  # characters of a header that are read, from the right; no chain of proxies is that long
MAX_CACHED_LENGTH = 200  # characters of headers whose result is cached


class Origin(NamedTuple):
    """The IP address of the client, and the scheme it used."""

    address: str
    scheme: str


class Proxies:
    """The trusted proxies. forwarded: they write `Forwarded` instead of `X-Forwarded-For` and `X-Forwarded-Proto`."""

    def __init__(self, trusted: Sequence[Network], *, forwarded: bool = False) -> None:
        self._trusted = tuple(trusted)
        self._forwarded = forwarded
        self._addresses_header = b"forwarded" if forwarded else b"x-forwarded-for"
        self._scheme_header = b"forwarded" if forwarded else b"x-forwarded-proto"
        self.cached_origin = lru_cache(4096)(self._origin)
        self.is_trusted = lru_cache(4096)(self._is_trusted)

    def origin(
        self, peer: str, scheme: str, lines: Sequence[tuple[bytes, bytes]], headers: Mapping[bytes, bytes]
    ) -> Origin:
        """The origin of a request from this peer. lines: its header lines; headers: one line of each name.

        Lines of one name are joined; mostly each name has one line, and there is nothing to join.
        """
        if not self.is_trusted(peer):
            return Origin(peer, scheme)
        if len(headers) == len(lines):
            addresses, schemes = headers.get(self._addresses_header, b""), headers.get(self._scheme_header, b"")
        else:
            addresses, schemes = _join(lines, self._addresses_header), _join(lines, self._scheme_header)
        if len(addresses) + len(schemes) <= MAX_CACHED_LENGTH:
            return self.cached_origin(peer, scheme, addresses, schemes)
        return self._origin(peer, scheme, addresses[-MAX_HEADER_LENGTH:], schemes[-MAX_HEADER_LENGTH:])

    def _origin(self, peer: str, scheme: str, addresses: bytes, schemes: bytes) -> Origin:
        return Origin(
            self._client_address(peer, addresses.decode("latin-1")), self._scheme(scheme, schemes.decode("latin-1"))
        )

    def _client_address(self, peer: str, header: str) -> str:
        values = FORWARDED.findall(header) if self._forwarded else [part.strip() for part in header.split(",")]
        for entry in reversed(values):
            address = parse_address(entry)
            if address is None:  # what stands left of it was written by nobody we trust
                return peer
            peer = str(address)
            if not self.is_trusted(peer):
                return peer
        return peer

    def _scheme(self, scheme: str, header: str) -> str:
        values = FORWARDED_PROTO.findall(header) if self._forwarded else header.split(",")
        last = values[-1].strip().lower() if values else ""
        return last if last in ("http", "https") else scheme

    def sent_by_proxy(self, scope: Scope) -> bool:
        """Whether the peer of a connection, whose scope is still as the server made it, is a trusted proxy."""
        peer = scope.get("client")
        return peer is not None and self.is_trusted(peer[0])

    def _is_trusted(self, peer: str) -> bool:
        """Whether this address belongs to a trusted proxy."""
        address = parse_address(peer)
        return address is not None and any(address in network for network in self._trusted)


def _join(lines: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    """Join the lines of one header: some proxies add a line instead of appending to it."""
    return b", ".join([value for header_name, value in lines if header_name == name])
