"""Does a simulation over HTTP cast through the public API alone, and lose nothing it was told was stored?"""

import json
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from api.domain.voting.ballots import positions_in
from tests.commands import PINGXUAN, SEED, environment, pingxuan, succeeded
from tests.pabulib_files import approval_file, right_files
from tests.servers import PATIENCE, assert_audit_agrees, prepare, serving
from tests.servers import pingxuan as served


def prepared(tmp_path: Path) -> str:
    url = f"sqlite://{tmp_path}/simulated.sqlite3"
    prepare(url, SEED)
    return url


def test_ballots_over_http_are_counted_like_any_others(tmp_path: Path) -> None:
    url = prepared(tmp_path)
    with serving(url) as server:
        printed = succeeded(tmp_path, "simulate", "120", "--url", server.url, "--seed", "5")
        assert "120 ballots cast with seed 5" in printed
        again = succeeded(tmp_path, "simulate", "120", "--url", server.origin, "--seed", "5")
        assert "120 ballots cast" in again, "the same keys are retries of the same ballots"
        other = succeeded(tmp_path, "simulate", "3", "--url", server.url, "--seed", "6")
        assert "3 ballots cast" in other
    assert_audit_agrees(url, 123)


def test_a_simulation_waits_when_it_is_told_to(tmp_path: Path) -> None:
    url = prepared(tmp_path)
    with serving(url, LIMIT_SIGN_INS="60") as server:
        assert "65 ballots cast" in succeeded(tmp_path, "simulate", "65", "--url", server.url, "--seed", "5")
    assert_audit_agrees(url, 65)


def test_a_server_killed_in_the_middle_loses_no_acknowledged_ballot(tmp_path: Path) -> None:
    url, log = prepared(tmp_path), tmp_path / "acknowledged"
    command = [PINGXUAN, "simulate", "100000", "--url", "URL", "--acknowledged", log]
    with serving(url) as server:
        command[4] = server.url
        with subprocess.Popen(
            command, cwd=tmp_path, env=environment({}), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as simulation:
            deadline = time.monotonic() + PATIENCE
            while not (log.exists() and log.stat().st_size):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            server.kill()
            printed, told = simulation.communicate(timeout=180)
    assert simulation.returncode == 2
    assert "stopped early" in told
    assert "Traceback" not in told
    acknowledged = log.read_text().split()
    assert len(acknowledged) == int(printed.split()[0]) > 0
    assert_audit_agrees(url)
    with sqlite3.connect(url.removeprefix("sqlite://")) as connection:
        stored = {f"ballot/{name}" for (name,) in connection.execute("select id from ballots")}
    connection.close()
    assert set(acknowledged) <= stored


def test_something_that_is_no_server_is_one_sentence(tmp_path: Path) -> None:
    done = pingxuan(tmp_path, "simulate", "5", "--url", "http://127.0.0.1:1/graphql")
    assert done.returncode == 2
    assert "does not answer" in done.stderr


TURNOUT = """{ campaign { turnout { ballots byDay { day ballots } }
  results(first: 50) { nodes { project { number } votes gain byDay { day votes } } } } }"""


def asked(url: str, query: str) -> dict[str, Any]:
    """The data of an answer."""
    body = json.dumps({"query": query}).encode()
    with urlopen(Request(url, body, {"Content-Type": "application/json"}), timeout=PATIENCE) as answer:
        data: dict[str, Any] = json.load(answer)["data"]
        return data


def stored_votes(database: Path, days: tuple[str, ...]) -> Counter[int]:
    """The votes by project number on these days, counted from the bitmaps of the ballots."""
    counted: Counter[int] = Counter()
    with closing(sqlite3.connect(database)) as connection:
        for day, choices in connection.execute("select day, choices from ballots"):
            if str(day)[:10] in days:
                counted.update(positions_in(choices))
    return counted


def test_ballots_simulated_beside_the_demonstration_lie_in_days_that_have_begun(tmp_path: Path) -> None:
    command, given = [PINGXUAN, "demo"], environment({"PORT": "0"})
    with subprocess.Popen(command, cwd=tmp_path, env=given, stdout=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            url = demo.stdout.readline().split()[2]
            assert "60 ballots cast" in succeeded(tmp_path, "simulate", "60", "--seed", "3")
            told = asked(url, TURNOUT)["campaign"]
            shown = json.loads(succeeded(tmp_path, "results", "--json"))
            refused = pingxuan(tmp_path, "forget", "shanghai-2017", "--yes")
        finally:
            demo.terminate()
    assert told["turnout"] == {"ballots": 60, "byDay": [{"day": "2017-03-22", "ballots": 60}]}
    counted = stored_votes(tmp_path / ".data" / "pingxuan.sqlite3", ("2017-03-22",))
    for node in told["results"]["nodes"]:
        votes = counted[node["project"]["number"]]
        assert (node["votes"], node["gain"]) == (votes, votes)
        assert node["byDay"] == [{"day": "2017-03-22", "votes": votes}]
    assert shown["byDay"] == {"2017-03-22": 60}
    assert refused.returncode == 2, "by the demonstration's clock the vote is still open"


def test_ballots_of_days_to_come_show_nowhere_and_are_no_difference(tmp_path: Path) -> None:
    url = prepared(tmp_path)
    with serving(url, clock="2017-03-24T09:00:00+08:00") as server:
        done = served(url, "simulate", "200", "--seed", "3", "--force", clock="2017-04-01T00:00:00+08:00")
        assert "200 ballots cast" in done.stdout, done.stderr
        told = asked(server.url, TURNOUT)["campaign"]
    database, begun = Path(url.removeprefix("sqlite://")), ("2017-03-22", "2017-03-23", "2017-03-24")
    all_days, latest = stored_votes(database, begun), stored_votes(database, begun[1:])
    assert [node["day"] for node in told["turnout"]["byDay"]] == list(begun)
    assert 0 < told["turnout"]["ballots"] == sum(node["ballots"] for node in told["turnout"]["byDay"]) < 200
    for node in told["results"]["nodes"]:
        number = node["project"]["number"]
        assert (node["votes"], node["gain"]) == (all_days[number], latest[number])
        assert [votes["day"] for votes in node["byDay"]] == list(begun)
    assert_audit_agrees(url, 200)


def test_a_simulation_by_a_later_clock_leaves_the_suspicions_of_a_server_alone(tmp_path: Path) -> None:
    url = prepared(tmp_path)
    with serving(url), closing(sqlite3.connect(url.removeprefix("sqlite://"))) as connection:
        at = "2017-03-22 01:00:00+00:00"
        connection.execute("insert into signals values (1, 'a key', ?, 'a ballot')", (at,))
        connection.execute(
            "insert into suspicions values (1, 'a key', 'shanghai-2017', 'HASTE', ?, ?)", ("2017-03-22", at)
        )
        connection.commit()
        done = served(url, "simulate", "5", "--force", clock="2026-11-27T00:00:00+08:00")
        assert "5 ballots cast" in done.stdout, done.stderr
        for table in ("signals", "suspicions"):
            assert connection.execute(f"select count(*) from {table}").fetchone() == (1,)  # noqa: S608 - our own name


def test_before_voting_opens_nothing_can_be_simulated(tmp_path: Path) -> None:
    done = served(prepared(tmp_path), "simulate", "5", clock="2017-03-21T23:59:59+08:00")
    assert done.returncode == 2
    assert "opens at 2017-03-22T00:00:00+08:00" in done.stderr


def test_ballots_are_drawn_like_those_of_a_file_as_many_as_it_has(tmp_path: Path) -> None:
    file, url = tmp_path / "town.pb", prepared(tmp_path)
    codes = [str(number) for number in range(1, 51)]
    file.write_bytes(approval_file(1, ballots=150, codes=codes, most=12).content())
    with serving(url, clock="2017-03-24T09:00:00+08:00") as server:
        printed = succeeded(tmp_path, "simulate", "--like", str(file), "--url", server.url, "--seed", "5")
    assert "150 ballots cast with seed 5" in printed
    assert "refused" not in printed
    with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as connection:
        lengths = {len(positions_in(choices)) for (choices,) in connection.execute("select choices from ballots")}
    assert lengths == {10, 11, 12}, "at least ten, as the campaign has it, and no more than in the file"


def test_a_file_to_be_like_is_refused_with_the_places_of_its_mistakes(tmp_path: Path) -> None:
    wrong, empty = tmp_path / "wrong.pb", tmp_path / "empty.pb"
    wrong.write_bytes(approval_file(1).with_meta(budget="1,5").content())
    done = pingxuan(tmp_path, "simulate", "5", "--like", str(wrong))
    assert done.returncode == 2
    assert "wrong.pb:10:8: budget is" in done.stderr.replace("\n", "")
    empty.write_bytes(right_files()["no ballot at all"].content())
    assert "has no ballots" in pingxuan(tmp_path, "simulate", "--like", str(empty)).stderr
    assert "say how many" in pingxuan(tmp_path, "simulate").stderr
