"""What stands in for services that are not ours? Servers on this machine that speak the same protocol, faults included."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

HANG = 600.0  # seconds: longer than anybody waits


@contextmanager
def running(app: web.Application) -> Iterator[str]:
    """The address of an application that is served from a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    try:
        port = asyncio.run_coroutine_threadsafe(_listen(runner), loop).result(60)
        yield f"http://127.0.0.1:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(_close(runner), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()


async def _close(runner: web.AppRunner) -> None:
    """Also what still hangs."""
    await runner.cleanup()
    hanging = asyncio.all_tasks() - {asyncio.current_task()}
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)


async def _listen(runner: web.AppRunner) -> int:
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port: int = runner.addresses[0][1]
    return port


TROUBLE: dict[str, dict[str, Any]] = {
    "500": {"status": 500, "text": "Internal Server Error: secret details"},
    "500 all the same": {"status": 500, "text": '{"openid": "somebody", "unionid": "somebody"}'},
    "502 page": {"status": 502, "text": "<html><h1>502 Bad Gateway</h1></html>", "content_type": "text/html"},
    "redirect": {"status": 302, "headers": {"Location": "http://127.0.0.1:1/elsewhere"}},
    "array": {"text": "[1, 2]"},
    "empty": {"text": ""},
    "huge": {"body": b'{"openid": "' + b"x" * 1_000_000 + b'"}'},
    "zipped": {"body": b"\x1f\x8b\x08\x00garbage", "headers": {"Content-Encoding": "gzip"}},
    "not UTF-8": {"body": b'{"openid": "\xff\xfe"}'},
    "nested": {"text": "[" * 100_000},
    "garbage": {"text": "this is not the JSON you are looking for"},
}
FAULTS = tuple(TROUBLE)


async def misbehave(fault: str) -> web.StreamResponse:
    """What a server in trouble answers: one of FAULTS, or nothing for long when it is `hang`."""
    if fault == "hang":
        await asyncio.sleep(HANG)
    return web.Response(**TROUBLE.get(fault, {}))
