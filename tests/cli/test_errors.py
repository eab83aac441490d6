"""Is every failure of a command one sentence with what to do, without a traceback and without a secret?"""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import MODULES
from tests.cli.test_commands import SLUG, SOMEBODY
from tests.commands import PINGXUAN, SEED, environment, pingxuan, succeeded
from tests.databases import DURABLE, PostgresServer, running_postgres
from tests.disks import fill, make_read_only, small_disk

DURING = "2017-03-25T09:00:00+08:00"
BALLOT = "ballot/" + "a" * 26
SETTINGS = {"SECRET": "a secret", "CLOCK": DURING, "PORT": "0"}
ON_A_DATABASE = {
    "serve": (),
    "load": (str(SEED),),
    "import": (str(SEED),),
    "grant": ("EXPERT", SOMEBODY),
    "withdraw": ("EXPERT", SOMEBODY),
    "revoke": (SOMEBODY,),
    "trail": (),
    "suspicions": (),
    "forget": (SLUG, "--yes"),
    "results": (),
    "audit": (),
    "report": (SLUG,),
    "export": (SLUG, "--format", "csv"),
    "replay-selection": ("--campaign", SLUG),
    "simulate": ("3", "--force"),
    "ballots": ("hold", BALLOT, "--reason", "They are all alike."),
    "log": ("state",),
    "backup": ("copy.sqlite3",),
    "distribute": (),
}
MAKING_ONE = {"migrate": (), "demo": ()}
WITHOUT_ONE = {
    "restore",  # where there is none
    "sandbox",
    "check",
    "schema",
    "errors",
    "token",
    "new",
    "verify",
    "verify-receipt",
    "witness",
}


def sentence(folder: Path, *words: str, code: int = 2, **settings: str) -> str:
    """What the command says of its failure, which is one line."""
    done = pingxuan(folder, *words, **SETTINGS | settings)
    assert done.returncode == code, (words, done.stdout, done.stderr)
    [line] = done.stderr.splitlines()
    assert done.stdout == ""
    return line


def test_every_command_is_tried() -> None:
    assert ON_A_DATABASE.keys() | MAKING_ONE.keys() | WITHOUT_ONE == MODULES.keys()


@pytest.mark.parametrize("command", ON_A_DATABASE)
def test_a_mistyped_path_makes_no_database_and_is_named(tmp_path: Path, command: str) -> None:
    for url in ("sqlite://data/mistyped.sqlite3", f"sqlite://{tmp_path}/mistyped.sqlite3"):
        said = sentence(tmp_path, command, *ON_A_DATABASE[command], DATABASE_URL=url)
        assert f"{url.removeprefix('sqlite://')} cannot be opened: there is no file {tmp_path}/" in said
        assert "PINGXUAN_DATABASE_URL" in said
        assert "`pingxuan migrate`" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ON_A_DATABASE | MAKING_ONE)
def test_what_is_no_database_is_named(tmp_path: Path, command: str) -> None:
    (tmp_path / "notes.txt").write_text("These are notes, long enough to be no header of a database. " * 20)
    (tmp_path / "folder").mkdir()
    words = (command, *(ON_A_DATABASE | MAKING_ONE)[command])
    assert "notes.txt cannot be opened: file is not a database; name" in sentence(
        tmp_path, *words, DATABASE_URL="sqlite://notes.txt"
    )
    assert "folder cannot be opened: it is a folder; name" in sentence(tmp_path, *words, DATABASE_URL="sqlite://folder")


@pytest.mark.parametrize("command", ["migrate", "audit"])
@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("postgres://u:hunter2@127.0.0.1:1/city", ("city on 127.0.0.1:1", "refused", "host and port")),
        ("postgres://u:hunter2@nowhere.invalid/city", ("city on nowhere.invalid:5432", "host and port")),
        ("postgres:///city?host=/nowhere&password=hunter2", ("city on /nowhere:5432", "host and port")),
        ("postgres://u:hun@ter2/w#rd@h/city", ("%23",)),
        ("postgres://u:hunter2/city", ("malformed",)),
        ("postgres://u:hunter2@h:port/city", ("malformed",)),
        ("postgres://u@h/city?pass=hunter2", ("takes",)),
        ("mysql://u:hunter2@h/city", ("postgres://USER",)),
        ("sqlite://u:hunter2@h/city", ("no password",)),
    ],
)
def test_a_server_that_cannot_be_reached_is_named_without_its_password(
    tmp_path: Path, command: str, url: str, parts: tuple[str, ...]
) -> None:
    said = sentence(tmp_path, command, DATABASE_URL=url)
    assert all(part in said for part in parts), said
    assert not any(part in said for part in ("hunter2", "ter2", "w#rd"))


@pytest.mark.parametrize(
    "words",
    [
        ("migrate", "postgres://u:hunter2@h/city"),
        ("audit", "u:hunter2@h/city"),
        ("results", "--language", "postgres://u:hun/hunter2@h/city"),
        ("simulate", "postgres://u:hunter2@h/city"),
        ("postgres://u:hunter2@h/city", "audit"),
    ],
)
def test_a_url_that_stands_in_the_wrong_place_is_answered_without_its_password(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    said = sentence(tmp_path, *words)
    assert "hun" not in said
    assert "--help" in said


@pytest.fixture(scope="module")
def strict_postgres() -> Iterator[PostgresServer]:
    """A server with passwords, and a role that may do nothing."""
    with running_postgres(DURABLE) as server:
        server.run("CREATE ROLE weak LOGIN PASSWORD 'hunter2'")
        server.run("CREATE ROLE narrow LOGIN CONNECTION LIMIT 0")
        rules = server.data / "pg_hba.conf"
        rules.write_text("host all weak,reader all scram-sha-256\n" + rules.read_text())
        server.run("SELECT pg_reload_conf()")
        yield server


def test_a_simulation_that_may_not_store_a_ballot_says_so_without_a_traceback(
    tmp_path: Path, strict_postgres: PostgresServer
) -> None:
    with strict_postgres.fresh_database() as url:
        given = {"SECRET": "a secret", "DATABASE_URL": url}
        succeeded(tmp_path, "migrate", **given)
        succeeded(tmp_path, "load", str(SEED), **given)
        strict_postgres.run("CREATE ROLE reader LOGIN PASSWORD 'hunter2'; GRANT pg_read_all_data TO reader")
        narrow = url.replace("postgres@", "reader:hunter2@")
        done = pingxuan(tmp_path, "simulate", "30", **SETTINGS | {"DATABASE_URL": narrow})
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if "permission denied for table" in line]
    assert len(lines) > 1
    assert sum(line.startswith("pingxuan: The database refused: permission denied") for line in lines) == 1


@pytest.mark.parametrize(
    ("user", "database", "part"),
    [
        ("weak:hunter2", "postgres", "permission denied for schema public; have its owner grant it"),
        ("weak:wrong-hunter2", "postgres", "password authentication failed"),
        ("weak", "postgres", "password"),
        ("postgres", "nowhere", "nowhere"),
        ("nobody", "postgres", 'role "nobody" does not exist'),
        ("narrow", "postgres", "too many connections"),
    ],
)
def test_what_a_role_may_not_do_is_said_with_what_to_do(
    tmp_path: Path, strict_postgres: PostgresServer, user: str, database: str, part: str
) -> None:
    url = f"postgres://{user}@127.0.0.1:{strict_postgres.port}/{database}"
    said = sentence(tmp_path, "migrate", DATABASE_URL=url)
    assert part in said
    assert "; " in said
    assert "hunter2" not in said


def test_who_may_connect_and_read_nothing_is_told_so(tmp_path: Path, strict_postgres: PostgresServer) -> None:
    with strict_postgres.fresh_database() as url:
        succeeded(tmp_path, "migrate", DATABASE_URL=url)
        weak = url.replace("postgres@", "weak:hunter2@")
        for command in ("audit", "serve", "trail"):
            said = sentence(tmp_path, command, DATABASE_URL=weak)
            assert "permission denied for table" in said
            assert "grant" in said


@pytest.fixture
def loaded(tmp_path: Path, seeded_2017: Path) -> Path:
    """A folder with a database at `vote.sqlite3`."""
    shutil.copy(seeded_2017, tmp_path / "vote.sqlite3")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("trail", "--since", "yesterday"), "--since is 'yesterday': give an instant"),
        (("trail", "--since", "2017-03-22"), "--since is '2017-03-22': give an instant"),
        (("trail", "--kind", "NOPE"), "ROLE_GRANTED"),
        (("results", "--language", "fr"), "zh, en, zh-Hant"),
        (("results", "--campaign", "nope"), SLUG),
        (("results", "--nope"), "See `pingxuan results --help`."),
        (("nope",), "No such command 'nope'"),
        (("ballots", "nope"), "No such command 'nope'"),
        (("check",), "See `pingxuan check --help`."),
        (("token", "--count", "0"), "--count"),
        (("simulate", "many"), "N"),
        (("simulate", "1", "--force", "--acknowledged", "nowhere/ids"), "nowhere/ids: No such file or directory; see"),
        (("simulate", "1", "--force", "--acknowledged", "."), ".: Is a directory; name"),
        (("simulate", "1", "--url", "nonsense"), "--url"),
        (("simulate", "1", "--url", "ftp://h"), "--url"),
        (("simulate", "1", "--url", "http://u:hunter2@[h"), "--url"),
        (("simulate", "1", "--url", "http://u:hun/ter2@h"), "--url"),
        (("simulate", "1", "--url", "http://u:hunter2@h:99999"), "--url"),
        (
            ("simulate", "1", "--url", "http://u:hunter2@127.0.0.1:1/?key=hunter2"),
            "127.0.0.1:1/graphql does not answer",
        ),
        (("sandbox", "--at", "noon"), "--at"),
        (("grant", "EXPERT", "lin"), "viewer/"),
        (("ballots", "hold", "lin", "--reason", "They are all alike."), "ballot/"),
        (("log", "continue", "nope", "--yes"), SLUG),
        (("log", "continue", SLUG, "--yes"), "has no log yet"),
        (("log", "save", "new"), "Nothing is published of the log of"),
        (("log", "save", "new", "--generation", "2"), "Nothing is published of generation 2 of the log of"),
        (("log", "save", "vote.sqlite3"), "is no empty folder"),
        (("log", "keys", "vote.sqlite3"), "vote.sqlite3"),
        (("log", "keys", "missing/keys"), "missing/keys"),
        (("witness", "vote.sqlite3"), "--new-key"),
        (("witness", "missing", "logs"), "missing: No such file"),
        (("witness", "vote.sqlite3", "logs"), "vote.sqlite3 holds no key of a witness"),
        (("witness", "w", "--new-key", "two words"), "like witness.example.org/w1"),
        (("witness", "vote.sqlite3", "--new-key", "w"), "vote.sqlite3: File exists"),
    ],
)
def test_a_wrong_argument_is_answered_by_what_would_be_right(loaded: Path, words: tuple[str, ...], part: str) -> None:
    said = sentence(loaded, *words, DATABASE_URL="sqlite://vote.sqlite3")
    assert part in said
    assert not any(part in said for part in ("hunter2", "ter2"))


@pytest.mark.parametrize("command", [("check",), ("load",), ("sandbox", "--campaign")])
def test_a_campaign_file_that_cannot_be_read_is_named(loaded: Path, command: tuple[str, ...]) -> None:
    (loaded / "bad.toml").write_text("x = [")
    (loaded / "binary.toml").write_bytes(b"\xff\xfe")
    for name in ("missing.toml", ".", "bad.toml", "binary.toml"):
        assert name in sentence(loaded, *command, name, code=1, DATABASE_URL="sqlite://vote.sqlite3")


@pytest.mark.parametrize(
    ("variable", "value", "part"),
    [
        ("OIDC_PROVIDERS", "missing.toml", "missing.toml cannot be read"),
        ("OIDC_PROVIDERS", ".", "cannot be read"),
        ("OIDC_PROVIDERS", "vote.sqlite3", "vote.sqlite3 is no TOML file"),
        ("TRACING", "u:hunter2@h", "collector"),
        ("TRACING", "http//u:hunter2@h", "collector"),
        ("TRACING", "http://u:hunter2@[h", "TRACING"),
        ("WECHAT_API", "ftp://u:hunter2@h", "WECHAT_API"),
        ("TOKEN_KEYS", "hunter2", "PINGXUAN_TOKEN_KEYS: give"),
        ("DATABASE_URL_FILE", "postgres://u:hunter2@h/d", "cannot be read"),
        ("TOKEN_KEYS_FILE", "hunter2", "PINGXUAN_TOKEN_KEYS_FILE: the file that it names cannot be read"),
        ("SECRET", "hunter2\udcff", "PINGXUAN_SECRET: give"),
        ("DATABASE_URL", "sqlite://\udcff", "UTF-8"),
        ("DATABASE_URL", "postgres://u:hunter2\udcff@h/d", "UTF-8"),
    ],
)
def test_a_wrong_setting_is_named_and_no_secret_in_it_is_shown(
    loaded: Path, variable: str, value: str, part: str
) -> None:
    url = {} if variable.startswith("DATABASE_URL") else {"DATABASE_URL": "sqlite://vote.sqlite3"}
    said = sentence(loaded, "serve", **url | {variable: value})
    assert part in said
    assert "hunter2" not in said


def test_a_disk_that_is_full_or_may_only_be_read_is_said_to_be_so(tmp_path: Path, seeded_2017: Path) -> None:
    with small_disk(tmp_path / "small") as disk:
        ballast = fill(disk)
        for command in ("migrate", "demo"):
            said = sentence(tmp_path, command, DATABASE_URL=f"sqlite://{disk}/new.sqlite3")
            assert "disk" in said
            assert "; " in said
        ballast.unlink()
        shutil.copy(seeded_2017, disk / "vote.sqlite3")
        ballast = fill(disk)
        said = sentence(tmp_path, "grant", "EXPERT", SOMEBODY, DATABASE_URL=f"sqlite://{disk}/vote.sqlite3")
        assert "disk" in said
        ballast.unlink()
        make_read_only(disk)
        said = sentence(tmp_path, "grant", "EXPERT", SOMEBODY, DATABASE_URL=f"sqlite://{disk}/vote.sqlite3")
        assert "; see that" in said


@pytest.mark.parametrize(
    "words", [("schema",), ("results",), ("results", "--csv"), ("results", "--json"), ("token", "--count", "3000")]
)
def test_whoever_stops_reading_sees_no_failure(loaded: Path, words: tuple[str, ...]) -> None:
    given = environment(SETTINGS | {"DATABASE_URL": "sqlite://vote.sqlite3"})
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([PINGXUAN, *words], cwd=loaded, env=given, **pipes) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode in (0, 1)


def test_output_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [PINGXUAN, "schema"], cwd=tmp_path, env=environment({}), stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.endswith("No space left on device; make room on the disk.")


def test_a_terminal_without_chinese_gets_escapes(loaded: Path) -> None:
    given = environment({"DATABASE_URL": "sqlite://vote.sqlite3"}) | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run([PINGXUAN, "results"], cwd=loaded, env=given, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u793e" in done.stdout


def test_ctrl_c_ends_a_command_without_a_traceback(loaded: Path) -> None:
    given = environment(SETTINGS | {"DATABASE_URL": "sqlite://vote.sqlite3"})
    # The process of the tests may ignore the signal, and what it starts would as well.
    command = ["env", "--default-signal=INT", PINGXUAN, "token", "--count", "1000000"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=loaded, env=given, text=True, **pipes) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=180)
    assert process.returncode == 130
    assert "Traceback" not in said
