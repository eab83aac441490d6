"""Do the commands about logs show, save and go on with them while servers serve, on either database?"""

import json
import shutil
from pathlib import Path

import pytest

from api.domain.log.notes import VerifierKey
from tests.cli.test_commands import AFTER
from tests.commands import pingxuan, succeeded
from tests.logged_servers import ORIGIN, PREFIX, cast, client_of, log_settings, published, run, states, until_served
from tests.servers import SEED, SLUG, prepare, serving


@pytest.fixture
def url(fresh_url, tmp_path: Path) -> str:
    address: str = fresh_url()
    prepare(address, SEED)
    return address


async def test_a_log_is_shown_saved_and_gone_on_with_while_a_server_serves(url: str, tmp_path: Path) -> None:
    given = log_settings(tmp_path)
    assert states(tmp_path, url, given)[SLUG]["sealed"] == 0
    with serving(url, **given) as server:
        async with client_of(server) as client:
            await cast(client, 3)
            await published(client, 3)
            told = states(tmp_path, url, given)[SLUG]
            served = {path: (await client.get(f"/log/{SLUG}/{path}")).body for path in PATHS}
            assert run(tmp_path, url, given, "log", "save", "one", "--campaign", SLUG).returncode == 0
            begun = run(tmp_path, url, given, "log", "continue", SLUG, "--yes")
            assert begun.stdout.startswith(f"{SLUG}: {ORIGIN}/2 continues {ORIGIN} at 5 entries, root ")
            await published(client, 4, f"/log/{SLUG}/2")
            assert run(tmp_path, url, given, "log", "save", "two").stdout == f"two: {ORIGIN}/2, 6 entries\n"
            assert run(tmp_path, url, given, "log", "save", "three", "--generation", "1").stdout == (
                f"three: {ORIGIN}, 5 entries\n"
            )
    expected = {
        "campaign": SLUG,
        "origin": ORIGIN,
        "generation": 1,
        "sealed": 5,
        "published": 5,
        "waiting": 0,
        "anchored": 5,
        "problem": None,
        "witnesses": [],
    }
    assert {key: value for key, value in told.items() if key != "publishedAt"} == expected
    for folder in ("one", "three"):
        assert {path: (tmp_path / folder / path).read_bytes() for path in PATHS} == served
        assert files_in(tmp_path / folder) - served.keys() == {f"documents/{rules_of(served)}"}
    for folder in ("one", "two", "three"):
        assert run(tmp_path, url, {}, "verify", folder).returncode == 0


async def test_a_log_that_may_be_counted_is_saved_with_what_its_ballots_say(seeded_2017: Path, tmp_path: Path) -> None:
    url, given = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}", log_settings(tmp_path)
    with serving(url, **given) as server:
        async with client_of(server) as client:
            await cast(client, 3)
            await published(client, 3)
    with serving(url, clock=AFTER, **given) as server:
        async with client_of(server) as client:
            await until_served(client, f"/log/{SLUG}/openings/000.p/5")
    saved = run(tmp_path, url, given | {"CLOCK": AFTER}, "log", "save", "counted")
    assert saved.returncode == 0, saved.stderr
    verified = run(tmp_path, url, {}, "verify", "counted", "--json")
    assert verified.returncode == 0, verified.stdout
    assert json.loads(verified.stdout)["verdict"] == "COUNTABLE"
    assert any(path.startswith("openings/") for path in files_in(tmp_path / "counted"))


PATHS = ("checkpoint", "keys", "policy", "tile/0/000.p/5", "tile/entries/000.p/5")


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def rules_of(served: dict[str, bytes]) -> str:
    """The digest that the first entry commits to."""
    return served["tile/entries/000.p/5"][2:].split()[1][:64].decode()


def test_without_keys_the_state_says_so(tmp_path: Path, seeded_2017: Path) -> None:
    done = pingxuan(tmp_path, "log", "state", "--json", DATABASE_URL=f"sqlite://{seeded_2017}")
    assert done.returncode == 1
    [told] = json.loads(done.stdout)
    assert told["problem"].startswith("This server has no keys of ballot logs")
    assert told["origin"] == f"localhost/log/{SLUG}"


def test_keys_are_made_once_and_printed_under_any_name(tmp_path: Path) -> None:
    made = pingxuan(tmp_path, "log", "keys", "logkeys", LOG_ORIGIN=PREFIX)
    assert made.stderr == "logkeys: made. Keep it secret, and a copy of it elsewhere.\n"
    log, receipts = map(VerifierKey.parse, made.stdout.splitlines())
    assert (log.name, receipts.name) == (PREFIX, f"{PREFIX}/receipts")
    again = pingxuan(tmp_path, "log", "keys", "logkeys", LOG_ORIGIN=PREFIX)
    assert (again.stdout, again.stderr) == (made.stdout, "")
    named = succeeded(tmp_path, "log", "keys", "logkeys", "--origin", ORIGIN)
    assert VerifierKey.parse(named.splitlines()[0]) == VerifierKey.of(ORIGIN, log.kind, log.public)


def test_whoever_does_not_say_yes_begins_no_other_log(tmp_path: Path, seeded_2017: Path) -> None:
    done = pingxuan(tmp_path, "log", "continue", SLUG, DATABASE_URL=f"sqlite://{seeded_2017}")
    assert done.returncode == 1
    assert "its name is new, so whoever keeps the old one's key or policy needs the new one's" in done.stdout
