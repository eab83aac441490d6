"""Is a reader of an event stream who missed something sent a whole result, and any other only what has changed?"""

import re
from collections.abc import AsyncIterator

from api.subscriptions.sse.stream import EventStream


async def payloads(events: AsyncIterator[bytes]) -> list[bytes]:
    """What the events hold that are sent next."""
    return re.findall(rb"data: (.*)", await anext(events))


async def test_what_has_changed_takes_the_place_of_nothing_that_waits() -> None:
    stream = EventStream()
    operation = stream.add(None, None, "")
    events = stream._events()
    await anext(events)  # the comment that opens the stream
    operation.update(b"whole 1")
    operation.update(b"whole 2", b"changes 2")
    assert await payloads(events) == [b"whole 2"]
    operation.update(b"whole 3", b"changes 3")
    assert await payloads(events) == [b"changes 3"]
    operation.update(b"whole 4", b"changes 4")
    operation.update(b"whole 5", b"changes 5")
    assert await payloads(events) == [b"whole 5"]
