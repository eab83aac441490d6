"""HTTP requests to a server on this machine, without proxies and without keep-alive."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
REQUEST_TIMEOUT = 60.0  # seconds for a response


def send_request(method: str, url: str, body: Json | None, headers: Mapping[str, str]) -> bytes:
    """Return the body of the response, whatever its status. Raises OSError when there is none."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=REQUEST_TIMEOUT)
    try:
        content = None if body is None else json.dumps(body).encode()
        connection.request(method, address.path, content, {"Content-Type": "application/json", **headers})
        return connection.getresponse().read()
    finally:
        connection.close()


def parse_object(text: bytes) -> Json:
    """Parse a JSON object. Raises ValueError, with the start of the text, for anything else."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if isinstance(value, dict):
        return value
    raise ValueError(f"not a JSON object: {text[:200]!r}")
