"""What does the ballot log cost? `python -m bench.sealing` seals a million ballots, proves some of them, and verifies it all.

It measures the CPU of one process on SQLite, prints it and writes sealing.json. It takes two minutes, and does not mind a busy
machine.
"""

import argparse
import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.bootstrap.database import open_snapshots
from api.domain.log.bundles import ids_in
from api.domain.log.tiles import TILE_WIDTH
from api.domain.voting.ballots import Admission, Ballot, StoredBatch
from api.ports.log import Log
from api.services.log.directory import LogDirectory
from api.services.log.proofs import LogProofs
from api.services.log.publication import LogPublisher
from api.services.log.receipts import Receipts
from api.services.log.sealing import LogSealer
from api.storage.database.connection import Database, open_database
from api.storage.log.log_reader import SqlLogReader
from api.storage.log.sealing_store import SqlSealingStore
from api.storage.sign_ins import count_of
from api.transparency.key_file import make_key_file, read_keys
from api.transparency.log_keys import LogKeys
from bench.filling import DAY, MIDNIGHT, fill_sqlite
from bench.servers import COMMAND, ROOT, SLUG, prepare, settings

BALLOTS, PROOFS = 1_000_000, 500
PREFIX = "bench.example/log"
AFTERWARDS = datetime(2017, 4, 2, tzinfo=UTC)  # voting is over, and everybody may see the results
BATCH, BATCHES = 60, 500  # ballots of a commit at 128 connections, and how many commits are signed


def main() -> int:
    """Run it, in a process of its own, so that the memory is the sealer's."""
    parser = argparse.ArgumentParser("python -m bench.sealing", description=__doc__)
    parser.add_argument("--ballots", type=int, default=BALLOTS)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent, help="folder for sealing.json (bench/)")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="pingxuan-bench-") as name:
        found = asyncio.run(measured(Path(name), options.ballots))
    (options.output / "sealing.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(told(found))
    return 0


def told(found: Mapping[str, Any]) -> str:
    """The figures in words."""
    count = found["ballots"]
    return "\n".join(
        (
            f"{count:,} ballots: sealed in {found['sealing_seconds']:.1f} s of CPU, "
            f"{1e6 * found['sealing_seconds'] / count:.1f} µs each; {found['sealing_mebibytes']:.0f} MiB more at the most",
            f"read back, signed and published in {found['publishing_seconds']:.1f} s of CPU",
            f"an inclusion proof: {found['proof_milliseconds']:.2f} ms of CPU",
            f"verified from a folder in {found['verifying_seconds']:.1f} s of CPU",
            f"a receipt, of {BATCH} that are signed together: {found['receipt_microseconds']:.2f} µs of CPU",
        )
    )


async def measured(folder: Path, ballots: int) -> dict[str, Any]:
    """Every figure."""
    file, keys = folder / "sealing.sqlite3", folder / "logkeys"
    prepare(f"sqlite://{file}")
    with ProcessPoolExecutor(1, get_context("spawn")) as other:  # its memory is not ours
        other.submit(partial(fill_sqlite, str(file), ballots, queued=True)).result()
    make_key_file(keys)
    signer = LogKeys(read_keys(keys))
    found: dict[str, Any] = {"ballots": ballots}
    async with open_database(f"sqlite://{file}") as database:
        directory, store = LogDirectory(PREFIX), SqlSealingStore(database, count_of)
        sealer = LogSealer(store, directory, lambda: AFTERWARDS, timedelta(minutes=1))
        before, start = peak(), time.process_time()
        log = await sealer.seal(SLUG)
        found |= {"sealing_seconds": time.process_time() - start, "sealing_mebibytes": peak() - before}
        if log is None or log.ballots != ballots:
            raise RuntimeError(f"not everything is sealed: {log}")
        start = time.process_time()
        await LogPublisher(store, signer, None, None, directory, lambda: AFTERWARDS).publish(log)
        found["publishing_seconds"] = time.process_time() - start
        found["proof_milliseconds"] = await proof_milliseconds(database, log)
        found["receipt_microseconds"] = await receipt_microseconds(database, signer, directory)
    return found | {"verifying_seconds": verifying_seconds(f"sqlite://{file}", keys)}


def peak() -> float:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def proof_milliseconds(database: Database, log: Log) -> float:
    """The median CPU of the proof that a ballot is in the log, the look-up of its place included."""
    full = log.ballots // TILE_WIDTH
    query = "select ballots from log_bundles where n < $1 and n % $2 = 0"
    bundles = await database.rows(query, full, max(1, full // PROOFS))
    ballots = [ids_in(row["ballots"])[-1] for row in bundles]
    snapshot, proofs = await open_snapshots(database).refresh(AFTERWARDS), LogProofs(SqlLogReader(database))
    times = []
    for ballot in ballots:
        start = time.process_time()
        proof = await proofs.of_ballot(snapshot, SLUG, ballot, lambda log: log)
        times.append(1e3 * (time.process_time() - start))
        if proof is None:
            raise RuntimeError("a ballot that is sealed is not proven")
    return statistics.median(times)


async def receipt_microseconds(database: Database, signer: LogKeys, directory: LogDirectory) -> float:
    """What receipts cost each ballot of a commit: its leaf and path, and its part of one signature."""
    campaign = (await open_snapshots(database).refresh(AFTERWARDS)).directory.campaigns[SLUG]
    receipts, chance = Receipts(signer, directory, timedelta(hours=1)), random.Random(2017)
    batches = [_commit(chance) for _ in range(BATCHES)]
    start = time.process_time()
    for ballots in batches:
        for ballot in ballots:
            if receipts.of(ballot, campaign) is None:
                raise RuntimeError("a ballot has no receipt")
    return 1e6 * (time.process_time() - start) / (BATCH * BATCHES)


def _commit(chance: random.Random) -> list[Ballot]:
    """The ballots that one commit has stored."""
    drawn = [tuple(sorted(chance.sample(range(1, 51), 20))) for _ in range(BATCH)]
    ids = [f"{chance.getrandbits(128):026x}"[-26:] for _ in drawn]
    stored = StoredBatch()
    for name, positions in zip(ids, drawn, strict=True):
        stored.ballots[name] = Admission((name,), SLUG, DAY, MIDNIGHT, positions)
    return [Ballot(name, SLUG, DAY, MIDNIGHT, each.positions, batch=stored) for name, each in stored.ballots.items()]


def verifying_seconds(database_url: str, keys: Path) -> float:
    """The CPU of `pingxuan verify` on a folder with all that is published, from the start of its process to its end."""
    folder, given = keys.with_name("published"), {"LOG_KEYS": str(keys), "LOG_ORIGIN": PREFIX}
    environment = settings(database_url, CLOCK=AFTERWARDS.isoformat(), **given)
    subprocess.run([COMMAND, "log", "save", folder], env=environment, check=True, capture_output=True, cwd=ROOT)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([COMMAND, "verify", folder, "--json"], env=environment, capture_output=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if json.loads(done.stdout)["verdict"] != "COUNTABLE":
        raise RuntimeError(f"the log is not sound: {done.stdout.decode()}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
