"""Can typed clients be made of the schema, and does the schema keep the rules that such tools go by?"""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.clients.test_journeys import assert_walked
from tests.node import CLIENTS, NODE_MODULES, PYTHON, ROOT, needs_packages, needs_python_clients, output
from tests.servers import Server

pytestmark = pytest.mark.check

CODEGEN = NODE_MODULES / "@graphql-codegen" / "cli" / "cjs" / "bin.js"
ESLINT = NODE_MODULES / "eslint" / "bin" / "eslint.js"


def lint(schema: str) -> str:
    return output("node", ESLINT, "--config", CLIENTS / "eslint.config.js", "--max-warnings", "0", schema)


@needs_packages
def test_the_schema_keeps_the_rules_of_graphql_eslint() -> None:
    lint("schema.graphql")


@needs_packages
@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('"""A district of the city."""\n', ""),
        ("  phase: CampaignPhase!", "  current_phase: CampaignPhase!"),
        ("  node: Project!\n", "  project: Project!\n"),
    ],
)
def test_a_schema_that_breaks_the_rules_is_noticed(written: str, instead: str) -> None:
    text = (CLIENTS.parents[1] / "schema.graphql").read_text("utf-8")
    broken = CLIENTS / "generated" / "broken.graphql"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text(text.replace(written, instead, 1), "utf-8")
    assert written in text
    with pytest.raises(AssertionError, match="error"):
        lint(str(broken))


@needs_packages
def test_types_for_typescript_are_made_and_a_client_compiles_with_them() -> None:
    output("node", CODEGEN, "--config", "codegen.json", folder=CLIENTS)
    output("node", NODE_MODULES / "typescript" / "bin" / "tsc", "--project", "tsconfig.json", folder=CLIENTS)


PAGE = (ROOT / "docs" / "typescript.md").read_text("utf-8")


def shown(language: str, part: str = "graphql-codegen") -> str:
    """The only example in this language in a part of the page about TypeScript."""
    [text] = re.findall(rf"^## {part}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    [block] = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return str(block)


@needs_packages
def test_what_the_page_about_typescript_shows_makes_types_and_compiles() -> None:
    folder: Path = CLIENTS / "generated" / "page"  # beneath the packages, which are found from there
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "schema.graphql", folder)
    options = json.loads((CLIENTS / "tsconfig.json").read_text("utf-8")) | {"files": ["summary.ts"]}
    given = {
        "codegen.json": shown("json"),
        "operations.graphql": shown("graphql"),
        "summary.ts": shown("ts"),
        "tsconfig.json": json.dumps(options),
    }
    for name, text in given.items():
        (folder / name).write_text(text, "utf-8")
    output("node", CODEGEN, "--config", "codegen.json", folder=folder)
    assert "any" not in re.findall(r"\w+", (folder / "operations.ts").read_text("utf-8"))
    output("node", NODE_MODULES / "typescript" / "bin" / "tsc", "--project", "tsconfig.json", folder=folder)


def test_the_page_shows_what_ariadne_codegen_is_tried_with() -> None:
    assert shown("toml", "Others") in (CLIENTS / "ariadne.toml").read_text("utf-8")


@needs_python_clients
def test_a_client_in_python_is_made_and_checked_and_works(fresh_server: Server) -> None:
    output(PYTHON.with_name("ariadne-codegen"), "--config", "ariadne.toml", folder=CLIENTS)
    output(PYTHON, "-m", "mypy", "ariadne_journey.py", "gql_journey.py", folder=CLIENTS)
    assert_walked(json.loads(output(PYTHON, "ariadne_journey.py", fresh_server.url, folder=CLIENTS)))
