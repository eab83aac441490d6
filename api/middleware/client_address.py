"""Find the client's address and scheme behind trusted proxies, by X-Forwarded-For and -Proto or by Forwarded (RFC 7239).

A proxy appends the address it was called from. So the entries are read from the right, for as long as trusted proxies wrote
them: the first address that is not a trusted proxy's is the client's, whatever stands left of it.
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from api.addresses import parse_address
from api.middleware.forwarded import forwarded_elements, node_address, parameters

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Lines: TypeAlias = tuple[bytes, ...]  # of one header
SCHEMES = ("http", "https")
MAX_HEADER_LENGTH = 2_000  # characters of X-Forwarded-* that are read, from the right; no chain of proxies is that long
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

        Mostly each name has one line.
        """
        if not self.is_trusted(peer):
            return Origin(peer, scheme)
        if len(headers) == len(lines):
            addresses, schemes = _of_one(headers, self._addresses_header), _of_one(headers, self._scheme_header)
        else:
            addresses, schemes = _of_many(lines, self._addresses_header), _of_many(lines, self._scheme_header)
        if sum(map(len, (*addresses, *schemes))) <= MAX_CACHED_LENGTH:
            return self.cached_origin(peer, scheme, addresses, schemes)
        return self._origin(peer, scheme, addresses, schemes)

    def _origin(self, peer: str, scheme: str, addresses: Lines, schemes: Lines) -> Origin:
        if self._forwarded:
            return self._by_forwarded(Origin(peer, scheme), addresses)
        last = _entries(schemes)[-1].lower()
        return Origin(self._client_address(peer, _entries(addresses)), last if last in SCHEMES else scheme)

    def _client_address(self, peer: str, entries: Sequence[str]) -> str:
        for entry in reversed(entries):
            address = node_address(entry, bare=True)
            if address is None:  # what stands left of it was written by nobody we trust
                return peer
            peer = address
            if not self.is_trusted(peer):
                return peer
        return peer

    def _by_forwarded(self, origin: Origin, lines: Lines) -> Origin:
        """The origin by the leftmost element that a trusted proxy wrote: address and scheme are of the same one."""
        for line in reversed(lines):
            elements = forwarded_elements(line.decode("latin-1"))
            for element in reversed(elements):
                said = parameters(element)
                if said is None:
                    return origin
                address, scheme = node_address(said.get("for", "")), said.get("proto", "").lower()
                origin = Origin(address or origin.address, scheme if scheme in SCHEMES else origin.scheme)
                if address is None or not self.is_trusted(address):
                    return origin
            if not elements:  # where it is malformed nobody can say which part of it a proxy wrote
                return origin
        return origin

    def _is_trusted(self, peer: str) -> bool:
        """Whether this address belongs to a trusted proxy."""
        address = parse_address(peer)
        return address is not None and any(address in network for network in self._trusted)


def _of_one(headers: Mapping[bytes, bytes], name: bytes) -> Lines:
    return (headers[name],) if name in headers else ()


def _of_many(lines: Iterable[tuple[bytes, bytes]], name: bytes) -> Lines:
    """The lines of one header: some proxies add a line instead of appending to it."""
    return tuple([value for header_name, value in lines if header_name == name])


def _entries(lines: Lines) -> list[str]:
    """The entries of a header that is a list, of its last characters."""
    joined = b",".join(lines)[-MAX_HEADER_LENGTH:].decode("latin-1")
    return [entry.strip() for entry in joined.split(",")]
