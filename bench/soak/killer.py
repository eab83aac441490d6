"""Who kills, and starts again what does not start by itself?"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from bench.soak.schedule import Kill
from bench.soak.told import Told
from bench.soak.voters import Voters
from tests.databases import PostgresServer
from tests.faults.deeds import BACKENDS
from tests.faults.deployments import Deployment
from tests.faults.processes import send
from tests.postgres_programs import PostgresError

INTERVAL = 0.2  # seconds between two looks at what is to be there
RECOVERY_TIMEOUT = 600.0  # seconds for PostgreSQL to recover, or for a server to have all its workers again


class Killer:
    """Carries out what is planned, at its time, or as soon as what was killed before is there again."""

    def __init__(self, deployment: Deployment, server: PostgresServer, voters: Voters, told: Told, seed: int) -> None:
        self._deployment, self._server, self._voters, self._told = deployment, server, voters, told
        self._chance = random.Random(f"kills {seed}")
        self._lock = asyncio.Lock()  # lest what is being killed is started meanwhile
        self._connections: list[int] = []
        self.restarts = 0  # of servers that had ended by themselves

    async def carry_out(self, plan: Sequence[Kill], seconds: float) -> None:
        """Kill one thing after the other. seconds: of the whole run."""
        for kill in plan:
            await asyncio.sleep(max(0.0, kill.at * seconds - self._voters.now()))
            match kill.what:
                case "worker":
                    await self._kill_worker(kill.spare)
                case "connection":
                    await self._kill_backend()
                case "postgres":
                    await self._kill_postgres()
                case _:
                    await self._kill_server(kill.what)

    async def revive(self) -> None:
        """Start the server again whenever it has ended by itself, as systemd does it."""
        while True:
            await asyncio.sleep(INTERVAL)
            async with self._lock:
                if self._deployment.process is not None and self._deployment.process.poll() is not None:
                    self.restarts += 1
                    self._deployment.start()

    async def _kill_worker(self, spare: bool) -> None:
        """Any, or the youngest. What counts workers sees none while a server starts."""
        await until(self._has_workers, "the server does not get its workers")
        workers = sorted(self._deployment.workers())
        self._note("worker")
        send(9, [workers[-1] if spare else self._chance.choice(workers)])

    async def _kill_server(self, what: str) -> None:
        """All its processes; where that is asked for, again while it starts."""
        async with self._lock:
            self._note(what)
            await asyncio.to_thread(self._deployment.kill)
            self._deployment.start()
            if what != "server":
                await asyncio.sleep(2 * self._chance.random())
                await asyncio.to_thread(self._deployment.kill)
                self._deployment.start()

    async def _kill_backend(self) -> None:
        self._connections = []
        await until(self._has_connections, "no server has a connection to PostgreSQL")
        self._note("connection")
        send(9, [self._chance.choice(self._connections)])

    async def _kill_postgres(self) -> None:
        self._note("postgres")
        send(9, [self._server.postmaster])
        await self.restore()

    async def restore(self) -> None:
        """Have PostgreSQL run, whatever was done to it."""
        await until(self._is_started, "PostgreSQL does not recover")

    def _has_workers(self) -> bool:
        return len(self._deployment.workers()) == self._deployment.processes

    def _has_connections(self) -> bool:
        with suppress(PostgresError):  # it recovers from what was done to it before
            self._connections = [int(pid) for pid in self._server.run(BACKENDS)]
        return bool(self._connections)

    def _is_started(self) -> bool:
        """Whether PostgreSQL answers; start it if it does not. It cannot start while processes of the killed one are left."""
        with suppress(PostgresError):
            return bool(self._server.run("select 1"))
        with suppress(PostgresError):  # it may also take longer to recover than its start is waited for
            self._server.start()
        return False

    def _note(self, what: str) -> None:
        self._told.interrupt(what, self._voters.now())


async def until(is_so: Callable[[], bool], what: str) -> None:
    """Return once it is so. Raises TimeoutError with what is wrong."""
    deadline = time.monotonic() + RECOVERY_TIMEOUT
    while not await asyncio.to_thread(is_so):
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {RECOVERY_TIMEOUT:.0f} s {what}")
        await asyncio.sleep(INTERVAL)
