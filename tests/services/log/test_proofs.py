"""Do proofs read few tiles, lead to the root that is published, and say nothing of what is only sealed?"""

import pytest

from api.domain.campaigns.directory import Directory
from api.domain.log.merkle import leaf_hash, verify_consistency, verify_inclusion
from api.domain.log.published_log import PublishedLog
from api.services.log.proofs import LogProofs
from api.services.snapshots import Snapshot
from api.storage.database.connection import Database
from api.storage.log.log_reader import SqlLogReader
from tests.ballot_logs import MadeBallot, MadeLog, MemoryLogs, a_ballot, store_campaign, store_log
from tests.campaigns import DURING, SLUG, a_campaign
from tests.execution import worlds

SIZES = (1, 2, 3, 255, 256, 257, 511, 512, 700)
LOG = MadeLog(["rules " + "0" * 64, *map(a_ballot, range(1, 700))], 700)


def as_it_is(log: PublishedLog) -> PublishedLog:
    """What an answer shows of a log that shows it nowhere else."""
    return log


@pytest.mark.parametrize("size", SIZES)
async def test_an_entry_is_proved_to_be_in_what_is_published(size: int) -> None:
    log = LOG.up_to(size)
    proofs, root = LogProofs(MemoryLogs(log)), log.root(size)
    for place in {0, size // 2, size - 1}:
        path = await proofs.inclusion(log.shown(), place)
        assert verify_inclusion(place, size, leaf_hash(log.lines[place]), path, root)


@pytest.mark.parametrize("new", SIZES)
async def test_a_larger_tree_is_proved_to_continue_a_smaller_one(new: int) -> None:
    proofs = LogProofs(MemoryLogs(LOG))
    for old in (0, *(size for size in SIZES if size <= new)):
        path = await proofs.consistency(LOG.shown(), old, new)
        assert verify_consistency(old, new, LOG.root(old), LOG.root(new), path)


async def test_a_proof_reads_a_few_tiles_in_one_go() -> None:
    reader = MemoryLogs(LOG)
    await LogProofs(reader).inclusion(LOG.shown(), 300)
    [keys] = reader.asked
    assert len(keys) <= 4


async def test_a_ballot_that_is_sealed_and_not_published_is_proved_by_nothing(database: Database) -> None:
    await store_campaign(database, a_campaign())
    log = LOG.up_to(300)
    number = await store_log(database, log)
    reader = SqlLogReader(database)
    proofs = LogProofs(reader)
    snapshot = Snapshot(Directory({}, {}), {}, DURING, logs=await reader.logs())
    for place in (299, 300):
        ballot = log.entries[place]
        assert isinstance(ballot, MadeBallot)
        found = await proofs.of_ballot(snapshot, SLUG, ballot.id, as_it_is)
        assert (found is not None) == (place < 300)
        if found is not None:
            assert (found.place, found.log.size) == (299, 300)
            assert verify_inclusion(299, 300, leaf_hash(log.lines[299]), found.hashes, log.root(300))
    assert await proofs.of_ballot(snapshot, SLUG, "z" * 26, as_it_is) is None
    # What another process has published since is in no snapshot yet.
    await database.rows("update logs set published_size = 700, note = $1 where id = $2", LOG.note, number)
    found = await proofs.of_ballot(snapshot, SLUG, ballot.id, as_it_is)
    assert found is not None
    assert verify_inclusion(300, 700, leaf_hash(log.lines[300]), found.hashes, found.log.root)


async def test_one_answer_shows_one_head_of_a_log_whatever_asks_for_it_first() -> None:
    proofs = LogProofs(MemoryLogs(worlds.LOG.up_to(300)))  # the snapshot has 290 of it
    ballot = worlds.LOG.entries[295]
    assert isinstance(ballot, MadeBallot)
    log_first, ballot_first = worlds.context(None), worlds.context(None)
    assert log_first.newest_log(SLUG).size == 290
    assert await proofs.of_ballot(log_first.snapshot, SLUG, ballot.id, log_first.log_head) is None
    found = await proofs.of_ballot(ballot_first.snapshot, SLUG, ballot.id, ballot_first.log_head)
    assert found is not None
    assert found.log.size == ballot_first.newest_log(SLUG).size == 300
