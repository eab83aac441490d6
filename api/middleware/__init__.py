"""ASGI middleware around every request: the edge, and the request log."""
