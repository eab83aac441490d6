"""What is done to the disks of a deployment while people vote; see deeds.py."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.databases import PostgresServer
from tests.disks import fill
from tests.faults.deeds import postgres_of, start_again
from tests.faults.deployments import Deployment
from tests.faults.voters import Voters
from tests.postgres_programs import PostgresError

BATCH_FAILED = "ballots under way: The database failed: disk I/O error"
GAVE_UP = "PANIC:  could not "  # PostgreSQL does not trust what it holds in memory any more, and reads its log again


async def fill_disk(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """Something else fills the disk of the database, or of its tables, until somebody was told so."""
    assert deployment.disk is not None
    ballast = fill(deployment.disk)
    await voters.told_of("OVERLOADED")
    ballast.unlink()


async def fill_log_disk(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """Something fills the disk of PostgreSQL's write-ahead log, which gives up; there is room again, and it is started."""
    assert deployment.log_disk is not None
    server, ballast = postgres_of(deployment), fill(deployment.log_disk)

    def next_segment() -> None:
        with suppress(PostgresError):  # what it has no room for ends it
            server.run("SELECT pg_switch_wal()")

    await until_it_gives_up(server, voters, next_segment)
    await voters.told_of("OVERLOADED")
    ballast.unlink()
    await asyncio.to_thread(start_again, server)


async def fail_to_sync(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """Nothing can be made durable, until a batch of ballots has met with that, three times, and then until people are told."""
    assert deployment.broken is not None
    for _ in range(3):
        before = deployment.said(BATCH_FAILED)
        deployment.broken.touch()
        while await asyncio.to_thread(deployment.said, BATCH_FAILED) == before:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.01)
        deployment.broken.unlink()
        await voters.acknowledged(1)
    deployment.broken.touch()
    await voters.told_of("OVERLOADED")
    deployment.broken.unlink()


async def fail_to_sync_postgres(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """Nothing can be made durable, for which PostgreSQL gives up; the disk is well again, and an administrator restarts it.

    By itself 18.6 stayed in recovery mode, for as long as it was watched, when its recovery had met with such a disk too.
    """
    assert deployment.broken is not None
    server = postgres_of(deployment)
    deployment.broken.touch()
    await until_it_gives_up(server, voters)
    await voters.told_of("OVERLOADED")
    deployment.broken.unlink()
    with suppress(PostgresError):  # it has ended
        await asyncio.to_thread(server.stop)
    await asyncio.to_thread(start_again, server)


async def until_it_gives_up(
    server: PostgresServer, voters: Voters, meanwhile: Callable[[], None] = lambda: None
) -> None:
    log = server.data / "log"
    before = gave_up(log)
    while await asyncio.to_thread(gave_up, log) == before:
        await asyncio.to_thread(meanwhile)
        await voters.told_something()


def gave_up(log: Path) -> int:
    return log.read_text("utf-8", "replace").count(GAVE_UP)


async def cut_power(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """The machine loses its power, and its disk what was not fsynced."""
    await lose_power(deployment, voters, f"CUT.{chance.randrange(10**6)}")


async def tear_sectors(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """The same, and of what was not fsynced a random half of the sectors was written, in no order."""
    await lose_power(deployment, voters, f"TEAR.{chance.randrange(10**6)}")


async def lose_power(deployment: Deployment, voters: Voters, event: str) -> None:
    assert deployment.disk is not None
    await voters.under_way()
    await asyncio.to_thread(deployment.kill)
    await asyncio.to_thread((deployment.disk / event).touch)
    deployment.start()
