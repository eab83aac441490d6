"""Do all timeouts stand in the right order, and do the pages about operations say what the shipped files do?"""

import configparser
import itertools
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from api.bootstrap import background
from api.cli.graphql_client import REQUEST_TIMEOUT
from api.http import health
from api.limits import Limits
from api.server import graceful_server
from api.services import snapshots
from api.settings import OWN, SIGNING_IN
from api.settings.signing_in import MAX_SIGN_IN_TIMEOUT
from api.storage import background_writer
from api.storage.ballots import ballot_box
from api.storage.database import urls
from api.storage.database.engines import postgres
from api.subscriptions.sse import stream
from api.subscriptions.transport import Timeouts
from tests.deployed import DEPLOY

REPOSITORY = Path(__file__).parents[1]
DOCS = REPOSITORY / "docs"
PAGE = (DOCS / "operations.md").read_text("utf-8")
UNITS = {"": 1, "s": 1, "m": 60, "ms": 0.001}


def seconds(text: str) -> float:
    """A duration as nginx, Caddy and systemd write it."""
    number, unit = re.fullmatch(r"([0-9]+)([a-z]*)", text).groups()  # type: ignore[union-attr]
    return int(number) * UNITS[unit]


def directive(file: str, name: str) -> float:
    """The duration that a configuration which we ship gives this directive."""
    text = (DEPLOY / file).read_text("utf-8")
    [value] = re.findall(rf"(?<![\w-]){name}\s+([0-9]+[a-z]*)(?=[;\s])", text)
    return seconds(value)


def number(path: str, pattern: str) -> float:
    """A number of milliseconds or seconds in a client's source."""
    [value] = re.findall(pattern, (REPOSITORY / path).read_text("utf-8"))
    return float(value)


UNIT = configparser.ConfigParser(interpolation=None, strict=False)
UNIT.optionxform = str  # type: ignore[assignment,method-assign]
UNIT.read(DEPLOY / "systemd" / "pingxuan.service", "utf-8")
KEEP_ALIVE = float(OWN["keep_alive"].default or 0)
GRACE = float(OWN["shutdown_grace"].default or 0)
NGINX_READ = directive("nginx/pingxuan.conf", "proxy_read_timeout")
CLIENTS = {
    "the page": number("api/pages/static/vote/graphql.js", r"PATIENCE = ([0-9]+);") / 1000,
    "the mini-program": number("examples/mini-program/api/graphql.js", r"timeout: ([0-9]+),") / 1000,
    "the example in Python": number("examples/python/vote.py", r"TIMEOUT = ([0-9]+)"),
    "the client for TypeScript": number("clients/typescript/src/client.ts", r"timeout = ([0-9_]+)") / 1000,
    "the client for Python": number("clients/python/pingxuan_client/_async/client.py", r"timeout: float = ([0-9.]+)"),
    "our commands": REQUEST_TIMEOUT.total or 0.0,
}
STOPPING = (
    graceful_server.CUT_OFF_TIMEOUT
    + 2 * background.CANCEL_TIMEOUT
    + max(ballot_box.DRAIN_TIMEOUT, background_writer.DRAIN_TIMEOUT)
    + max(postgres.CLOSE_TIMEOUT, float(urls.SQLITE_PRAGMAS["busy_timeout"]) / 1000)
)
READY = health.DATABASE_TIMEOUT + snapshots.REFRESH_TIMEOUT
QUIET = Timeouts()
ORDERS: dict[str, Sequence[float]] = {
    "An idle connection": (directive("nginx/pingxuan.conf", "keepalive_timeout"), KEEP_ALIVE),
    "An idle connection of Caddy's": (directive("caddy/Caddyfile", "keepalive"), KEEP_ALIVE),
    "A request": (
        float(SIGNING_IN["timeout"].default or 0),
        MAX_SIGN_IN_TIMEOUT,
        ballot_box.RECONNECT_TIMEOUT,
        Limits().seconds,
        min(CLIENTS.values()),
        NGINX_READ,
    ),
    "A quiet stream": (stream.KEEP_ALIVE_INTERVAL, NGINX_READ),
    "A quiet socket": (QUIET.ping, QUIET.ping + QUIET.pong, NGINX_READ),
    "Readiness": (READY, 5.0),
    "Stopping": (GRACE, GRACE + STOPPING, seconds(UNIT["Service"]["TimeoutStopSec"])),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_whoever_waits_for_another_waits_longer(order: Sequence[float]) -> None:
    assert all(shorter < longer for shorter, longer in itertools.pairwise(order)), order


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_outwaits_the_server_and_no_proxy(client: str) -> None:
    assert Limits().seconds < CLIENTS[client] < NGINX_READ


@pytest.mark.parametrize("subject", [name for name in ORDERS if "Caddy" not in name])
def test_the_table_has_these_numbers_in_this_order(subject: str) -> None:
    [row] = re.findall(rf"^\| {subject} \| (.*) \|$", PAGE, re.MULTILINE)
    told = [float(value) for value in re.findall(r": ([0-9]+)", row)]
    assert told == sorted(told)
    if subject != "Readiness":
        assert set(told) <= set(ORDERS[subject])
        assert len(told) >= 2


@pytest.mark.parametrize(
    ("page", "files"),
    [("operations", ["pingxuan.service"]), ("upgrading", ["pingxuan@.service", "pingxuan.socket"])],
)
def test_the_lines_of_units_on_a_page_are_those_of_the_units(page: str, files: Sequence[str]) -> None:
    shown = re.findall(r"^```ini\n(.*?)^```", (DOCS / f"{page}.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = {line for line in "".join(shown).splitlines() if not line.startswith("#")}
    units = "".join((DEPLOY / "systemd" / file).read_text("utf-8") for file in files)
    assert lines <= set(units.splitlines())
    assert len(lines) >= 5


IN_CHINESE = ("backups", "operations", "report", "roles-and-sessions", "runbooks", "suspicions", "upgrading", "voting")


def shape(page: str) -> dict[str, object]:
    """What of a page is the same in any language: headings, commands, settings, metrics, links, rows of tables."""
    text = (DOCS / page).read_text("utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    code = [(kind, re.sub(r" +#.*", "", block)) for kind, block in blocks]
    links = {re.sub(r"(#.*|\.zh\.md|\.md)", "", link) for link in re.findall(r"\]\(([^)]+)\)", text)}
    return {
        "headings": re.findall(r"^#+(?= )", text, re.MULTILINE),
        "rows": [len(re.findall(r"(?<!\\)\|", row)) for row in text.splitlines() if row.startswith("|")],
        "steps": len(re.findall(r"^(?:[0-9]\.|-) ", text, re.MULTILINE)),
        "code": code,
        "names": set(re.findall(r"(?:PINGXUAN|pingxuan)_\w+", text)),
        "codes": set(re.findall(r"`([A-Z_]{4,})`", text)),
        "links": {link.partition("/")[0] if link.startswith("#") else link for link in links} - set(IN_CHINESE),
    }


def test_the_chinese_table_of_timeouts_has_the_same_numbers() -> None:
    def numbers(page: str) -> list[list[str]]:
        rows = [row for row in (DOCS / page).read_text("utf-8").splitlines() if row.startswith("|")]
        [first] = [place for place, row in enumerate(rows) if "PINGXUAN_KEEP_ALIVE" in row]
        return [re.findall(r"[0-9]+", row) for row in rows[first : first + 6]]

    assert numbers("operations.zh.md") == numbers("operations.md")
    assert all(len(row) >= 2 for row in numbers("operations.md"))


@pytest.mark.parametrize("page", IN_CHINESE)
def test_the_chinese_page_says_what_the_english_page_says(page: str) -> None:
    english, chinese = shape(f"{page}.md"), shape(f"{page}.zh.md")
    for part, found in english.items():
        assert chinese[part] == found, part
