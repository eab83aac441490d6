"""Does the command write a file whole or not at all, and a pipe quietly?"""

import csv
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from tests.commands import PINGXUAN, SEED, environment, pingxuan, succeeded

SLUG = "shanghai-2017"


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in which 40 simulated ballots lie."""
    folder = tmp_path_factory.mktemp("exported")
    succeeded(folder, "migrate")
    succeeded(folder, "load", str(SEED))
    succeeded(folder, "simulate", "40", "--seed", "7", SECRET="a secret")
    return folder


@pytest.mark.parametrize("name", ["json-lines", "JSON_LINES", "jsonl", "JsonL"])
def test_formats_are_called_as_one_likes(simulated: Path, name: str) -> None:
    head, *ballots = map(json.loads, succeeded(simulated, "export", SLUG, "--format", name).splitlines())
    assert (head["schema"], head["ballots"], len(ballots)) == ("pingxuan/ballots/1", 40, 40)


def test_each_format_has_a_content_that_it_holds_by_itself(simulated: Path) -> None:
    assert succeeded(simulated, "export", SLUG, "--format", "csv").startswith("\ufeff投票日,渠道,所选项目\r\n")
    assert succeeded(simulated, "export", SLUG, "--format", "pabulib").startswith("META\n")
    assert succeeded(simulated, "export", SLUG, "--format", "toml").startswith(f'slug = "{SLUG}"\n')
    assert succeeded(simulated, "export", SLUG, "--format", "report").startswith("<!doctype html>")


def test_a_file_is_there_whole_or_as_it_was(simulated: Path) -> None:
    before = {each.name for each in simulated.iterdir()}
    words = ("export", SLUG, "--format", "csv", "--content", "results", "--language", "en", "-o", "results.csv")
    assert succeeded(simulated, *words) == ""
    file = simulated / "results.csv"
    rows = list(csv.DictReader(StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
    assert len(rows) == 50
    assert sum(int(row["votes"]) for row in rows) > 400
    written = file.read_bytes()
    done = pingxuan(simulated, "export", SLUG, "--format", "csv", "--content", "reviews", "-o", "results.csv")
    assert (done.returncode, done.stderr) == (2, "pingxuan: The campaign has no panel.\n")
    assert file.read_bytes() == written
    assert {each.name for each in simulated.iterdir()} == before | {"results.csv"}


def test_a_bar_is_shown_only_where_it_is_asked_for_or_a_terminal_is(simulated: Path) -> None:
    assert pingxuan(simulated, "export", SLUG, "--format", "csv").stderr == ""
    assert "40/40" in pingxuan(simulated, "export", SLUG, "--format", "csv", "--progress").stderr


def test_a_reader_that_is_gone_ends_it_quietly(simulated: Path) -> None:
    command = [PINGXUAN, "export", SLUG, "--format", "jsonl", "--content", "campaign"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=simulated, env=environment({}), **pipes) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, said = process.communicate()
    assert (process.returncode, said) == (1, b"")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "--format", "csv"), "There is no campaign “nowhere”; there are: shanghai-2017."),
        ((SLUG, "--format", "xlsx"), "--format is 'xlsx'; there are PABULIB, CSV, JSON_LINES, TOML, REPORT"),
        (
            (SLUG, "--format", "csv", "--content", "votes"),
            "--content is 'votes'; there are CAMPAIGN, PROJECTS, BALLOTS,",
        ),
        ((SLUG, "--format", "toml", "--content", "ballots"), "TOML does not hold BALLOTS. Choose PABULIB or CSV or"),
        ((SLUG, "--format", "csv", "-o", "no/such/file.csv"), "no/such/file.csv: No such file or directory"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(simulated: Path, words: tuple[str, ...], said: str) -> None:
    done = pingxuan(simulated, "export", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_twenty_lines_of_the_page_count_an_export(simulated: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "files.md").read_text("utf-8").partition("## Count it yourself")[2]
    commands, program = (page.split(f"```{language}\n")[1].split("```")[0] for language in ("sh", "python"))
    for command in commands.splitlines():
        succeeded(simulated, *command.removeprefix("pingxuan ").split())
    assert len(program.splitlines()) <= 20
    done = subprocess.run([sys.executable, "-c", program], cwd=simulated, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("40 ballots of 40, 50 projects, 0 differences\n", "")
