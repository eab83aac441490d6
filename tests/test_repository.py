"""Can people join: do the files that editors, git hooks, GitHub and containers read say what is so?"""

import configparser
import json
import re
import shlex
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.graph import schema

REPOSITORY = Path(__file__).parents[1]
FORMS = sorted((REPOSITORY / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
MAKEFILE = (REPOSITORY / "Makefile").read_text("utf-8")
PUBLISHED = schema()._schema
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def loaded(path: str) -> Any:
    """A file of YAML or, which is a part of it, JSON."""
    return yaml.safe_load((REPOSITORY / path).read_text("utf-8"))


def glossary() -> list[list[str]]:
    """The cells of every row: Chinese, English, meaning, places in the schema and in the code."""
    lines = (REPOSITORY / "docs" / "glossary.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in rows if row[0] not in ("中文", "---")]


HOOKS = loaded(".pre-commit-config.yaml")["repos"][0]["hooks"]
ROWS = glossary()


def test_hooks_fetch_nothing() -> None:
    assert [repo["repo"] for repo in loaded(".pre-commit-config.yaml")["repos"]] == ["local"]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_what_make_check_runs(hook: dict[str, Any]) -> None:
    assert hook["language"] == "system"
    command = shlex.split(hook["entry"])[-1] if hook["entry"].startswith("bash ") else hook["entry"]
    style = re.search(r"^style:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert style, "the Makefile has no target `style`"
    assert re.search(r"^check:.* style ", MAKEFILE, re.MULTILINE)
    assert command.replace(".venv/bin/", "$(BIN)/") in style[1]
    programs = re.findall(r"\.venv/bin/([\w-]+)", command)
    assert programs
    assert all(Path(sys.executable).with_name(program).exists() for program in programs)


def test_what_ci_runs_is_all_that_make_test_and_make_check_run() -> None:
    ours = (REPOSITORY / ".ci" / "run").read_text("utf-8")
    made = [made.strip() for made in re.findall(r"^make ([A-Za-z0-9= -]+)", ours, re.MULTILINE)]
    assert made == ["assets", "supply SUPPLY=--local", "-j 2 style test-all", "test-engine test-pages"]
    assert "check: style test-engine test-slow test-pages ##" in MAKEFILE
    assert '\t$(PYTEST) -m "not browser"\n' in MAKEFILE, "the slow tests are among these"


def test_the_container_has_the_python_that_we_need_and_sets_up_by_make() -> None:
    container = json.loads((REPOSITORY / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert container["image"].endswith(f":{project['requires-python'].removeprefix('>=')}")
    make, target = container["postCreateCommand"].split()
    assert make == "make"
    assert f"\n{target}:" in MAKEFILE


@pytest.mark.parametrize("form", [form for form in FORMS if form.stem != "config"], ids=lambda form: form.stem)
def test_a_form_asks_for_something(form: Path) -> None:
    said = loaded(str(form.relative_to(REPOSITORY)))
    assert {"name", "description", "body"} <= said.keys()
    asked = [part for part in said["body"] if part["type"] != "markdown"]
    assert len({part["id"] for part in asked}) == len(asked) > 0
    assert any(part.get("validations", {}).get("required") for part in asked)


def test_there_is_a_form_for_whatever_one_wants_to_say() -> None:
    assert loaded(".github/ISSUE_TEMPLATE/config.yml") == {"blank_issues_enabled": False}
    assert {form.stem for form in FORMS} == {"bug", "config", "feature"}


def test_editors_are_told_what_the_files_are_like() -> None:
    told = configparser.ConfigParser()
    told.read_string("[top]\n" + (REPOSITORY / ".editorconfig").read_text("utf-8"))
    assert told["top"].getboolean("root")
    ruff = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]
    assert told["*.py"].getint("max_line_length") == ruff["line-length"]
    assert told["Makefile"]["indent_style"] == "tab"


def test_the_glossary_has_the_words_once() -> None:
    assert len(ROWS) > 40
    assert len({row[0] for row in ROWS}) == len({row[1] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_word_is_there_in_both_languages_with_a_sentence(row: list[str]) -> None:
    chinese, english, meaning, _schema, _code = row
    assert CHINESE.search(chinese)
    assert re.fullmatch(r"[a-z ]+", english)
    assert re.fullmatch(r"[A-Z][^.]+\.", meaning)


@pytest.mark.parametrize(
    "place", sorted({place for row in ROWS for place in re.findall(r"`([^`]+)`", row[3])}), ids=lambda place: place
)
def test_a_words_place_in_the_schema_exists(place: str) -> None:
    name, _, member = place.partition(".")
    kind = PUBLISHED.type_map[name]
    if member:
        assert member in (getattr(kind, "fields", None) or kind.values)


def test_a_words_place_in_the_code_exists() -> None:
    places = {place for row in ROWS for place in re.findall(r"`([^`]+/[^`]*)`(?: `(\w+)`)?", row[4])}
    missing = [path for path, _ in places if not (REPOSITORY / "api" / path).exists()]
    assert sorted(missing) == []
    unnamed = [name for path, name in places if name and f"class {name}" not in (REPOSITORY / "api" / path).read_text()]
    assert sorted(unnamed) == []
