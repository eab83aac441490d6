"""Tasks that run beside requests until the program ends."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

CANCEL_TIMEOUT = 0.5  # seconds for cancelled tasks to end


@asynccontextmanager
async def background_tasks(*works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run endless works in tasks of their own until the block ends."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in await cancel(tasks):
            with suppress(asyncio.CancelledError):
                task.result()


async def cancel(tasks: Sequence[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Cancel tasks, and return those that end in time: a statement that a silent database has cannot be cancelled."""
    for task in tasks:
        task.cancel()
    done, _ = await asyncio.wait(tasks, timeout=CANCEL_TIMEOUT) if tasks else (set(), set())
    return done
