"""The faults, as data: what is done, on what kind of deployment, and what people may be told meanwhile."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults import deeds, disk_deeds
from tests.faults.deployments import Deployment
from tests.faults.voters import Voters

Deed = Callable[[Deployment, Voters, random.Random], Awaitable[None]]
AWAY = frozenset({"OVERLOADED"})  # while the database is away
LOSES = frozenset({"lost although acknowledged"})
WITHOUT_MEMORY = frozenset({"INTERNAL", "BAD_INPUT"})  # orjson says of a request that it cannot be read
ENDED = frozenset({"lost"})  # when a process ends that was to answer


@dataclass(frozen=True)
class Fault:
    """One of them. places: the kinds of deployments, of places.py; least: so many processes.

    loses: whether the documentation says that acknowledged ballots may be lost.
    """

    deed: Deed
    places: tuple[str, ...]
    tells: frozenset[str] = frozenset()
    least: int = 1
    loses: bool = False

    @property
    def name(self) -> str:
        return self.deed.__name__


SERVER, DATABASE, NETWORK = ("sqlite", "postgres"), ("postgres",), ("network",)
REPLICATED, FRAIL = ("replicated",), ("frail postgres",)
FAULTS = (
    Fault(deeds.kill_server, SERVER, ENDED),
    Fault(deeds.kill_worker, SERVER, ENDED, least=2),
    Fault(deeds.pause_process, SERVER, AWAY),
    Fault(deeds.kill_postgres, DATABASE, AWAY),
    Fault(deeds.kill_backend, DATABASE, AWAY),
    Fault(deeds.terminate_backends, DATABASE, AWAY),
    Fault(deeds.cancel_statements, DATABASE, AWAY),
    Fault(deeds.stop_postgres, DATABASE, AWAY),
    Fault(deeds.restart_postgres, DATABASE, AWAY),
    Fault(deeds.cut_connections, NETWORK, AWAY),
    Fault(deeds.half_open, NETWORK, AWAY),
    Fault(deeds.silence, NETWORK, AWAY),
    Fault(deeds.fail_over, REPLICATED, AWAY),
    Fault(deeds.fail_over_late, REPLICATED, AWAY),
    Fault(deeds.fail_over_asynchronously, REPLICATED, AWAY | LOSES, loses=True),
    Fault(disk_deeds.fill_disk, ("small disk",), AWAY),
    Fault(deeds.kill_server, ("small disk",), AWAY | ENDED),
    Fault(disk_deeds.fail_to_sync, ("failing sync",), AWAY),
    Fault(disk_deeds.fill_disk, FRAIL, AWAY),
    Fault(disk_deeds.fill_log_disk, FRAIL, AWAY),
    Fault(disk_deeds.fail_to_sync_postgres, FRAIL, AWAY),
    Fault(disk_deeds.cut_power, ("lossy disk",), ENDED),
    Fault(disk_deeds.tear_sectors, ("lossy disk",), ENDED),
    Fault(deeds.jump_clock, ("false clock",)),
    Fault(deeds.sleep_over_midnight, ("false clock",), AWAY),
    Fault(deeds.limit_memory, SERVER, AWAY | ENDED | WITHOUT_MEMORY),
)
