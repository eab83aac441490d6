"""Make a file of so many ballots, import it by the command on SQLite and on PostgreSQL, and print what that took.

CPU is read from /proc, so that it holds on a busy machine as well: of the command, and of all of PostgreSQL.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import busy_seconds, cpu_seconds
from tests.commands import PINGXUAN, environment, succeeded
from tests.databases import DURABLE, running_postgres

PROJECTS, MOST = 80, 10
SAMPLE = 0.5  # seconds between two looks at the memory


@dataclass
class Measured:
    """One import. others: cores that were busy with something else, on average. rss: megabytes, early on and at most."""

    database: str
    ballots: int
    seconds: float
    cpu: float
    database_cpu: float
    others: float
    early_rss: float
    most_rss: float

    def __str__(self) -> str:
        wall, cpu = self.ballots / self.seconds, self.ballots / (self.cpu + self.database_cpu)
        return (
            f"{self.database}: {self.ballots:,} ballots in {self.seconds:.0f} s: {wall:,.0f} a second; "
            f"{self.cpu:.0f} + {self.database_cpu:.0f} s of CPU (command, database): {cpu:,.0f} a second of CPU; "
            f"memory {self.early_rss:.0f} MB early on, {self.most_rss:.0f} MB at most; "
            f"{self.others:.1f} cores were busy with something else"
        )


def write_file(file: Path, ballots: int) -> None:
    """A Pabulib file with so many ballots of one to ten projects, each by a voter of its own."""
    chosen, votes = random.Random(5), [0] * (PROJECTS + 1)
    rows = file.with_suffix(".rows")
    with rows.open("w") as out:
        for voter in range(1, ballots + 1):
            projects = chosen.sample(range(1, PROJECTS + 1), chosen.randint(1, MOST))
            for project in projects:
                votes[project] += 1
            out.write(f"{voter};{','.join(map(str, projects))}\n")
    head = {
        "description": "Bench",
        "country": "Poland",
        "unit": "Town",
        "instance": "2024",
        "num_projects": PROJECTS,
        "num_votes": ballots,
        "budget": 1_000_000,
        "vote_type": "approval",
        "rule": "greedy",
        "date_begin": "01.05.2024",
        "date_end": "08.05.2024",
        "max_length": MOST,
    }
    with file.open("w") as out:
        out.write("META\nkey;value\n" + "".join(f"{key};{value}\n" for key, value in head.items()))
        out.write("PROJECTS\nproject_id;cost;votes;name\n")
        out.writelines(f"{n};{n}000;{votes[n]};Project {n}\n" for n in range(1, PROJECTS + 1))
        out.write("VOTES\nvoter_id;vote\n")
        with rows.open() as lines:
            out.writelines(lines)
    rows.unlink()


def measured(folder: Path, name: str, url: str, ballots: int, server: int | None) -> Measured:
    """Import the file once. server: the process of the database, where it is one of its own."""
    settings = {"DATABASE_URL": url, "SECRET": "a secret of the bench"}
    succeeded(folder, "migrate", forked=False, **settings)
    command = [str(PINGXUAN), "import", "bench.pb", "--json"]
    begun, busy = time.monotonic(), busy_seconds()
    database = 0.0 if server is None else cpu_seconds(server)
    sizes, cpu = [], 0.0
    with subprocess.Popen(command, cwd=folder, env=environment(settings), stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            sizes.append(resident(process.pid))
            cpu = max(cpu, cpu_seconds(process.pid))
            time.sleep(SAMPLE)
        said = json.loads(process.communicate()[0].splitlines()[-1])
    seconds = time.monotonic() - begun
    database = 0.0 if server is None else cpu_seconds(server) - database
    if said["ballots"] != {"accepted": ballots, "refused": {}} or said["totals"]["differences"]:
        raise SystemExit(f"{name}: not every ballot was counted: {said['ballots']}")
    others = (busy_seconds() - busy - cpu - database) / seconds
    early = sizes[len(sizes) // 10]
    return Measured(name, ballots, seconds, cpu, database, others, early, max(sizes))


def resident(pid: int) -> float:
    """Megabytes of a process that are in memory."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def postgres() -> Iterator[tuple[str, int]]:
    """The URL of an empty database with durable commits, and the process of its server."""
    with running_postgres(DURABLE) as server, server.fresh_database() as url:
        yield url, server.postmaster


def main() -> None:
    """Measure both databases, or the one that is named."""
    ballots = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    wanted = sys.argv[2:] or ["sqlite", "postgres"]
    with tempfile.TemporaryDirectory(prefix="pingxuan-imports-") as name:
        folder = Path(name)
        write_file(folder / "bench.pb", ballots)
        print(f"{(folder / 'bench.pb').stat().st_size / 1e6:.0f} MB", flush=True)
        if "sqlite" in wanted:
            print(measured(folder, "SQLite", f"sqlite://{folder}/bench.sqlite3", ballots, None), flush=True)
        if "postgres" in wanted:
            with postgres() as (url, pid):
                print(measured(folder, "PostgreSQL", url, ballots, pid), flush=True)


main()
