"""How do tests wait for what others do in their own time? By looking again, as long as a busy machine may need."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 180.0  # seconds, of which a quiet machine needs hardly any


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not await is_so():  # noqa: ASYNC110 - what is waited for is elsewhere
            await asyncio.sleep(0.05)
