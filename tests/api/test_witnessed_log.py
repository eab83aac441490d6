"""Does a server publish what enough witnesses have cosigned, and go on taking ballots whatever the witnesses do?"""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import SignedNote
from api.domain.log.signatures import check_signatures
from api.transparency.ed25519 import ed25519_holds
from api.witness.witness_key import WitnessKey
from tests.databases import free_port
from tests.logged_servers import (
    PREFIX,
    cast,
    client_of,
    log_key,
    log_settings,
    note,
    published,
    run,
    states,
    until_logged,
)
from tests.servers import SLUG, serving
from tests.standins.witness import Said, standing_in
from tests.witnesses import WitnessProcess, make_witness, witnessing

pytestmark = pytest.mark.any_engine
TWO = ("times", "harbour")


@pytest.fixture
def url(seeded_2017: Path, tmp_path: Path) -> str:
    return f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[WitnessProcess]]:
    """Two witnesses that know all logs of the server's, by one line."""
    log_settings(tmp_path)
    with ExitStack() as stack:
        for name in TWO:
            make_witness(tmp_path / name, f"{name}.example/w", f"below {log_key(tmp_path, PREFIX)}")
        yield [stack.enter_context(witnessing(tmp_path / name)) for name in TWO]


def policy(quorum: str, witnesses: list[WitnessProcess]) -> str:
    lines = "".join(each.line(name) for each, name in zip(witnesses, TWO, strict=True))
    return f"{lines}group both {quorum} {' '.join(TWO)}\nquorum both\n"


def signers(folder: Path, found: SignedNote, witnesses: list[WitnessProcess]) -> set[str]:
    keys = [log_key(folder), *(each.key for each in witnesses)]
    return {each.key.name for each in check_signatures(found, keys, ed25519_holds)}


async def test_what_both_witnesses_have_cosigned_is_published(
    url: str, two: list[WitnessProcess], tmp_path: Path
) -> None:
    given = log_settings(tmp_path, policy("all", two))
    with serving(url, **given) as server:
        async with client_of(server) as client:
            await cast(client, 3)
            found = await published(client, 3)
            assert signers(tmp_path, found, two) == {f"{PREFIX}/{SLUG}", "times.example/w", "harbour.example/w"}
            await cast(client, 1)
            await published(client, 4)
            assert (await client.get(f"/log/{SLUG}/policy")).body.decode().count("witness ") == 2
        told = states(tmp_path, url, given)[SLUG]
    assert told["published"] == told["sealed"] == told["anchored"] == 6
    assert told["problem"] is None
    assert [(each["name"], each["answer"]) for each in told["witnesses"]] == [
        (name, "it has seen 6 entries, as published") for name in TWO
    ]
    assert all(each["cosignedAt"].startswith(f"{time.gmtime().tm_year}-") for each in told["witnesses"])


async def test_while_a_witness_is_down_ballots_are_taken_and_published_once_it_is_back(
    url: str, two: list[WitnessProcess], tmp_path: Path
) -> None:
    make_witness(tmp_path / "late", "late.example/w", f"below {log_key(tmp_path, PREFIX)}")
    port = free_port()  # which nobody takes while it is down
    with witnessing(tmp_path / "late", port) as late:
        pass
    given = log_settings(tmp_path, f"{late.line('late')}{two[0].line('times')}group g all late times\nquorum g\n")
    with serving(url, noisy=True, **given) as server:
        async with client_of(server) as client:
            await cast(client, 2)
            await until_logged(server, "late: it does not answer")
            await cast(client, 2)
            assert await note(client) is None
            told = states(tmp_path, url, given)[SLUG]
            assert (told["published"], told["problem"]) == (0, None)
            with witnessing(tmp_path / "late", port) as late:
                found = await published(client, 4)
                assert signers(tmp_path, found, [two[0], late]) >= {"times.example/w", "late.example/w"}


async def test_one_of_two_is_enough_where_the_policy_says_so(
    url: str, two: list[WitnessProcess], tmp_path: Path
) -> None:
    absent = WitnessKey.of("absent.example/w", b"a" * 32).verifier_key
    lines = f"{two[0].line('times')}witness absent {absent} http://127.0.0.1:1\ngroup g any times absent\nquorum g\n"
    given = log_settings(tmp_path, lines)
    with serving(url, **given) as server:
        async with client_of(server) as client:
            await cast(client, 2)
            assert signers(tmp_path, await published(client, 2), two) == {f"{PREFIX}/{SLUG}", "times.example/w"}
        told = run(tmp_path, url, given, "log", "state")
    assert told.returncode == 0
    assert f"{SLUG}: {PREFIX}/{SLUG}\n  4 entries are published since " in told.stdout
    assert "the anchor has 4\n" in told.stdout
    assert "witness absent has not cosigned it; now: it does not answer" in told.stdout


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("garbage", "its answer cannot be used"),
        ("500", "it answers 500"),
        (Said(200, "— odd.example/w AAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"), "there is no signature with the key"),
    ],
)
async def test_a_witness_in_trouble_only_keeps_what_is_sealed_from_being_published(
    url: str, tmp_path: Path, said: Said | str, sentence: str
) -> None:
    key = WitnessKey.of("odd.example/w", b"o" * 32).verifier_key
    with standing_in(said if isinstance(said, str) else lambda _: said) as address:
        given = log_settings(tmp_path, f"witness odd {key} {address}\nquorum odd\n")
        with serving(url, noisy=True, **given) as server:
            async with client_of(server) as client:
                await cast(client, 2)
                await until_logged(server, sentence)
                await cast(client, 1)
                assert await note(client) is None


async def test_of_two_copies_of_a_database_the_witness_cosigns_one(
    seeded_2017: Path, two: list[WitnessProcess], tmp_path: Path
) -> None:
    """Each has an anchor of its own, as two servers would that show two histories."""
    copies = [f"sqlite://{shutil.copy(seeded_2017, tmp_path / name)}" for name in ("one.sqlite3", "two.sqlite3")]
    lines = f"{two[0].line('times')}quorum times\n"
    first = log_settings(tmp_path, lines)
    second = log_settings(tmp_path, lines, LOG_ANCHOR=str(tmp_path / "another"))
    with serving(copies[0], **first) as server:
        async with client_of(server) as client:
            await cast(client, 3)
            seen = await published(client, 3)
    kept = two[0].checkpoint.read_text()
    for ballots in (3, 2):  # as large as what the witness has seen, then larger
        with serving(copies[1], noisy=True, **second) as server:
            async with client_of(server) as client:
                await cast(client, ballots)
                await until_logged(server, "The witness times has seen")
                assert await note(client) is None
    assert two[0].checkpoint.read_text() == kept
    assert Checkpoint.parse(seen.text).size == 5
