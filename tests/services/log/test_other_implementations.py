"""Can others read a log that was sealed here: tlog-scales its files and checkpoint, pymerkle its entries?"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymerkle import InmemoryTree
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey

from api.storage.database.connection import open_database
from bench.filling import fill_sqlite
from tests.commands import succeeded
from tests.sealing import ORIGIN, PREFIX, a_world

pytestmark = pytest.mark.check
AFTERWARDS = datetime(2017, 4, 2, tzinfo=UTC)


@pytest.mark.parametrize("ballots", [1, 300, 70_000])
async def test_a_sealed_log_is_read_by_other_implementations(tmp_path: Path, seeded_2017: Path, ballots: int) -> None:
    file, folder = shutil.copy(seeded_2017, tmp_path / "2017.sqlite3"), tmp_path / "saved"
    url = f"sqlite://{file}"
    fill_sqlite(str(file), ballots, queued=True)
    async with open_database(url) as database:
        world = a_world(database, tmp_path, lambda: AFTERWARDS)
        await world.look()
        log = await world.log()
    settings = {"DATABASE_URL": url, "LOG_KEYS": str(tmp_path / "logkeys"), "LOG_ORIGIN": PREFIX}
    succeeded(tmp_path, "log", "save", str(folder), CLOCK=AFTERWARDS.isoformat(), **settings)

    [vkey, *_] = (folder / "keys").read_text().splitlines()
    reader = TilesReader(LocalBackend(folder))
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(Vkey.from_string(vkey))
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, log.published_size)
    assert reader.calculate_root_hash() == checkpoint.root_hash
    entries = [reader.get_entry(index) for index in range(checkpoint.size)]
    assert sum(entry.startswith(b"ballot ") for entry in entries) == ballots
    assert len(set(entries)) == len(entries)
    other = InmemoryTree()
    other.append_entries(entries)
    assert other.get_root() == checkpoint.root_hash
    for index in {0, 255, 256, checkpoint.size - 1} & set(range(checkpoint.size)):
        path = other.prove_inclusion(index + 1).path
        assert path[1:] == reader.get_inclusion_proof(index, checkpoint.size).node_hashes
