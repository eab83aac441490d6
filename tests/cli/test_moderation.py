"""May staff see suspicions and rule on ballots at the terminal, and are they told what is wrong?"""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.commands import SEED, pingxuan, succeeded

FILE = ".data/pingxuan.sqlite3"
REASON = "Cast by one program, as its author says."
KEY = "s" * 26
SIGNALS = "insert into signals (key, cast_at, ballot_key) select :key, cast_at, id from ballots"
SUSPICION = """
    insert into suspicions (key, campaign_id, kind, first_at, last_at)
        select :key, 'shanghai-2017', 'ONE_ADDRESS', min(cast_at), max(cast_at) from ballots
"""


@pytest.fixture(scope="module")
def suspected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in which forty ballots lie, all of one suspicion."""
    folder = tmp_path_factory.mktemp("suspected")
    succeeded(folder, "migrate")
    succeeded(folder, "load", str(SEED))
    succeeded(folder, "simulate", "40", "--seed", "7", SECRET="a secret")
    with sqlite3.connect(folder / FILE) as connection:
        for statement in (SIGNALS, SUSPICION):
            connection.execute(statement, {"key": KEY})
    connection.close()
    return folder


@pytest.fixture
def voted(suspected: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    shutil.copytree(suspected, tmp_path, dirs_exist_ok=True)
    return tmp_path


def ballot_ids(folder: Path) -> list[str]:
    with sqlite3.connect(folder / FILE) as connection:
        found = [f"ballot/{row[0]}" for row in connection.execute("select id from ballots order by id")]
    connection.close()
    return found


def test_staff_see_a_suspicion_and_rule_on_its_ballots(voted: Path) -> None:
    listed = succeeded(voted, "suspicions")
    assert listed.startswith(f"suspicion/{KEY}  ONE_ADDRESS  2017-03-2")
    assert "40 ballots, 0 held, 0 voided" in listed
    asked = ("ballots", "hold", "--suspicion", f"suspicion/{KEY}", "--reason", REASON)
    assert "HOLD: 40 ballots" in succeeded(voted, *asked)
    assert "40 ballots, 40 held, 0 voided" in succeeded(voted, "suspicions")
    assert "RELEASE: 3 ballots" in succeeded(voted, "ballots", "release", *ballot_ids(voted)[:3], "--reason", REASON)
    assert "VOID: 2 ballots" in succeeded(voted, "ballots", "void", *ballot_ids(voted)[2:4], "--reason", REASON)
    assert "40 ballots recounted, 0 differences (held: 36, voided: 2)" in succeeded(voted, "audit")
    recorded = succeeded(voted, "trail", "--kind", "ballots_voided")
    assert "BALLOTS_VOIDED  shanghai-2017  -  ballots=2 reason=Cast by one program" in recorded


def test_the_audit_finds_a_ruling_that_was_tampered_with(voted: Path) -> None:
    succeeded(voted, "ballots", "void", *ballot_ids(voted)[:2], "--reason", REASON)
    with sqlite3.connect(voted / FILE) as connection:
        connection.execute("update rulings set kind = 'RELEASE' where ballot_id = (select min(id) from ballots)")
    connection.close()
    done = pingxuan(voted, "audit")
    assert done.returncode == 1
    assert "voided ballots: the tallies say" in done.stderr
    assert ": ballots: the tallies say" in done.stderr


def test_nothing_odd_is_said_to_be_nothing(voted: Path) -> None:
    with sqlite3.connect(voted / FILE) as connection:
        connection.execute("delete from suspicions")
    connection.close()
    assert "nothing looks odd" in succeeded(voted, "suspicions")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--reason", REASON), "give either ids of ballots or --suspicion"),
        (("ballot/1", "--reason", REASON), "ballot/1 is no ballot's id"),
        (("--suspicion", "x", "--reason", REASON), "x is no suspicion's id"),
        (("--suspicion", f"suspicion/{'z' * 26}", "--reason", REASON), "no such suspicion"),
        (("ballot/" + "a" * 26, "--reason", "bots"), "10 to 500 characters"),
    ],
)
def test_a_wrong_word_is_told_in_one_sentence(voted: Path, words: tuple[str, ...], told: str) -> None:
    done = pingxuan(voted, "ballots", "hold", *words)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_ballot_that_does_not_exist_is_named(voted: Path) -> None:
    done = pingxuan(voted, "ballots", "hold", "ballot/" + "z" * 26, "--reason", REASON)
    assert f"ballot/{'z' * 26}: No ballot of this campaign has this id." in done.stderr
    assert "HOLD: 0 ballots" in done.stdout
