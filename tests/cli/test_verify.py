"""Does `pingxuan verify` tell a sound log from a broken one, from a folder and from an address?"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.commands import pingxuan, succeeded
from tests.log_maker import DAYS, ORIGIN, WITNESSES, LogMaker, Signer, small_log, write


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and prints nothing. asked: the paths, in order."""

    def __init__(self, *args: object, asked: list[str], **options: object) -> None:
        self.asked = asked
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/busy/") and self.asked.count(self.path) <= 5:
            self.send_response(429)
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def published(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The address of a log that lies in this folder, and the paths that are asked for."""
    asked: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, asked=asked, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/log", asked
        finally:
            server.shutdown()
            thread.join()


def large_log(ballots: int = 300) -> LogMaker:
    """A log of more than one bundle."""
    log = LogMaker()
    log.rules()
    log.window()
    for number in range(ballots):
        log.ballot([1, 2], number=number)
    log.day(DAYS[0])
    log.closed()
    log.result()
    return log


def test_a_folder_is_verified_and_every_figure_printed(tmp_path: Path) -> None:
    write(small_log().files(), tmp_path / "log")
    said = succeeded(tmp_path, "verify", "log")
    assert said.splitlines()[:4] == [
        f"{ORIGIN}: 18 entries",
        "Sound and countable: every ballot is open, and the recount is the published result.",
        "ballots: 7 cast, 6 count, 0 held, 1 voided",
        "2026-05-02: 4 cast, 3 count, 4 signed in",
    ]
    assert "project 1: 4 votes\n" in said
    assert "Note: the log's key is the one that it publishes itself; nobody else vouches for it (--key)\n" in said
    assert "Nobody can check: that every ballot is one voter's" in said


def test_a_broken_log_ends_with_1_and_the_place(tmp_path: Path) -> None:
    log = small_log()
    log.closed(9)
    write(log.files(), tmp_path / "log")
    broken = pingxuan(tmp_path, "verify", "log")
    assert broken.returncode == 1
    assert broken.stderr == (
        "COUNT_WRONG in tile/entries/000.p/19, entry 18: it says that the ballots before it are 9; they are 7 by then\n"
    )
    tree = json.loads(pingxuan(tmp_path, "verify", "log", "--json").stdout)
    assert tree["verdict"] == "BROKEN"
    assert tree["finding"] == {
        "code": "COUNT_WRONG",
        "place": "tile/entries/000.p/19",
        "entry": 18,
        "found": "it says that the ballots before it are 9",
        "expected": "they are 7 by then",
    }


def test_a_key_and_a_policy_of_ones_own_are_gone_by(tmp_path: Path) -> None:
    log = small_log()
    write(log.files(), tmp_path / "log")
    (tmp_path / "policy").write_text(log.policy(2))
    said = succeeded(tmp_path, "verify", "log", "--key", log.signer.vkey, "--policy", "policy")
    assert "vouches" not in said
    assert f"witness {WITNESSES[0]}, at 2026-04-24T" in said
    (tmp_path / "policy").write_text(f"witness w {Signer('nobody', 4).vkey}\nquorum w\n")
    broken = pingxuan(tmp_path, "verify", "log", "--policy", "policy")
    assert (broken.returncode, broken.stderr[:18]) == (1, "WITNESSES_MISSING ")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("nowhere",), "nowhere is no folder"),
        ((".",), "there is no file “checkpoint” there"),
        ((".", "--key", "a+b"), "--key: a key is written NAME+ID+BASE64"),
        ((".", "--policy", "policy"), "the policy has no line 'quorum NAME'"),
        ((".", "--save", "log"), "--save belongs to an address"),
        (("http://u:hunter2@[h/",), "The log has no address"),
        (("http://u:hunter2@127.0.0.1:1/log",), "http://127.0.0.1:1/log does not answer"),
    ],
)
def test_what_cannot_be_verified_ends_with_2_and_one_sentence(
    tmp_path: Path, words: tuple[str, ...], part: str
) -> None:
    (tmp_path / "policy").write_text("")
    refused = pingxuan(tmp_path, "verify", *words)
    assert (refused.returncode, refused.stdout) == (2, "")
    [line] = refused.stderr.splitlines()
    assert part in line
    assert "hunter2" not in line


def test_a_checkpoint_that_was_seen_is_remembered_and_a_fork_found_by_it(tmp_path: Path) -> None:
    log = small_log()
    write(log.files(), tmp_path / "log")
    for agreeing in (0, 1):
        report = json.loads(succeeded(tmp_path, "verify", "log", "--seen", "seen", "--json"))
        assert report["log"]["earlierCheckpoints"] == agreeing
    [seen] = (tmp_path / "seen").iterdir()
    assert seen.name == f"checkpoint.{ORIGIN.replace('/', '%2F')}.18"
    log.entries[2], log.openings[2] = log.entries[3], log.openings[3]
    log.add("weather rain")
    write(log.files(), tmp_path / "fork")
    broken = pingxuan(tmp_path, "verify", "fork", "--seen", "seen")
    assert broken.returncode == 1
    assert f"FORKED in seen/{seen.name}: it says that the first 18 entries have the root" in broken.stderr
    assert len(list((tmp_path / "seen").iterdir())) == 1


def test_an_address_is_fetched_and_kept_and_only_what_is_new_the_next_time(tmp_path: Path) -> None:
    log = large_log()
    write(log.files(), tmp_path / "site" / "log")
    with published(tmp_path / "site") as (url, asked):
        assert "ballots: 300 cast, 300 count" in succeeded(tmp_path, "verify", url)
        succeeded(tmp_path, "verify", f"{url}/", "--save", "kept")
        kept = {
            file.relative_to(tmp_path / "kept").as_posix() for file in (tmp_path / "kept").rglob("*") if file.is_file()
        }
        assert kept == log.files().keys()
        log.add("weather rain")
        write(log.files(), tmp_path / "site" / "log")
        asked.clear()
        report = json.loads(succeeded(tmp_path, "verify", url, "--save", "kept", "--json"))
        assert report["log"]["earlierCheckpoints"] == 1
        assert "/log/tile/0/000" not in asked
        assert "/log/tile/0/001.p/50" in asked
    assert succeeded(tmp_path, "verify", "kept").splitlines()[0] == f"{ORIGIN}: 306 entries"


def test_a_folder_keeps_what_it_has_where_the_address_does_not_answer(tmp_path: Path) -> None:
    write(small_log().files(), tmp_path / "kept")
    assert pingxuan(tmp_path, "verify", "http://127.0.0.1:1/log", "--save", "kept").returncode == 2
    assert succeeded(tmp_path, "verify", "kept")


def test_a_server_that_limits_the_rate_of_requests_is_waited_for(tmp_path: Path) -> None:
    log = LogMaker()
    log.rules()
    write(log.files(is_open=False), tmp_path / "busy" / "log")
    with published(tmp_path) as (url, asked):
        assert "1 entries" in succeeded(tmp_path, "verify", url.replace("/log", "/busy/log"))
    assert asked.count("/busy/log/checkpoint") == 6


def test_a_file_that_an_address_lacks_is_named(tmp_path: Path) -> None:
    files = large_log().files()
    write({path: content for path, content in files.items() if path != "tile/1/000.p/1"}, tmp_path / "log")
    with published(tmp_path) as (url, _):
        broken = pingxuan(tmp_path, "verify", url)
        assert broken.returncode == 1
        assert "FILE_MISSING in tile/1/000.p/1: the file is not there" in broken.stderr
        nothing = pingxuan(tmp_path, "verify", f"{url}/elsewhere")
        assert (nothing.returncode, nothing.stderr.count("has no ballot log")) == (2, 1)


@pytest.mark.parametrize("said", ["\x1b[2J\x1b[HSound and countable", "\u202eelbatnuoc", "\x9b2J"])
def test_what_a_log_has_written_cannot_write_over_the_verdict(tmp_path: Path, said: str) -> None:
    log = small_log()
    log.result(log.result_tree() | {"campaign": said})
    write(log.files(), tmp_path / "log")
    told = pingxuan(tmp_path, "verify", "log")
    assert told.returncode == 1
    assert "RESULT_WRONG" in told.stderr
    assert all(each.isprintable() for each in (told.stdout + told.stderr).replace("\n", ""))


def test_a_checkpoint_that_was_seen_is_not_replaced_by_another_of_its_size(tmp_path: Path) -> None:
    """Asked a third time, a log that has forked is still found by what was seen first."""
    kept, log = tmp_path / "kept", small_log()
    write(log.files(), tmp_path / "log")
    first = (tmp_path / "log" / "checkpoint").read_bytes()
    with published(tmp_path) as (address, _):
        succeeded(tmp_path, "verify", address, "--save", str(kept))
        for root in (b"\x01" * 32, b"\x02" * 32):
            (tmp_path / "log" / "checkpoint").write_text(log.note(root=root))
            assert pingxuan(tmp_path, "verify", address, "--save", str(kept)).returncode == 1
    assert (kept / "checkpoint.18").read_bytes() == first


def test_a_log_that_says_that_it_has_no_end_is_not_fetched(tmp_path: Path) -> None:
    log = small_log()
    text = f"{ORIGIN}\n100000001\n{log.note().splitlines()[2]}\n"
    write(log.files() | {"checkpoint": f"{text}\n{log.signer.line(text)}".encode()}, tmp_path / "log")
    with published(tmp_path) as (address, asked):
        told = pingxuan(tmp_path, "verify", address)
    assert told.returncode == 2
    assert "it has 100,000,001 entries; at most 100,000,000 are fetched" in told.stderr
    assert not [path for path in asked if "tile" in path]
