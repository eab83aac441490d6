"""Do simulate, results and audit agree, and does audit find what was tampered with?"""

import csv
import json
import shutil
import sqlite3
from io import StringIO
from pathlib import Path

import pytest

from tests.commands import SEED, pingxuan, succeeded

FILE = ".data/pingxuan.sqlite3"


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in which 300 simulated ballots lie."""
    folder = tmp_path_factory.mktemp("simulated")
    succeeded(folder, "migrate")
    succeeded(folder, "load", str(SEED))
    printed = succeeded(folder, "simulate", "300", "--seed", "7", SECRET="a secret")
    assert "300 ballots cast with seed 7" in printed
    return folder


@pytest.fixture
def voted(simulated: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    shutil.copytree(simulated, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_the_audit_agrees_after_a_simulation(voted: Path) -> None:
    assert "300 ballots recounted, 0 differences" in succeeded(voted, "audit")


def test_results_are_the_same_as_json_and_csv_and_in_the_table(voted: Path) -> None:
    found = json.loads(succeeded(voted, "results", "--json"))
    assert found["ballots"] == 300 == sum(found["byDay"].values())
    assert len(found["byDay"]) == 10
    assert len(found["results"]) == 50
    assert sum(row["votes"] for row in found["results"]) == found["choices"]
    ranks = [row["rank"] for row in found["results"]]
    assert ranks == [1 + sum(other["votes"] > row["votes"] for other in found["results"]) for row in found["results"]]
    printed = succeeded(voted, "results", "--csv")
    assert printed.startswith("\ufeffrank,number,title")
    rows = list(csv.DictReader(StringIO(printed.removeprefix("\ufeff"))))
    assert [row["votes"] for row in rows] == [str(row["votes"]) for row in found["results"]]
    assert [row["title"] for row in rows] == [row["title"] for row in found["results"]]
    table = succeeded(voted, "results", "--language", "en")
    assert "Hospital" in table or "Community" in table
    assert "30 pass by votes alone" in table


def test_the_same_seed_makes_the_same_choices(voted: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    succeeded(other, "migrate")
    succeeded(other, "load", str(SEED))
    succeeded(other, "simulate", "300", "--seed", "7", SECRET="another secret")
    votes = [json.loads(succeeded(folder, "results", "--json"))["results"] for folder in (voted, other)]
    assert votes[0] == votes[1]


def test_the_same_voters_cannot_vote_twice(voted: Path) -> None:
    printed = succeeded(voted, "simulate", "300", "--seed", "7", "--force", SECRET="a secret")
    assert "0 ballots cast" in printed
    assert "300 refused: QUOTA_EXHAUSTED" in printed


def test_a_simulation_keeps_out_of_a_vote_that_may_be_real(voted: Path) -> None:
    refused = pingxuan(voted, "simulate", "1", SECRET="a secret")
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert "1 ballot cast with" in succeeded(voted, "simulate", "1", SECRET="a secret", GUESTS="on")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("update tallies set votes = votes + 1 where project = 3 and day = '2017-03-23'", "votes of project 3"),
        ("delete from ballots where id in (select id from ballots limit 1)", "ballots: the tallies say"),
        ("update turnouts set ballots = ballots + 5 where day = '2017-03-24'", "2017-03-24: ballots"),
        (
            "update turnouts set channel = 'PAPER' where day = '2017-03-24'",
            "2017-03-24: ballots, by PAPER: the tallies",
        ),
        ("update ballots set channel = 'WECHAT'", "votes of project 3, by WECHAT: the tallies say 0"),
        ("delete from projects where number = 5", "no project has position 5, but "),
        ("delete from campaigns", "shanghai-2017 does not stand, but its ballots do: "),
        ("update campaigns set minimum_choices = 29", "where 29 to 30 are allowed: "),
        ("update campaigns set closes_at = '2017-03-24 01:00:00+00:00'", "2017-03-25: no voting day, but the ballots"),
        ("update ballots set cast_at = '2017-03-21 15:59:59.999999+00:00'", "ballots cast before 2017-03-21T16:00"),
    ],
)
def test_the_audit_finds_what_was_tampered_with(voted: Path, change: str, told: str) -> None:
    with sqlite3.connect(voted / FILE) as connection:
        connection.execute(change)
    connection.close()
    done = pingxuan(voted, "audit")
    assert done.returncode == 1
    assert told in done.stderr


def test_votes_that_were_voided_before_they_were_cast_are_no_difference(voted: Path) -> None:
    voided = {
        "position": 3,
        "start": "2017-03-22T00:00:00+08:00",
        "end": None,
        "reason": {"translations": [["zh", "核查"]]},
        "at": "2017-03-22T00:00:00+08:00",
    }
    with sqlite3.connect(voted / FILE) as connection:
        connection.execute("update campaigns set voided_votes = ?", [json.dumps([voided])])
        connection.execute(
            "insert into tallies (campaign_id, day, shard, channel, project, votes) "
            "select campaign_id, day, shard, channel, -project, votes from tallies where project = 3"
        )
    connection.close()
    assert "300 ballots recounted, 0 differences" in succeeded(voted, "audit")


def test_one_ballot_is_singular(tmp_path: Path) -> None:
    succeeded(tmp_path, "migrate")
    succeeded(tmp_path, "load", str(SEED))
    assert succeeded(tmp_path, "simulate", "1", "--seed", "7", SECRET="a secret").startswith("1 ballot cast")
    assert "1 ballot recounted, 0 differences" in succeeded(tmp_path, "audit")
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("update tallies set votes = 1")
        connection.execute("update turnouts set ballots = 2")
    connection.close()
    assert "1 ballot recounted, 1 difference" in pingxuan(tmp_path, "audit").stdout
    table = " ".join(succeeded(tmp_path, "results", "--language", "en").split())
    assert "· 2 ballots" in table
    assert "30 pass by votes alone, the last of them with 0 votes" in table


def test_an_unknown_campaign_is_named_with_those_that_exist(voted: Path) -> None:
    done = pingxuan(voted, "results", "--campaign", "nowhere")
    assert done.returncode == 2
    assert "shanghai-2017" in done.stderr
