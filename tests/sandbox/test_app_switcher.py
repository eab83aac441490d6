"""Does one application give way to the next without anybody being lost between the two?"""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.sandbox import app_switcher
from api.sandbox.app_switcher import SERVICE_RESTART, AppSwitcher

HTTP = {"type": "http"}
SOCKET = {"type": "websocket"}


class Caller:
    """One request: what it has yet to send, and what it has been told."""

    def __init__(self, switcher: AppSwitcher, scope: Scope, *sending: Message) -> None:
        self._sending: asyncio.Queue[Message] = asyncio.Queue()
        for message in sending:
            self._sending.put_nowait(message)
        self.told: list[Message] = []
        self.task = asyncio.create_task(switcher(scope, self._sending.get, self._tell))

    async def _tell(self, message: Message) -> None:
        self.told.append(message)


async def answer(send: Send, name: str) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": name.encode()})


def body_of(caller: Caller) -> Any:
    return b"".join(message.get("body", b"") for message in caller.told)


REQUEST = {"type": "http.request", "body": b"", "more_body": False}


async def test_whoever_comes_between_two_is_answered_by_the_next() -> None:
    switcher = AppSwitcher()
    early = Caller(switcher, HTTP, REQUEST)
    await asyncio.sleep(0)
    assert not early.told

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, "first")

    switcher.open(app)
    await early.task
    assert body_of(early) == b"first"


async def test_a_request_that_is_under_way_is_answered_before_the_switcher_is_closed() -> None:
    switcher, going_on = AppSwitcher(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        assert (await receive())["body"] == b"12"
        assert (await receive())["body"] == b"3"
        await going_on.wait()
        await answer(send, "done")

    switcher.open(slow)
    parts = [{"type": "http.request", "body": part, "more_body": part == b"12"} for part in (b"12", b"3")]
    caller = Caller(switcher, HTTP, *parts)
    await asyncio.sleep(0)
    closing = asyncio.create_task(switcher.close())
    await asyncio.sleep(0.01)
    assert not closing.done()
    going_on.set()
    await closing
    assert body_of(caller) == b"done"


async def test_a_stream_is_ended() -> None:
    switcher = AppSwitcher()

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"event", "more_body": True})
        assert (await receive())["type"] == "http.disconnect"

    switcher.open(stream)
    caller = Caller(switcher, HTTP, REQUEST)
    await asyncio.sleep(0.01)
    await switcher.close()
    assert body_of(caller) == b"event"
    assert caller.told[-1].get("more_body", False) is False
    assert caller.task.done()


async def test_a_socket_is_told_that_the_server_restarts_and_hears_no_more() -> None:
    switcher, heard = AppSwitcher(), []

    async def socket(scope: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            heard.append(message)
        heard.append(message)
        await send({"type": "websocket.send", "text": "too late"})

    switcher.open(socket)
    caller = Caller(switcher, SOCKET, {"type": "websocket.connect"}, {"type": "websocket.receive", "text": "hello"})
    await asyncio.sleep(0.01)
    await switcher.close()
    assert [message["type"] for message in heard] == ["websocket.connect", "websocket.receive", "websocket.disconnect"]
    assert [(message["type"], message.get("code")) for message in caller.told] == [("websocket.close", SERVICE_RESTART)]


async def test_what_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_switcher, "DRAIN_TIMEOUT", 0.01)
    switcher = AppSwitcher()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    switcher.open(endless)
    caller = Caller(switcher, HTTP, REQUEST)
    await asyncio.sleep(0)
    await switcher.close()
    with pytest.raises(asyncio.CancelledError):
        await caller.task
