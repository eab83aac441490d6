"""Does `import` bring projects and ballots of a polling place into a campaign, and say who has to approve the latter?"""

import json
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.commands import SEED, pingxuan, succeeded
from tests.servers import SECRET

SLUG = "shanghai-2017"
SHEET = (
    "选票编号,所选项目\n0001,"
    + "、".join(map(str, range(1, 13)))
    + "\n0002,"
    + "、".join(map(str, range(5, 20)))
    + "\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database in which the selection of 2017 is loaded."""
    succeeded(tmp_path, "migrate")
    succeeded(tmp_path, "load", str(SEED), CLOCK="2017-03-01T00:00:00+08:00")
    (tmp_path / "library.csv").write_bytes(SHEET.encode("gb18030"))
    return tmp_path


def run(folder: Path, *words: str, clock: str = "2017-03-25T20:00:00+08:00") -> subprocess.CompletedProcess[str]:
    return pingxuan(folder, "import", *words, SECRET=SECRET, CLOCK=clock)


def test_ballots_of_a_polling_place_wait_for_an_organizer(folder: Path) -> None:
    done = run(folder, "library.csv", "--campaign", SLUG, "--place", "徐汇区图书馆", "--channel", "on-site")
    assert done.returncode == 0, done.stderr
    assert "an organizer of shanghai-2017 has to approve job/" in done.stdout
    assert "2 ballots accepted, 0 refused" in done.stdout
    again = run(folder, "library.csv", "--campaign", SLUG, "--place", "徐汇区图书馆", "--json")
    assert "has to approve job/" in again.stderr
    assert json.loads(again.stdout.splitlines()[-1])["ballots"] == {"accepted": 2, "refused": {}}
    with sqlite3.connect(folder / ".data" / "pingxuan.sqlite3") as stored:
        assert stored.execute("select state, requested_by from jobs").fetchall() == [("WAITING_FOR_APPROVAL", None)]


def test_wrong_rows_are_named_and_nothing_is_kept(folder: Path) -> None:
    (folder / "library.csv").write_text(SHEET + "0003,1 2\n0001,3\n")
    words = ("library.csv", "--campaign", SLUG, "--place", "library", "--day", "2017-03-24", "--language", "zh")
    done = run(folder, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.split(" ")[0] for line in done.stderr.splitlines()] == [
        "library.csv:2:1:",
        "library.csv:4:1:",
        "library.csv:5:1:",
    ]
    skipping = run(folder, *words, "--skip-refused", "--json")
    assert json.loads(skipping.stdout.splitlines()[-1])["ballots"] == {"accepted": 1, "refused": {"TOO_FEW_CHOICES": 1}}


def test_projects_come_in_before_the_opening(folder: Path) -> None:
    (folder / "projects.csv").write_text("编号,标题,英文标题\n1,新名称,A new title\n")
    words = ("projects.csv", "--campaign", SLUG)
    done = run(folder, *words, clock="2017-03-02T00:00:00+08:00")
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(folder / ".data" / "pingxuan.sqlite3") as stored:
        ((title,),) = stored.execute("select title from projects where number = 1").fetchall()
    assert "A new title" in title


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("library.csv",), "--campaign SLUG"),
        (("library.csv", "--campaign", SLUG, "--day", "2017-03-24"), "--place NAME"),
        (("library.csv", "--campaign", SLUG, "--place", "here", "--day", "24.03."), "2017-03-24"),
        (("library.csv", "--campaign", SLUG, "--place", "here", "--channel", "WEB"), "PAPER, ON_SITE, SMS"),
        (("library.csv", "--campaign", "nowhere", "--place", "here"), "nowhere"),
        (("town.pb", "--place", "here"), "CSV of ballots"),
    ],
)
def test_what_was_not_said_right_is_explained(folder: Path, words: tuple[str, ...], error: str) -> None:
    (folder / "town.pb").write_text("META\n")
    done = run(folder, *words)
    assert done.returncode != 0
    assert error in done.stderr
