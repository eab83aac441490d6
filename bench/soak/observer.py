"""What do the processes use while it runs: memory, processor, disk? And a file with all figures so far, kept up to date."""

import asyncio
import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.processes import TICKS, busy_seconds
from tests.databases import PostgresServer
from tests.faults.deployments import Deployment
from tests.faults.processes import children_of
from tests.postgres_programs import PostgresError

INTERVAL = 2.0  # seconds between two looks
REPORTED = 60.0  # seconds between two reports
NOTED = 120.0  # seconds between two notes of a process's memory
WAITING = "select coalesce(sum(length(ballots)), 0) / 26 from log_queue"
LEFT = 64  # ballots that may wait for others, so that they are sealed together
SEALED_TIMEOUT = 1800.0  # seconds
LIVES = 10  # the longest, which are reported


@dataclass
class Life:
    """A server process, and the MiB of memory of its own, noted now and then, and when it was last seen."""

    began: float
    ended: float = 0.0
    last_mib: int = 0
    mib: list[int] = field(default_factory=list)

    def note(self, now: float, mib: int) -> None:
        self.ended, self.last_mib = now, mib
        if now - self.began >= NOTED * len(self.mib):
            self.mib.append(mib)

    def figures(self) -> dict[str, Any]:
        lasted = round(self.ended - self.began)
        return {"began_s": round(self.began), "lasted_s": lasted, "mib": [*self.mib, self.last_mib]}


@dataclass
class Observer:
    """Looks at all processes. told: the figures so far, without those that are observed here."""

    deployment: Deployment
    server: PostgresServer
    output: Path
    told: Callable[[], dict[str, Any]]
    line: Callable[[], str]
    begun: float = field(default_factory=time.monotonic)
    samples: list[dict[str, Any]] = field(default_factory=list)
    lives: dict[int, Life] = field(default_factory=dict)
    _ticks: dict[int, int] = field(default_factory=dict)  # by process, at the last look
    _cpu: dict[str, float] = field(default_factory=dict)  # seconds of each kind since the last report

    async def look(self) -> None:
        """Look, and report each minute, until cancelled."""
        self._look()
        self._cpu.clear()  # what was used before
        reported, busy = 0.0, busy_seconds()
        while True:
            await asyncio.sleep(INTERVAL)
            memory = self._look()
            if (now := time.monotonic() - self.begun) - reported >= REPORTED:
                waiting = await asyncio.to_thread(self._waiting)
                used = busy_seconds() - busy
                self._report(now, now - reported, memory, used, waiting)
                reported, busy = now, busy + used

    def _look(self) -> dict[str, int]:
        """Note the processor time of all processes; return the memory of each kind, in MiB."""
        main = self.deployment.process.pid if self.deployment.process else 0
        postgres = postmaster_of(self.server)
        workers, backends = children_of(main), children_of(postgres)
        kinds = {"workers": workers, "main": [main], "postgres": [postgres, *backends], "client": [os.getpid()]}
        for kind, pids in kinds.items():
            self._cpu[kind] = self._cpu.get(kind, 0.0) + sum(map(self._used, pids))
        now = time.monotonic() - self.begun
        for pid in workers:
            if mib := memory_of(pid):
                self.lives.setdefault(pid, Life(now)).note(now, mib)
        return {kind: max(map(memory_of, pids), default=0) for kind, pids in kinds.items()}

    def _used(self, pid: int) -> float:
        """The seconds of CPU that a process has used since the last look."""
        ticks = ticks_of(pid)
        before, self._ticks[pid] = self._ticks.get(pid, 0), ticks
        return max(0, ticks - before) / TICKS

    async def sealed(self) -> float:
        """Wait until no more ballots wait for the log than may, but not for ever; return how many seconds that took."""
        begun = time.monotonic()
        while self._waiting() not in range(LEFT) and time.monotonic() - begun < SEALED_TIMEOUT:  # noqa: ASYNC110 - elsewhere
            await asyncio.sleep(INTERVAL)
        return round(time.monotonic() - begun, 1)

    def _waiting(self) -> int | None:
        """How many ballots wait for the log; None while the database is away."""
        with suppress(PostgresError):
            return int(self.server.run(WAITING)[0])
        return None

    def _report(self, now: float, seconds: float, memory: dict[str, int], used: float, waiting: int | None) -> None:
        cpu = {kind: round(spent / seconds, 2) for kind, spent in self._cpu.items()} | {"all": round(used / seconds, 2)}
        self._cpu.clear()
        sample = {"at_s": round(now), "mib": memory, "cores": cpu, "unsealed": waiting, **disk(self.server.data)}
        self.samples.append(sample)
        self.save(self.told())
        print(f"{self.line()}; {waiting} wait for the log; MiB {memory}; cores {cpu}", flush=True)

    def save(self, figures: dict[str, Any]) -> None:
        """Write these figures and what was observed, all or nothing."""
        longest = sorted(self.lives.values(), key=lambda life: life.began - life.ended)[:LIVES]
        lives = [life.figures() for life in longest]
        new = self.output.with_suffix(".new")
        observed = {"mib_by_tenths": self.tenths(), "longest_lives": lives, "observed": self.samples}
        new.write_text(dumped(figures | observed), "utf-8")
        new.replace(self.output)

    def tenths(self) -> dict[str, list[int]]:
        """The most memory of a process of each kind in each tenth of what was observed."""
        size = -(-len(self.samples) // 10) or 1
        parts = [self.samples[start : start + size] for start in range(0, len(self.samples), size)]
        kinds = self.samples[0]["mib"] if self.samples else ()
        return {kind: [max(sample["mib"][kind] for sample in part) for part in parts] for kind in kinds}


def dumped(figures: dict[str, Any]) -> str:
    """JSON with a line for each figure, and for each element of those that are lists."""
    lines = []
    for name, value in figures.items():
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list):
            text = "[\n  " + ",\n  ".join(json.dumps(each, ensure_ascii=False) for each in value) + "\n ]"
        lines.append(f" {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def postmaster_of(server: PostgresServer) -> int:
    """The process above all of PostgreSQL's; 0 when there is none."""
    with suppress(OSError, IndexError, ValueError):
        return server.postmaster
    return 0


def memory_of(pid: int) -> int:
    """MiB of memory that a process shares with no file and no other process; 0 when it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text("latin-1").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) // 1024
    return 0


def ticks_of(pid: int) -> int:
    """The processor time of a process so far; 0 when it is gone."""
    with suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    return 0


def disk(data: Path) -> dict[str, int]:
    """MiB of the tables, of the write-ahead log, and free."""
    return {
        "tables_mib": size_of(data / "base"),
        "wal_mib": size_of(data / "pg_wal"),
        "free_mib": shutil.disk_usage(data).free // 2**20,
    }


def size_of(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # a file of the write-ahead log was renamed meanwhile
            total += path.stat().st_blocks * 512
    return total // 2**20
