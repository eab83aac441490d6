"""Does memory stay flat? `python -m bench.memory` sends 200,000 distinct documents, then casts 1,000,000 ballots.

It prints the server's resident memory as the requests go by, and writes memory.json. It takes long, and does not mind a
busy machine.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.arena import arena
from bench.loading import finish_wrk, start_wrk
from bench.servers import MORNING, ROOT, SECRET, Server, ours
from bench.voters import Voters, voters
from bench.workloads import CAST_SATURATED, RANKED

DOCUMENTS, BALLOTS = 200_000, 1_000_000
SECONDS = 20  # between two readings
WARM = 0.2  # of the requests, after which memory is expected to grow no more

Rows = list[dict[str, float]]


def main() -> int:
    """Both runs, on PostgreSQL, each in a fresh server."""
    result = {}
    with arena() as place:
        voter_pool = voters(BALLOTS + 200_000, SECRET, MORNING)
        for name, target, send in (("documents", DOCUMENTS, distinct), ("ballots", BALLOTS, casting(voter_pool))):
            with place.postgres_database(0) as url, ours(name, url, place.postgres.postmaster) as server:
                result[name] = sample_memory(name, server, target, send)
    Path(__file__).with_name("memory.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 0


def sample_memory(name: str, server: Server, target: int, send: Callable[[Server], dict[str, Any]]) -> Rows:
    """Send until enough were answered; after each round the requests so far and the memory in MiB."""
    rows: Rows = [{"requests": 0, "mebibytes": resident(server)}]
    while rows[-1]["requests"] < target:
        report = send(server)
        if report["bad"] or report["failed"]:
            raise RuntimeError(f"{name}: {report['bad']} wrong answers, such as {report['example']}")
        rows.append({"requests": rows[-1]["requests"] + report["requests"], "mebibytes": resident(server)})
        print(f"{name}: {rows[-1]['requests']:>9,} answered, {rows[-1]['mebibytes']:.1f} MiB", flush=True)
    warm = next(row for row in rows if row["requests"] >= WARM * target)
    print(
        f"{name}: {rows[-1]['mebibytes'] - warm['mebibytes']:+.1f} MiB since the first {warm['requests']:,}\n",
        flush=True,
    )
    return rows


def resident(server: Server) -> float:
    """The memory of the process that is in use, in MiB."""
    status = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    kibibytes = next(line.split()[1] for line in status if line.startswith("VmRSS"))
    return round(int(kibibytes) / 1024, 1)


def distinct(server: Server) -> dict[str, Any]:
    """A round of documents, none of them sent before."""
    command = [
        "wrk",
        "-t1",
        "-c16",
        f"-d{SECONDS}s",
        "--timeout=30s",
        "-s",
        "bench/load/documents.lua",
        server.url,
        "--",
    ]
    process = subprocess.Popen([*command, str(server.used)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    report = finish_wrk(server, RANKED, process)
    server.used = report["sent"]
    return report


def casting(voter_pool: Voters) -> Callable[[Server], dict[str, Any]]:
    """A round of ballots, each by a voter who has not voted."""
    return lambda server: finish_wrk(server, CAST_SATURATED, start_wrk(server, CAST_SATURATED, voter_pool, SECONDS))


if __name__ == "__main__":
    sys.exit(main())
