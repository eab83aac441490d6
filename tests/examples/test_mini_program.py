"""Does the mini-program work, on a weak network too? It runs under node with stand-ins for `wx`, against a real server."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from api.pages.assets import STATIC
from api.testing.sandbox import SandboxServer
from api.transparency.key_file import make_key_file
from tests.identity.test_wechat_reminders import FILE
from tests.kinds import KINDS
from tests.node import ROOT, needs_node, output
from tests.outcomes import chain, from_objections_to_the_end, to_objections
from tests.servers import SEED, Server, assert_audit_agrees, edited_campaign, prepare, serving
from tests.standins.wechat import MINI, WeChatStandIn, wechat_stand_in
from tests.stored import store

PAGES = Path(__file__).parent / "mini_program"
EVENING = "2017-03-22T22:00:00+08:00"  # thirteen hours after the servers' morning

pytestmark = needs_node
needs_libraries = pytest.mark.skipif(
    not (STATIC / "vendor" / "tweetnacl").is_dir(), reason="`make assets` was not run here, so this was NOT tested"
)


@pytest.fixture
def wechat() -> Iterator[WeChatStandIn]:
    with wechat_stand_in() as running:
        yield running


@pytest.fixture
def database_url(seeded_2017: Path, tmp_path: Path) -> str:
    return f"sqlite://{shutil.copy(seeded_2017, tmp_path / 'vote.sqlite3')}"


@contextmanager
def open_to_wechat(url: str, wechat: WeChatStandIn, **more: str) -> Iterator[Server]:
    """A server that admits whoever WeChat vouches for, and nobody else."""
    app = {"WECHAT_MINI_PROGRAM_APPID": MINI.appid, "WECHAT_MINI_PROGRAM_SECRET": MINI.secret}
    with serving(url, guests="off", WECHAT_API=wechat.url, **{**app, **more}) as server:
        yield server


def phone(server: Server | SandboxServer, name: str, codes: list[str] | None = None, **more: str) -> str:
    """What the program prints when it is used as this file says. With codes it signs in with wx.login, else as a guest."""
    world = {"ENDPOINT": server.url} | ({"CODES": json.dumps(codes)} if codes else {}) | more
    return output("node", "--experimental-websocket", "--no-warnings", PAGES / name, **{**os.environ, **world})


def codes(wechat: WeChatStandIn, count: int = 6) -> list[str]:
    return [wechat.code(MINI, "lin") for _ in range(count)]


def test_a_voter_goes_from_the_list_to_the_ranking(database_url: str, wechat: WeChatStandIn, tmp_path: Path) -> None:
    templates = tmp_path / "reminders.toml"
    templates.write_text(FILE, "utf-8")
    with open_to_wechat(database_url, wechat, WECHAT_REMINDERS=str(templates)) as server:
        phone(server, "voting.js", codes(wechat))
    assert_audit_agrees(database_url, 1)


def test_it_works_on_the_demonstration_as_it_stands(fresh_server: Server) -> None:
    phone(fresh_server, "voting.js")


def test_several_campaigns_are_kept_apart(tmp_path: Path) -> None:
    changes = {
        "title": 'title = { zh = "邻里评选", en = "Neighbours" }',
        "edition": "",
        "opens_at": "opens_at = 2017-03-21T00:00:00+08:00",
    }
    url = f"sqlite://{tmp_path}/several.sqlite3"
    prepare(url, SEED, edited_campaign(tmp_path, "neighbours", changes))
    with serving(url) as server:
        phone(server, "campaigns.js", CAMPAIGN="")


@pytest.fixture(scope="module")
def kinds_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    url = f"sqlite://{tmp_path_factory.mktemp('kinds')}/kinds.sqlite3"
    store(url, *(kind() for kind in KINDS))
    with serving(url) as server:
        yield server


def test_each_kind_of_rule_is_counted_and_kept(kinds_server: Server) -> None:
    phone(kinds_server, "kinds.js", CAMPAIGN="")


def test_what_is_shared_opens_as_it_was_and_leads_to_a_candidate(kinds_server: Server) -> None:
    phone(kinds_server, "browsing.js", CAMPAIGN="")


def test_the_stages_are_told_and_then_what_came_of_them(tmp_path: Path) -> None:
    with chain(tmp_path) as selection:
        for part, moved in (("voting", None), ("heard", to_objections), ("over", from_objections_to_the_end)):
            if moved is not None:
                moved(selection)
            phone(selection.sandbox, "outcome.js", CAMPAIGN=selection.sandbox.campaign, PART=part)


def test_a_search_shows_what_was_searched_for_last(fresh_server: Server) -> None:
    phone(fresh_server, "searching.js")


def test_an_answer_that_is_lost_costs_no_ballot_and_makes_no_second_one(
    database_url: str, wechat: WeChatStandIn
) -> None:
    with open_to_wechat(database_url, wechat) as server:
        assert phone(server, "weak_network.js", codes(wechat)).startswith("ballot/")
    assert_audit_agrees(database_url, 1)


def test_a_key_is_kept_for_as_long_as_its_ballot_may_be_stored(fresh_server: Server) -> None:
    phone(fresh_server, "keys.js")
    assert_audit_agrees(fresh_server.database_url, 1)


def test_a_session_that_ended_is_renewed_in_silence(database_url: str, wechat: WeChatStandIn, tmp_path: Path) -> None:
    said = []
    with ExitStack() as servers:
        for part, clock in (("1", "2017-03-22T09:00:00+08:00"), ("2", EVENING)):
            server = servers.enter_context(open_to_wechat(database_url, wechat, SESSION="12h", CLOCK=clock))
            kept = {"PART": part, "STORAGE": str(tmp_path / "storage.json")}
            said.append(phone(server, "expiry.js", codes(wechat), **kept))
    assert said[0] == said[1]  # the same voter


@needs_libraries
def test_a_receipt_is_kept_checked_and_sealed(database_url: str, tmp_path: Path) -> None:
    make_key_file(tmp_path / "keys")
    sealing = {"LOG_SEAL_INTERVAL": "1", "LOG_SEAL_MINIMUM": "1", "LOG_SEAL_DEADLINE": "60"}
    with serving(database_url, LOG_KEYS=str(tmp_path / "keys"), LOG_ORIGIN="vote.test/log", **sealing) as server:
        receipt = tmp_path / "receipt.json"
        receipt.write_text(phone(server, "receipts.js"), "utf-8")
    for program in (("node", "javascript/verify-receipt.mjs"), (sys.executable, "python/verify_receipt.py")):
        assert output(program[0], ROOT / "examples" / program[1], receipt).startswith("right: ballot/")


def test_a_receipt_that_cannot_be_checked_is_kept_and_said_to_be_unchecked(database_url: str, tmp_path: Path) -> None:
    make_key_file(tmp_path / "keys")
    with serving(database_url, LOG_KEYS=str(tmp_path / "keys"), LOG_ORIGIN="vote.test/log") as server:
        phone(server, "receipts.js", LIBRARIES="none")


def test_without_a_log_there_is_no_receipt_to_show(fresh_server: Server) -> None:
    phone(fresh_server, "receipts.js", LOG="none")


def test_what_wechat_refuses_is_told_and_what_passes_is_tried_again(database_url: str, wechat: WeChatStandIn) -> None:
    wechat.faults.extend([40226, 40163])
    with open_to_wechat(database_url, wechat) as server:
        phone(server, "refusals.js", codes(wechat, 3))


def test_the_markup_names_only_what_the_pages_have() -> None:
    output("node", "--no-warnings", PAGES / "markup.js")
