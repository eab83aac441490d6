"""Whose request is it, and by which scheme did it come? The address of a caller, behind proxies that are trusted.

A proxy adds, on the right, the address that it was asked from. So from the right everything that trusted proxies have said
is believed, up to the first address that is none of theirs: that is the caller's, whatever stands left of it.
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
MAX_HEADER_LENGTH = 2_000  # characters of a header that are looked at, from the right: no chain of proxies is that long
MAX_CACHED_LENGTH = 200  # characters of headers whose meaning is kept for the next request


class Origin(NamedTuple):
    """Where a request comes from: the caller's address, and the scheme the caller used."""

    address: str
    scheme: str


class Proxies:
    """The proxies that are trusted. forwarded: they write `Forwarded` instead of `X-Forwarded-For` and `-Proto`."""

    def __init__(self, trusted: Sequence[Network], *, forwarded: bool = False) -> None:
        self._trusted = tuple(trusted)
        self._forwarded = forwarded
        self._by = b"forwarded" if forwarded else b"x-forwarded-for"
        self._proto = b"forwarded" if forwarded else b"x-forwarded-proto"
        self.found = lru_cache(4096)(self._found)
        self.is_trusted = lru_cache(4096)(self._is_trusted)

    def origin(
        self, peer: str, scheme: str, lines: Sequence[tuple[bytes, bytes]], headers: Mapping[bytes, bytes]
    ) -> Origin:
        """Where a request comes from that this peer sent with these lines; headers has one line of each name.

        Lines of one name are one list. Mostly each name has one line, and then there is nothing to join.
        """
        if not self.is_trusted(peer):
            return Origin(peer, scheme)
        if len(headers) == len(lines):
            by, proto = headers.get(self._by, b""), headers.get(self._proto, b"")
        else:
            by, proto = _joined(lines, self._by), _joined(lines, self._proto)
        if len(by) + len(proto) <= MAX_CACHED_LENGTH:
            return self.found(peer, scheme, by, proto)
        return self._found(peer, scheme, by[-MAX_HEADER_LENGTH:], proto[-MAX_HEADER_LENGTH:])

    def _found(self, peer: str, scheme: str, by: bytes, proto: bytes) -> Origin:
        return Origin(self._caller(peer, by.decode("latin-1")), self._scheme(scheme, proto.decode("latin-1")))

    def _caller(self, peer: str, header: str) -> str:
        told = FORWARDED.findall(header) if self._forwarded else [part.strip() for part in header.split(",")]
        for text in reversed(told):
            address = parse_address(text)
            if address is None:  # what follows it was said by nobody we know
                return peer
            peer = str(address)
            if not self.is_trusted(peer):
                return peer
        return peer

    def _scheme(self, scheme: str, header: str) -> str:
        told = FORWARDED_PROTO.findall(header) if self._forwarded else header.split(",")
        last = told[-1].strip().lower() if told else ""
        return last if last in ("http", "https") else scheme

    def sent(self, scope: Scope) -> bool:
        """Whether one of them is at the other end of a connection that nothing has been made of yet."""
        peer = scope.get("client")
        return peer is not None and self.is_trusted(peer[0])

    def _is_trusted(self, peer: str) -> bool:
        """Whether this is the address of one of them."""
        address = parse_address(peer)
        return address is not None and any(address in network for network in self._trusted)


def _joined(lines: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    """What all lines of this name say: some proxies add a line of their own instead of writing on."""
    return b", ".join([value for known, value in lines if known == name])
