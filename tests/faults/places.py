"""On what kinds of deployments do things fail? Each by its name, made with all that it needs, or DiskUnavailable."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from tests.commands import PINGXUAN, SEED
from tests.databases import DURABLE, PostgresServer, running_postgres
from tests.disks import disk_of, failing_sync, lossy_disk
from tests.faults.clones import small_clone
from tests.faults.deployments import Deployment, deployed
from tests.faults.false_clock import FalseClock
from tests.faults.replicas import destroy
from tests.servers import MORNING, pingxuan, prepare

VOTERS = 10_000  # at one database, at most


@dataclass
class Ground:
    """What deployments of one run share: a prepared database to copy, and a PostgreSQL with one, once somebody asks for it."""

    folder: Path
    postgres: Callable[[], PostgresServer]

    def __post_init__(self) -> None:
        self.numbers = count(1)

    @cached_property
    def prepared_file(self) -> Path:
        file = self.folder / "prepared.sqlite3"
        prepare(f"sqlite://{file}", SEED)
        return file

    @cached_property
    def prepared_template(self) -> str:
        server = self.postgres()
        server.run("CREATE DATABASE prepared TEMPLATE template0")
        prepare(server.url("prepared"), SEED)
        return "prepared"

    @cached_property
    def tokens(self) -> list[str]:
        """The sessions of voters, from the first moment of the vote on."""
        count = ("token", "--count", str(VOTERS))
        return pingxuan(f"sqlite://{self.prepared_file}", *count, clock="2017-03-22T00:00:00+08:00").stdout.split()

    def fresh_folder(self) -> Path:
        folder = self.folder / str(next(self.numbers))
        folder.mkdir()
        return folder


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """Ground in this folder, with a PostgreSQL of its own whose commits are durable."""
    with running_postgres(DURABLE) as server:
        yield Ground(folder, lambda: server)


@contextmanager
def sqlite(ground: Ground, processes: int) -> Iterator[Deployment]:
    file = shutil.copy(ground.prepared_file, ground.fresh_folder() / "vote.sqlite3")
    with deployed(f"sqlite://{file}", processes) as deployment:
        yield deployment


@contextmanager
def postgres(ground: Ground, processes: int, proxied: bool = False) -> Iterator[Deployment]:
    server = ground.postgres()
    with (
        server.fresh_database(ground.prepared_template) as url,
        deployed(url, processes, postgres=server, proxied=proxied) as deployment,
    ):
        yield deployment


def network(ground: Ground, processes: int) -> AbstractContextManager[Deployment]:
    """PostgreSQL behind a proxy."""
    return postgres(ground, processes, proxied=True)


@contextmanager
def replicated(ground: Ground, processes: int) -> Iterator[Deployment]:
    """A PostgreSQL of its own, of which a standby may take the place."""
    with running_postgres(DURABLE) as server:
        prepare(server.url("postgres"), SEED)
        with deployed(server.url("postgres"), processes, postgres=server, proxied=True) as deployment:
            yield deployment
        for running in (deployment.postgres, deployment.standby):
            if running not in (None, server):
                destroy(running)


@contextmanager
def small_disk(ground: Ground, processes: int) -> Iterator[Deployment]:
    """SQLite on a disk of eight megabytes."""
    with disk_of(ground.fresh_folder() / "disk", 8) as disk, on_disk(ground, processes, disk) as deployment:
        yield deployment


@contextmanager
def no_sync(ground: Ground, processes: int) -> Iterator[Deployment]:
    """SQLite on a disk on which nothing can be made durable while the deployment's `broken` is there."""
    broken, under = failing_sync(ground.fresh_folder())
    with on_disk(ground, processes, broken.parent, (*under, str(PINGXUAN))) as deployment:
        deployment.broken = broken
        yield deployment


@contextmanager
def frail_postgres(ground: Ground, processes: int) -> Iterator[Deployment]:
    """A PostgreSQL of its own, with its tables on one small disk and its log on another, of which both may fail to write."""
    database = ground.prepared_template
    with (
        small_clone(ground.postgres()) as clone,
        deployed(clone.server.url(database), processes, postgres=clone.server) as deployment,
    ):
        deployment.disk, deployment.log_disk, deployment.broken = clone.tables, clone.log, clone.broken
        yield deployment


@contextmanager
def lossy(ground: Ground, processes: int) -> Iterator[Deployment]:
    """SQLite on a disk that forgets what was not fsynced when its power is cut."""
    with lossy_disk(ground.fresh_folder() / "disk") as disk, on_disk(ground, processes, disk) as deployment:
        yield deployment


@contextmanager
def on_disk(ground: Ground, processes: int, disk: Path, under: Sequence[str] = ()) -> Iterator[Deployment]:
    file = shutil.copyfile(ground.prepared_file, disk / "vote.sqlite3")
    with file.open("rb+") as copy:
        os.fsync(copy.fileno())
    with deployed(f"sqlite://{file}", processes, disk=disk, under=under) as deployment:
        yield deployment


@contextmanager
def false_clock(ground: Ground, processes: int) -> Iterator[Deployment]:
    """By the system's clock, which may be set: on SQLite one process, on PostgreSQL more."""
    clock = FalseClock(ground.fresh_folder() / "offset")
    clock.set(MORNING)
    with ExitStack() as stack:
        if processes == 1:
            url = f"sqlite://{shutil.copy(ground.prepared_file, clock.file.with_name('vote.sqlite3'))}"
        else:
            url = stack.enter_context(ground.postgres().fresh_database(ground.prepared_template))
        yield stack.enter_context(deployed(url, processes, clock=clock))


PLACES: dict[str, Callable[[Ground, int], AbstractContextManager[Deployment]]] = {
    "sqlite": sqlite,
    "postgres": postgres,
    "network": network,
    "replicated": replicated,
    "small disk": small_disk,
    "failing sync": no_sync,
    "frail postgres": frail_postgres,
    "lossy disk": lossy,
    "false clock": false_clock,
}
