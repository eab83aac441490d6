"""How long does a server take from its start to its first answer, on a database that is seeded?"""

import statistics
import subprocess
import time
from typing import Any

from bench.arena import FILLED, Arena
from bench.servers import COMMAND, ROOT, SERVER_CORE, Server, await_ready, settings
from tests.databases import free_port

TIMES = 5
POLL_INTERVAL = 0.002  # seconds between two requests


def starting(place: Arena) -> dict[str, Any]:
    """Median seconds to the first 200 on /readyz, on each database."""
    with place.postgres_database(FILLED) as postgres, place.sqlite_database(FILLED) as sqlite:
        urls = {"postgres": postgres, "sqlite": sqlite}
        return {name: statistics.median(start_seconds(url) for _ in range(TIMES)) for name, url in urls.items()}


def start_seconds(url: str) -> float:
    """One start."""
    port = free_port()
    command = ["taskset", "--cpu-list", SERVER_CORE, str(COMMAND), "serve"]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=settings(url, PORT=str(port)), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await_ready(Server("the server", process.pid, port), process, POLL_INTERVAL)
        return time.perf_counter() - start
    finally:
        process.terminate()
        process.wait()
