"""Can somebody follow the README, five minutes, the playground and the examples, in any order, and read what comes back?"""

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from api.pages.assets import Assets
from api.pages.playground import examples
from tests.node import ROOT, output
from tests.servers import Client, Server, assert_audit_agrees

DEMONSTRATION = "http://127.0.0.1:8000"  # of `make run`, as all pages write it
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CHINESE = re.compile(r"[\u3400-\u9fff]")
IN_CHINESE = {"mini-program.md"}
PAGES = [
    page
    for page in sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
    if page.name not in IN_CHINESE
]
BLOCKS = [
    (page, block)
    for page in PAGES
    for block in BLOCK.findall(page.read_text("utf-8"))
    if f"{DEMONSTRATION}/graphql" in block and "curl" in block and "systemctl" not in block  # which changes the machine
]

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here, so this was NOT tested")


def run(block: str, server: Server) -> str:
    """What the commands of a page print at this server; of a stream, what comes first."""
    commands = block.replace(DEMONSTRATION, server.origin)
    if "text/event-stream" not in commands:
        return output("bash", "-euo", "pipefail", "-c", commands)
    with subprocess.Popen(["bash", "-c", f"exec {commands}"], stdout=subprocess.PIPE, text=True) as stream:
        assert stream.stdout is not None
        first = next(line for line in stream.stdout if line.startswith("data:") and len(line) > len("data:\n"))
        stream.send_signal(signal.SIGTERM)
    return first


def answers(text: str) -> list[Any]:
    """The JSON objects of a text, one behind the other."""
    found, decoder, at = [], json.JSONDecoder(), 0
    while (at := text.find("{", at)) >= 0:
        answer, at = decoder.raw_decode(text, at)
        found.append(answer)
    return found


def first_ballot(said: str) -> Any:
    """The payload of the first castBallot that was not meant to be refused."""
    cast = [answer["data"]["castBallot"] for answer in answers(said) if "castBallot" in (answer.get("data") or {})]
    return next((payload for payload in cast if payload["ballot"]), cast[0])


def following(page: str) -> Callable[[Client], Awaitable[Any]]:
    """Copies the block of a page that casts a ballot into a terminal."""
    [block] = [block for file, block in BLOCKS if file == ROOT / page and "castBallot" in block]

    async def follow(api: Client) -> Any:
        return first_ballot(run(block, server_of(api)))

    return follow


async def by_the_shell(api: Client) -> Any:
    """Runs the example for the shell."""
    return first_ballot(output("bash", ROOT / "examples" / "curl" / "vote.sh", server_of(api).url))


async def in_the_playground(api: Client) -> Any:
    """Runs the tabs that sign in and cast, as they stand."""
    tabs = {one.name: (one.document, json.loads(one.variables)) for one in examples(Assets()) if one.variables}
    token = (await api.data(*tabs["3-sign-in-as-guest"]))["signIn"]["token"]
    return (await api.data(*tabs["4-cast-a-ballot"], token))["castBallot"]


async def as_the_mini_program(api: Client) -> Any:
    """Casts as the guest whom the mini-program signs in on the demonstration."""
    [guest] = re.findall(r"guest: '(.+)'", (ROOT / "examples" / "mini-program" / "config.js").read_text("utf-8"))
    return await api.cast(await api.sign_in(guest))


def server_of(api: Client) -> Server:
    assert isinstance(api.server, Server)
    return api.server


WAYS = (following("README.md"), following("docs/start.md"), in_the_playground, as_the_mini_program, by_the_shell)


@pytest.mark.parametrize("ways", [WAYS, WAYS[::-1], WAYS[2:] + WAYS[:2]])
async def test_every_documented_first_ballot_is_accepted_in_any_order(
    fresh_server: Server, ways: Sequence[Callable[[Client], Awaitable[Any]]]
) -> None:
    async with aiohttp.ClientSession() as session:
        payloads = [await way(Client(session, fresh_server)) for way in ways]
    assert [payload["violations"] for payload in payloads] == [[]] * len(ways)
    assert_audit_agrees(fresh_server.database_url, len(ways))


def test_the_pages_have_the_blocks_that_people_follow() -> None:
    assert {page.name for page, _ in BLOCKS} >= {"README.md", "start.md", "live-results.md"}


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=lambda one: one.name if isinstance(one, Path) else None)
def test_an_english_page_is_answered_in_english(fresh_server: Server, page: Path, block: str) -> None:
    for _ in range(2):  # what was cast is refused the second time
        assert CHINESE.findall(run(block, fresh_server)) == []
