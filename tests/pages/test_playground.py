"""What does a browser see on a server that was set up without npm?"""

import logging
import shutil
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.pages.assets import STATIC, Assets
from api.pages.playground import Playground


@pytest.fixture
def bare(tmp_path: Path) -> Assets:
    """The pages of a checkout in which nothing could be fetched."""
    shutil.copytree(STATIC, tmp_path / "pages", ignore=shutil.ignore_patterns("vendor"))
    return Assets(tmp_path / "pages")


async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
    """The API, of which only the status matters here."""
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def answer(playground: Playground, accept: bytes, method: str = "GET") -> tuple[int, str]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "query_string": b"", "headers": [(b"accept", accept)]}
    await playground(scope, receive, send)
    return sent[0]["status"], sent[1]["body"].decode()


async def test_without_its_files_the_playground_says_how_to_get_them(
    bare: Assets, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        playground = Playground(bare, endpoint)
    assert "make assets" in caplog.text
    status, html = await answer(playground, b"text/html")
    assert status == 503
    assert html.count("make assets") == 2, "in Chinese and in English"
    assert "{{" not in html


async def test_a_head_is_answered_as_the_get_would_be(bare: Assets) -> None:
    playground = Playground(bare, endpoint)
    for accept in (b"text/html", b"application/json"):
        assert await answer(playground, accept, "HEAD") == await answer(playground, accept, "GET")


async def test_without_its_files_the_api_answers_all_the_same(bare: Assets) -> None:
    assert await answer(Playground(bare, endpoint), b"application/json") == (299, "")


def test_a_changed_file_changes_every_path(bare: Assets, tmp_path: Path) -> None:
    (tmp_path / "pages" / "playground" / "main.js").write_text("// another version")
    assert Assets(tmp_path / "pages").prefix != bare.prefix
