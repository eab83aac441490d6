"""Does what the pages show work as it stands: every operation against the schema, every curl against a server?"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from api.cli import MODULES
from api.graph import schema
from tests.servers import ROOT, Client, Server, serving

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ADDRESS = "http://127.0.0.1:8000"  # which the pages show
PUBLISHED = schema()._schema


def blocks(page: Path, language: str) -> list[str]:
    """A page's examples in a language."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return found


OPERATIONS = [
    pytest.param(block, id=f"{page.name} {number}")
    for page in PAGES
    for number, block in enumerate(blocks(page, "graphql"), start=1)
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_on_a_page_is_valid(operation: str) -> None:
    assert validate(PUBLISHED, parse(operation)) == []


@pytest.mark.parametrize(
    "query", [block for block in blocks(ROOT / "docs" / "the-ballot.md", "graphql") if block[0] == "{"]
)
async def test_a_query_about_the_ballot_is_answered_as_it_stands(api: Client, query: str) -> None:
    assert await api.data(query)


def answers(server: Server, script: str) -> list[dict[str, Any]]:
    """What a page's commands print, each answer a JSON of its own, when they are pasted into one shell."""
    pasted = script.replace(ADDRESS, server.origin).replace("}'\n", "}'; echo\n")
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", pasted], capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line]


def pasted(page: str) -> str:
    """The commands of a page that ask the server and end."""
    return "\n".join(block for block in blocks(ROOT / page, "sh") if "curl" in block and "event-stream" not in block)


@pytest.fixture
def fresh(new_sqlite: Callable[[], str]) -> Iterator[Server]:
    """A server on which nobody has voted."""
    with serving(new_sqlite()) as server:
        yield server


def test_the_readmes_first_query_and_first_ballot_work_as_pasted(fresh: Server) -> None:
    query, ballot = answers(fresh, pasted("README.md"))
    assert query["data"]["campaign"]["projects"]["nodes"]
    assert ballot["data"]["castBallot"]["violations"] == []


def test_five_minutes_work_as_pasted(fresh: Server) -> None:
    query, first, again, second = answers(fresh, pasted("docs/start.md"))
    assert query["data"]["projects"]["totalCount"] > 2
    assert first["data"]["castBallot"]["ballot"]["status"] == "COUNTED"
    assert again["data"] == first["data"]
    assert [violation["code"] for violation in second["data"]["castBallot"]["violations"]] == ["QUOTA_EXHAUSTED"]


@pytest.mark.parametrize("page", ["docs/start.md", "docs/live-results.md"])
def test_the_stream_of_a_page_begins_as_pasted(fresh: Server, page: str) -> None:
    [script] = [block for block in blocks(ROOT / page, "sh") if "event-stream" in block]
    on_shutdown = ["bash", "-c", "exec " + script.replace(ADDRESS, fresh.origin)]
    with subprocess.Popen(on_shutdown, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as curl:
        data = next(line for line in curl.stdout or () if line.startswith("data: "))
        curl.terminate()
    assert len(json.loads(data.removeprefix("data: "))["data"]["resultsChanged"]["nodes"]) == 3


def test_every_command_that_a_page_names_exists() -> None:
    named = {
        word
        for page in PAGES
        for word in re.findall(r"(?:^|[`/])pingxuan ([a-z][a-z-]*)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) > 10
    assert named <= MODULES.keys()
