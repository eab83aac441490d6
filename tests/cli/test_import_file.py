"""Does `import` make a campaign of a file, whole or not at all, go on where it was cut off, and say what came of it?"""

import asyncio
import json
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.storage.database.connection import Database, open_database
from tests.commands import PINGXUAN, environment, pingxuan, succeeded
from tests.servers import SECRET, serving
from tests.stored import every_row
from tests.works import pabulib

VOTES = ("1,2", "2", "2,3", "3")
COUNTED = {"1": 1, "2": 3, "3": 2}


@pytest.fixture
def prepared_url(database_url: str, tmp_path: Path) -> str:
    """A database that `migrate` has made."""
    succeeded(tmp_path, "migrate", DATABASE_URL=database_url)
    return database_url


def run(folder: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return pingxuan(folder, "import", *words, DATABASE_URL=url, SECRET=SECRET)


def stored(url: str) -> Mapping[str, list[dict[str, Any]]]:
    """All that is stored."""

    async def read(database: Database) -> Mapping[str, list[dict[str, Any]]]:
        return await every_row(database)

    async def opened() -> Mapping[str, list[dict[str, Any]]]:
        async with open_database(url) as database:
            return await read(database)

    return asyncio.run(opened())


def assert_sound(folder: Path, url: str) -> str:
    """Recount every ballot."""
    return succeeded(folder, "audit", DATABASE_URL=url, SECRET=SECRET)


def test_a_file_becomes_a_campaign_and_its_result_is_the_last_line(tmp_path: Path, prepared_url: str) -> None:
    (tmp_path / "town.pb").write_bytes(pabulib([*VOTES, "1,2,3", "1,1"]))
    done = run(tmp_path, prepared_url, "town.pb", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "campaign": "town-2024",
        "projects": 3,
        "ballots": {"accepted": 4, "refused": {"REPEATED_CHOICES": 1, "TOO_MANY_CHOICES": 1}},
        "totals": {
            "official": {"1": 3, "2": 4, "3": 3},
            "counted": COUNTED,
            "differences": [
                {"code": "1", "official": 3, "counted": 1},
                {"code": "2", "official": 4, "counted": 3},
                {"code": "3", "official": 3, "counted": 2},
            ],
        },
    }
    assert "town-2024: 4 ballots recounted, 0 differences" in assert_sound(tmp_path, prepared_url)
    again = run(tmp_path, prepared_url, "town.pb", "--json")
    assert (again.returncode, again.stdout) == (0, done.stdout)
    assert "town.pb was imported before, as town-2024" in again.stderr
    readable = run(tmp_path, prepared_url, "town.pb").stdout
    assert readable.startswith("town-2024: 3 projects, 4 ballots accepted, 2 refused\n")
    assert "  1: 3 stated, 1 counted" in readable
    other = run(tmp_path, prepared_url, "town.pb", "--slug", "village", "--json")
    assert json.loads(other.stdout)["campaign"] == "village"
    in_use = run(tmp_path, prepared_url, "town.pb", "--slug", "town-2024")
    assert in_use.returncode == 0, "it is what that file has become"


def test_a_clock_before_the_vote_is_told_of(tmp_path: Path, sqlite_url: str) -> None:
    succeeded(tmp_path, "migrate", DATABASE_URL=sqlite_url)
    (tmp_path / "town.pb").write_bytes(pabulib(VOTES))
    settings = {"DATABASE_URL": sqlite_url, "SECRET": SECRET}
    done = pingxuan(tmp_path, "import", "town.pb", **settings, CLOCK="2017-03-22T09:00:00+08:00")
    assert "it is 2017-03-22, and town-2024 opens on 2024-" in done.stderr
    assert "a later PINGXUAN_CLOCK" in done.stderr
    done = pingxuan(tmp_path, "import", "town.pb", "--slug", "later", **settings, CLOCK="system")
    assert done.stderr == ""


def test_a_pipe_is_read_to_its_end_and_its_format_guessed(tmp_path: Path, prepared_url: str) -> None:
    given = environment({"DATABASE_URL": prepared_url, "SECRET": SECRET})
    for content, slug in ((pabulib(VOTES), "town-2024"), (CAMPAIGN, "hamlet")):
        command = [PINGXUAN, "import", "-", "--json"]
        done = subprocess.run(command, cwd=tmp_path, env=given, input=content, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode()
        assert json.loads(done.stdout)["campaign"] == slug
    (tmp_path / "town.pb").write_bytes(pabulib(VOTES))
    assert "was imported before" in run(tmp_path, prepared_url, "town.pb").stderr


CAMPAIGN = b"""# a campaign file
slug = "hamlet"
languages = ["en"]
time_zone = "UTC"
title = { en = "Hamlet" }
organizer = { en = "The hamlet" }
results_visibility = "LIVE"
[voting_window]
opens_at = 2030-05-01T00:00:00Z
closes_at = 2030-05-08T00:00:00Z
[rules]
choices = { minimum = 1, maximum = 1 }
quota = { limit = 1, period = "CAMPAIGN" }
[[projects]]
number = 1
title = { en = "One" }
level = "UNSTATED"
"""


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("town.pb", pabulib(VOTES, vote_type="ordinal"), (":10:11:", "approval")),
        ("town.pb", pabulib(VOTES).replace(b";200;", b";cheap;"), (":18:3:", "Write a number")),
        ("hamlet.toml", CAMPAIGN + b"= 3\n", (":18:1:", "Mend the syntax")),
        ("hamlet.toml", CAMPAIGN.replace(b'title = { en = "One" }', b""), (":14:", "title")),
        ("empty.pb", b"", ("", "")),
        ("picture.pb", bytes(range(256)) * 9, ("", "")),
    ],
)
def test_a_file_that_is_not_in_order_is_refused_by_place_and_leaves_nothing_behind(
    tmp_path: Path, prepared_url: str, name: str, content: bytes, told: tuple[str, str]
) -> None:
    before, (place, words) = stored(prepared_url), told
    (tmp_path / name).write_bytes(content)
    done = run(tmp_path, prepared_url, name, "--json")
    assert done.returncode == 1, done.stderr
    assert any(line.startswith(f"{name}{place}") and words in line for line in done.stderr.splitlines()), done.stderr
    problems = json.loads(done.stdout)["problems"]
    assert len(problems) == len(done.stderr.splitlines())
    assert problems[0].keys() == {"code", "line", "column", "message"}
    assert stored(prepared_url) == before
    in_chinese = run(tmp_path, prepared_url, name, "--language", "zh")
    assert in_chinese.returncode == 1
    assert any("\u4e00" <= letter <= "\u9fff" for letter in in_chinese.stderr)


def test_a_slug_that_is_in_use_or_none_is_refused(tmp_path: Path, prepared_url: str) -> None:
    (tmp_path / "town.pb").write_bytes(pabulib(VOTES))
    (tmp_path / "other.pb").write_bytes(pabulib(VOTES[:2]))
    assert run(tmp_path, prepared_url, "town.pb").returncode == 0
    before = stored(prepared_url)
    for slug, words in (("town-2024", "There is a campaign town-2024 already"), ("Town!", "lower-case letters")):
        done = run(tmp_path, prepared_url, "other.pb", "--slug", slug)
        assert done.returncode == 1, done.stderr
        assert words in done.stderr
    assert stored(prepared_url) == before
    found = run(tmp_path, prepared_url, "other.pb", "--json")
    assert json.loads(found.stdout)["campaign"] == "town-2024-2"


def test_a_server_beside_it_may_do_the_work(tmp_path: Path, prepared_url: str) -> None:
    (tmp_path / "town.pb").write_bytes(pabulib(VOTES * 500))
    with serving(prepared_url):
        done = run(tmp_path, prepared_url, "town.pb", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["ballots"] == {"accepted": 2000, "refused": {}}
    assert "town-2024: 2000 ballots recounted, 0 differences" in assert_sound(tmp_path, prepared_url)


@contextmanager
def importing(folder: Path, url: str, file: str) -> Iterator[subprocess.Popen[str]]:
    """An import that is under way, in a process that can be killed."""
    given = environment({"DATABASE_URL": url, "SECRET": SECRET})
    # The process of the tests may ignore the signal, and what it starts would as well.
    command = ["env", "--default-signal=INT", PINGXUAN, "import", file, "--json"]
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=folder, env=given, **streams) as process:
        try:
            yield process
        finally:
            process.kill()


def ballots(url: str) -> int:
    """How many there are in a SQLite database."""
    with closing(sqlite3.connect(url.removeprefix("sqlite://"), timeout=30)) as connection:
        return int(connection.execute("select count(*) from ballots").fetchone()[0])


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    url = f"sqlite://{tmp_path}/stored/vote.sqlite3"
    succeeded(tmp_path, "migrate", DATABASE_URL=url)
    return url


def under_way(process: subprocess.Popen[str], url: str) -> None:
    """Wait until some of the ballots are cast, and not all."""
    while not ballots(url):
        assert process.poll() is None
        time.sleep(0.005)


def test_one_that_is_interrupted_leaves_nothing_behind(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "town.pb").write_bytes(pabulib(VOTES * 5_000))
    before = stored(sqlite_url)
    with importing(tmp_path, sqlite_url, "town.pb") as process:
        under_way(process, sqlite_url)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    assert (process.returncode, said) == (130, "")
    after = stored(sqlite_url)
    assert [entry["kind"] for entry in after["trail"]] == ["JOB_CANCELLED"]
    assert {**after, "trail": before["trail"]} == before


def test_one_that_is_killed_goes_on_when_it_is_run_again(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "town.pb").write_bytes(pabulib(VOTES * 3_000))
    with importing(tmp_path, sqlite_url, "town.pb") as process:
        under_way(process, sqlite_url)
        process.kill()
        process.communicate(timeout=120)
    assert 0 < ballots(sqlite_url) < 12_000
    done = run(tmp_path, sqlite_url, "town.pb", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["ballots"] == {"accepted": 12_000, "refused": {}}
    assert said["totals"]["counted"] == {code: 3_000 * votes for code, votes in COUNTED.items()}
    assert ballots(sqlite_url) == 12_000


@pytest.mark.check
def test_killed_at_eight_moments_it_goes_on_each_time_and_no_ballot_counts_twice(
    tmp_path: Path, prepared_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = random.randrange(10**6)
    with capsys.disabled():
        print(f"\nkills by seed {seed}")  # noqa: T201 - what a failure is repeated by
    moments = random.Random(seed)
    lasts = time_of_one(tmp_path, prepared_url)
    for number in range(8):
        file = f"town{number}.pb"
        (tmp_path / file).write_bytes(pabulib(drawn(moments), instance=f"{number}"))
        with importing(tmp_path, prepared_url, file) as process:
            try:
                process.communicate(timeout=lasts * moments.uniform(0.2, 1.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
        assert_whole(run(tmp_path, prepared_url, file, "--json"))
    assert assert_sound(tmp_path, prepared_url).count("2001 ballots recounted, 0 differences") == 9
    after = stored(prepared_url)
    assert len(after["campaigns"]) == len(after["imported_files"]) == 9
    assert {row["importing"] for row in after["campaigns"]} == {None}
    assert {row["state"] for row in after["jobs"]} <= {"DONE"}
    assert after["job_pieces"] == []


def drawn(moments: random.Random) -> Sequence[str]:
    """Votes, one in some of which is refused."""
    return [*(moments.choice(("1", "2", "1,3", "2,3")) for _ in range(2_001)), "1,1", "1,2,3"]


def time_of_one(folder: Path, url: str) -> float:
    (folder / "town.pb").write_bytes(pabulib(drawn(random.Random(1))))
    begun = time.monotonic()
    with importing(folder, url, "town.pb") as process:
        process.communicate(timeout=300)
    return time.monotonic() - begun


def assert_whole(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["ballots"] == {"accepted": 2_001, "refused": {"REPEATED_CHOICES": 1, "TOO_MANY_CHOICES": 1}}
    official, counted = said["totals"]["official"], said["totals"]["counted"]
    assert counted == {"1": official["1"] - 2, "2": official["2"] - 1, "3": official["3"] - 1}


def test_the_bar_is_shown_where_it_is_asked_for(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "town.pb").write_bytes(pabulib(VOTES))
    quiet = run(tmp_path, sqlite_url, "town.pb", "--slug", "quiet")
    assert "casting" not in quiet.stderr
    shown = run(tmp_path, sqlite_url, "town.pb", "--slug", "shown", "--progress")
    assert "casting" in shown.stderr
    assert shown.stdout.startswith("shown: 3 projects, 4 ballots accepted")
