"""Do the tools that WeChat and others publish find nothing wrong with the mini-program: typings, compilers, lint?"""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.examples.test_mini_program import PAGES
from tests.kinds import KINDS
from tests.node import CLIENTS, NODE_MODULES, ROOT, needs_packages, output
from tests.servers import Server, serving
from tests.stored import store

pytestmark = [pytest.mark.check, needs_packages]

PROGRAM = ROOT / "examples" / "mini-program"
TSC = NODE_MODULES / "typescript" / "bin" / "tsc"
ESLINT = NODE_MODULES / "eslint" / "bin" / "eslint.js"


def test_the_program_calls_wechat_as_its_typings_say() -> None:
    output("node", TSC, "--project", "mini-program.json", folder=CLIENTS)


def lint(markup: Path) -> str:
    """ESLint lints nothing that is not beneath its configuration, so the markup is copied there."""
    folder = CLIENTS / "generated" / "wxml"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(markup, folder, ignore=shutil.ignore_patterns("*.js", "*.json", "*.wxss"))
    return output("node", ESLINT, "--config", "wxml.config.js", "--max-warnings", "0", folder, folder=CLIENTS)


def test_the_markup_keeps_the_rules_of_its_lint() -> None:
    lint(PROGRAM / "pages")


def test_markup_that_breaks_the_rules_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "broken.wxml").write_text('<view wx:for="{{places}}"><text>{{item.}}</view>', "utf-8")
    with pytest.raises(AssertionError, match="wxml/wx-key"):
        lint(tmp_path)


def test_every_page_is_rendered_by_the_compiler_of_wechat(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/kinds.sqlite3"
    store(url, KINDS[0]())
    with serving(url) as server:
        world = {**os.environ, "ENDPOINT": server.url, "CAMPAIGN": ""}
        output("node", "--experimental-websocket", "--no-warnings", PAGES / "rendering.js", **world)


def test_the_snippets_for_taro_and_for_uni_app_show_rows_that_move(fresh_server: Server) -> None:
    script = ("node", "--experimental-websocket", "--no-warnings", "--conditions=browser", "mini-frameworks.js")
    shown = json.loads(output(*script, fresh_server.url, folder=CLIENTS))
    assert shown == {"before": ["0", "0"], "shared": ["/pages/ranking/ranking"] * 2}
