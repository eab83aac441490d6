"""What do both engines run in? One event loop for all examples: a new one for each would cost more than they do."""

import asyncio
import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner
    gc.collect()  # coroutines that were cancelled before they began warn here, where that is expected
