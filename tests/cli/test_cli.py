"""Does the command say what it is and how each of its parts is used?"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import MODULES, commands
from tests.commands import succeeded

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def shown(*words: str) -> str:
    """What the command prints, without colours; it must succeed."""
    done = CliRunner().invoke(commands(words), words, prog_name="pingxuan")
    assert done.exit_code == 0, done.output
    return STYLE.sub("", done.output)


def test_it_says_which_version_it_is(tmp_path: Path) -> None:
    assert succeeded(tmp_path, "--version") == f"pingxuan {PROJECT['version']}\n"


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_lists_every_command(word: str) -> None:
    listed = shown(word)
    assert all(f" {name} " in listed for name in MODULES)
    assert "--version" in listed


@pytest.mark.parametrize("name", MODULES)
def test_every_command_explains_itself(name: str) -> None:
    assert f"Usage: pingxuan {name}" in shown(name, "-h")
    assert shown(name, "-h") == shown(name, "--help")


@pytest.mark.parametrize("name", ["hold", "release", "void"])
def test_so_does_a_command_within_a_command(name: str) -> None:
    assert f"Usage: pingxuan ballots {name}" in shown("ballots", name, "-h")


@pytest.mark.parametrize("name", ["load", "results", "grant", "token"])
def test_a_command_that_sorts_no_titles_does_not_import_what_sorts_them(name: str) -> None:
    check = f"import sys; from api.cli import commands; commands([{name!r}]); sys.exit('icu' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)
