"""Parse the header Forwarded (RFC 7239), of which callers write a part, so that no part of it can pass for another."""

import re
from collections.abc import Mapping

from api.addresses import parse_address

# No two ways lead through any of these, so that nothing is gone back over. Possessive quantifiers would say so, but until
# Python 3.11.4 they match what they must not.
NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
QUOTED = r'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
PAIR = rf"({NAME})=({NAME}|{QUOTED})"
PARAMETER = rf"[ \t]*(?:{NAME}=(?:{NAME}|{QUOTED})[ \t]*)?"
ELEMENT = rf"{PARAMETER}(?:;{PARAMETER})*"
WELL_FORMED = re.compile(rf"{ELEMENT}(?:,{ELEMENT})*")
ELEMENTS = re.compile(rf"({ELEMENT})(?:,|$)")
PAIRS = re.compile(PAIR)
ESCAPED = re.compile(r"\\(.)")
# An address with or without a port. An IPv6 address stands in brackets; X-Forwarded-For has it without them as well.
NODE = re.compile(r"([0-9.]+|\[[0-9A-Fa-f:.]+\])(?::(?:[0-9]{1,5}|_[0-9A-Za-z._-]+))?")
BARE_IPV6 = re.compile(r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]+")


def forwarded_elements(line: str) -> list[str]:
    """The elements of one line of the header, from left to right; none where any part of the line is malformed."""
    if WELL_FORMED.fullmatch(line) is None:
        return []
    return [element for element in ELEMENTS.findall(line) if element.strip(" \t;")]


def parameters(element: str) -> Mapping[str, str] | None:
    """The parameters of an element by their names in small letters, unquoted; None when it has one of them twice."""
    pairs = PAIRS.findall(element)
    named = {name.lower(): _value(text) for name, text in pairs}
    return named if len(named) == len(pairs) else None


def node_address(node: str, *, bare: bool = False) -> str | None:
    """The address of a node such as `192.0.2.1:80` or `[2001:db8::1]`; None for another name or none at all.

    bare: it may be an IPv6 address without brackets.
    """
    found = NODE.fullmatch(node)
    text = found[1].strip("[]") if found else node if bare and BARE_IPV6.fullmatch(node) else ""
    address = parse_address(text)
    return None if address is None else str(address)


def _value(text: str) -> str:
    return ESCAPED.sub(r"\1", text[1:-1]) if text.startswith('"') else text
