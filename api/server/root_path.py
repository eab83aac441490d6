"""Take the path that the server is below off the target of a request, where the proxy has left it there."""

from functools import partial

from api.server.http_protocol import PathBelow

ENDINGS = (b"/", b"?", b"")  # what may follow the root path


def path_below(root_path: str) -> PathBelow | None:
    """What takes this path off a target; None where there is nothing to take off."""
    return partial(_below, root_path.encode()) if root_path else None


def _below(root_path: bytes, url: bytes) -> bytes:
    """The target below the root path; the same for one that is not below it, whose path the proxy has taken off already."""
    rest = url.removeprefix(root_path)
    if rest is url or rest[:1] not in ENDINGS:
        return url
    return rest if rest.startswith(b"/") else b"/" + rest
