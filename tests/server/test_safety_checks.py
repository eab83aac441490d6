"""Does a server refuse to be reached by others with what only a demonstration may have?"""

import secrets
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from api.server.safety_checks import check_safety, is_public, is_weak
from api.settings import DANGERS, read_settings
from api.settings.setting import SettingError
from tests.commands import PINGXUAN, environment, pingxuan, succeeded

STRONG = "3f9c1d07a6b24e8859d1c0b7e6a4f2931be57d08c94a6f10d2e38b7754c9a06f"
CLOCK = "2017-03-22T09:00:00+08:00"


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("127.0.0.1", False),
        ("127.8.9.1", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),  # noqa: S104 - the very thing
        ("::", True),
        ("192.0.2.7", True),
        ("10.0.0.1", True),
        ("no-such-host.invalid", True),
        ("a" * 300, True),
    ],
)
def test_only_this_machine_s_own_addresses_are_private(host: str, public: bool) -> None:
    assert is_public(host) is public


@pytest.mark.parametrize(
    ("secret", "weak"),
    [
        (b"a secret", True),
        (b"a" * 64, True),
        (b"password" * 8, True),
        (b"0123456789abcdef" * 4, True),
        (b"01" * 40, True),
        (STRONG[:31].encode(), True),
        (STRONG.encode(), False),
        (STRONG[:32].encode(), False),
        (b"correct horse battery staple and then some", False),
    ],
)
def test_a_secret_is_weak_when_it_is_short_or_monotonous(secret: bytes, weak: bool) -> None:
    assert is_weak(secret) is weak


def test_no_random_secret_is_called_weak() -> None:
    assert not any(is_weak(secrets.token_hex(32).encode()) for _ in range(10_000))


def settings(**given: str):
    return read_settings({}, **{"HOST": "0.0.0.0", "SECRET": STRONG} | given)  # noqa: S104


def test_a_public_server_without_dangers_may_start() -> None:
    check_safety(settings())


@pytest.mark.parametrize(
    ("danger", "given"),
    [("guests", {"GUESTS": "on"}), ("weak-secret", {"SECRET": "short"}), ("demonstration-clock", {"CLOCK": CLOCK})],
)
def test_each_danger_is_refused_until_it_is_accepted_by_its_name(danger: str, given: dict[str, str]) -> None:
    with pytest.raises(SettingError, match=f"PINGXUAN_ACCEPTED_DANGERS={danger}$"):
        check_safety(settings(**given))
    others = ",".join(set(DANGERS) - {danger})
    with pytest.raises(SettingError):
        check_safety(settings(**given, ACCEPTED_DANGERS=others))
    check_safety(settings(**given, ACCEPTED_DANGERS=danger))
    check_safety(settings(**given, HOST="127.0.0.1"))


@pytest.mark.parametrize(
    ("way", "given"),
    [
        ("PINGXUAN_PROXIES", {"PROXIES": "127.0.0.1"}),
        ("PINGXUAN_HOSTS=vote.example.cn", {"HOSTS": "localhost,vote.example.cn"}),
        ("PINGXUAN_HSTS", {"HSTS": "600"}),
    ],
)
def test_others_reach_a_server_behind_a_proxy_wherever_it_listens(way: str, given: dict[str, str]) -> None:
    with pytest.raises(SettingError, match=f"^{way} lets others reach"):
        check_safety(settings(HOST="127.0.0.1", GUESTS="on", **given))
    check_safety(settings(HOST="127.0.0.1", GUESTS="on", HOSTS="localhost", ORIGINS="http://localhost:5173"))


@pytest.mark.parametrize("key", ["a" * 64, "password" * 8])
def test_a_weak_token_key_is_a_weak_secret(key: str) -> None:
    with pytest.raises(SettingError, match=r"PINGXUAN_TOKEN_KEYS can be guessed.*=weak-secret$"):
        check_safety(settings(TOKEN_KEYS=f"PINGXUAN_SECRET,{key}"))
    check_safety(settings(TOKEN_KEYS=f"{STRONG[::-1]},PINGXUAN_SECRET"))


def test_all_dangers_are_told_at_once_and_no_secret_with_them() -> None:
    with pytest.raises(SettingError) as caught:
        check_safety(settings(GUESTS="on", SECRET="hunter2", CLOCK=CLOCK))
    assert all(danger in str(caught.value) for danger in DANGERS)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(settings(SECRET="hunter2"))


def test_a_danger_that_there_is_not_cannot_be_accepted() -> None:
    with pytest.raises(SettingError, match="guests"):
        settings(ACCEPTED_DANGERS="yes")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104
def test_a_demonstration_is_not_shown_to_others_by_accident(tmp_path: Path, host: str) -> None:
    done = pingxuan(tmp_path, "demo", HOST=host, PORT="0")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "PINGXUAN_ACCEPTED_DANGERS=demonstration-clock,guests" in done.stderr
    assert not list(tmp_path.rglob("*.sqlite3")), "nothing was set up for it"


def test_serving_others_with_a_weak_secret_is_refused(tmp_path: Path) -> None:
    succeeded(tmp_path, "migrate")
    done = pingxuan(tmp_path, "serve", HOST="0.0.0.0", PORT="0", SECRET="a secret")  # noqa: S104
    assert done.returncode == 2
    assert "at least 32 random bytes" in done.stderr


def test_a_demonstration_is_shown_to_others_when_told_so_in_so_many_words(tmp_path: Path) -> None:
    given = {"HOST": "0.0.0.0", "PORT": "0", "ACCEPTED_DANGERS": "guests, demonstration-clock"}  # noqa: S104
    with (
        (tmp_path / "stderr").open("wb") as stderr,
        subprocess.Popen(
            [PINGXUAN, "demo"], cwd=tmp_path, env=environment(given), stdout=subprocess.PIPE, stderr=stderr, text=True
        ) as server,
    ):
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().split()[2].rpartition(":")[2].removesuffix("/graphql"))
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        finally:
            server.send_signal(signal.SIGTERM)
    assert server.returncode == 0
    assert "accepted danger guests" in (tmp_path / "stderr").read_text()
