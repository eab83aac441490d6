"""Requests whose bodies may take longer to arrive than others, as long as they go on arriving."""

from starlette.types import Scope

SLOW_BODY = "pingxuan.slow-body"  # the extension of an ASGI scope by which the server is told


def allow_slow_body(scope: Scope) -> None:
    """Have the server wait for the body of this request for as long as it comes on."""
    allow = scope.get("extensions", {}).get(SLOW_BODY)
    if allow is not None:
        allow()
