"""One exchange over HTTP with a server on this machine: no proxy in between, no connection kept."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
REQUEST_TIMEOUT = 60.0  # seconds for an answer


def exchanged(method: str, url: str, body: Json | None, headers: Mapping[str, str]) -> bytes:
    """The body of the answer, whatever its status. Raises OSError when nobody answers."""
    where = urlsplit(url)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=REQUEST_TIMEOUT)
    try:
        sent = None if body is None else json.dumps(body).encode()
        connection.request(method, where.path, sent, {"Content-Type": "application/json", **headers})
        return connection.getresponse().read()
    finally:
        connection.close()


def parsed(text: bytes) -> Json:
    """A JSON object. Raises ValueError, with the beginning of the text, for anything else."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    raise ValueError(f"not a JSON object: {text[:200]!r}")
