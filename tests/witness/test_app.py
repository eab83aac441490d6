"""Does a witness that runs answer over HTTP as tlog-witness has it, keep what it has cosigned, and tell people about it?"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from api.domain.log.notes import SignedNote
from api.domain.log.witness_protocol import Submission, parse_cosignatures
from tests.commands import pingxuan, succeeded
from tests.witnesses import ORIGIN, SmallLog, WitnessProcess, make_witness, witnessing

LOG = SmallLog()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def post(session: aiohttp.ClientSession, witness: WitnessProcess, body: bytes) -> tuple[int, str, bytes]:
    async with session.post(f"{witness.url}/add-checkpoint", data=body) as response:
        return response.status, response.headers["Content-Type"], await response.read()


async def get(session: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    async with session.get(url) as response:
        return response.status, await response.text()


def submission(old: int, size: int) -> bytes:
    return bytes(Submission(old, LOG.proof(old, size), LOG.note(size)))


async def test_it_answers_logs_and_people(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    key = make_witness(tmp_path / "times", "times.example/w", f"log {LOG.key}")
    with witnessing(tmp_path / "times") as witness:
        status, kind, body = await post(session, witness, submission(0, 5))
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        [signature] = parse_cosignatures(body)
        assert (signature.name, signature.key_id) == (key.name, key.key_id)
        assert await post(session, witness, submission(3, 8)) == (409, "text/x.tlog.size", b"5\n")
        assert (await post(session, witness, b"x" * 70_000))[0] == 413
        assert (await get(session, f"{witness.url}/add-checkpoint"))[0] == 405
        assert await get(session, f"{witness.url}/") == (200, f"{key}\n\n{ORIGIN} 5\n")
        status, text = await get(session, f"{witness.url}/{witness.digest}/checkpoint")
        assert status == 200
        assert SignedNote.parse(text).signatures == (*LOG.note(5).signatures, signature)
        assert (await get(session, f"{witness.url}/{'0' * 64}/checkpoint"))[0] == 404


async def test_what_it_has_answered_it_knows_after_it_was_killed(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    make_witness(tmp_path / "times", "times.example/w", f"log {LOG.key}")
    old = 0
    for size in (5, 9, 20):
        with witnessing(tmp_path / "times") as witness:
            assert (await post(session, witness, submission(old, size)))[0] == 200
            witness.kill()
        old = size
    with witnessing(tmp_path / "times") as witness:
        assert await post(session, witness, submission(9, 20)) == (409, "text/x.tlog.size", b"20\n")


async def test_requests_that_come_at_once_are_answered_one_after_the_other(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    make_witness(tmp_path / "times", "times.example/w", f"log {LOG.key}")
    with witnessing(tmp_path / "times") as witness, witnessing(tmp_path / "times") as twin:
        for size in range(1, 30):
            answers = await asyncio.gather(
                *(post(session, each, submission(size - 1, size)) for each in (witness, twin, witness, twin))
            )
            assert {status for status, *_ in answers} <= {200, 409}
            assert {body for status, _, body in answers if status == 409} <= {f"{size}\n".encode()}
            assert 200 in {status for status, *_ in answers}


def test_a_witness_whose_memory_is_gone_does_not_start(tmp_path: Path) -> None:
    succeeded(tmp_path, "witness", "key", "--new-key", "times.example/w")
    assert oct((tmp_path / "key").stat().st_mode & 0o777) == "0o600"
    (tmp_path / "logs").write_text(f"log {LOG.key}\n")
    again = pingxuan(tmp_path, "witness", "other", "--new-key", "times.example/w")
    assert again.stdout != ""
    (tmp_path / "other").unlink()
    taken = pingxuan(tmp_path, "witness", "other", "--new-key", "times.example/w")
    assert "other.cosigned is there already, with what another key has cosigned" in taken.stderr
    (tmp_path / "key.cosigned").rmdir()
    gone = pingxuan(tmp_path, "witness", "key", "logs")
    assert gone.returncode == 2
    assert "could cosign a second history of a log: put the folder back" in gone.stderr


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nonsense", "logs:2 is none of 'log KEY', or 'below KEY'"),
        (f"log {LOG.key}x", "logs:2: "),
        ("log", "logs:2 is none of"),
        (f"log {LOG.key} https://x", "logs:2 is none of"),
    ],
)
def test_a_file_of_logs_that_cannot_be_read_names_the_line(tmp_path: Path, line: str, sentence: str) -> None:
    succeeded(tmp_path, "witness", "key", "--new-key", "times.example/w")
    (tmp_path / "logs").write_text(f"# logs\n{line}\n")
    done = pingxuan(tmp_path, "witness", "key", "logs")
    assert done.returncode == 2
    assert sentence in done.stderr
