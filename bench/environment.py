"""What did it run on? The machine, the versions, and which Python."""

import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.arena import Arena, sync_microseconds
from bench.servers import ROOT


def environment(place: Arena) -> dict[str, Any]:
    """All of it; told: the same in lines that fit under the chart."""
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": first_line("git", "rev-parse", "--short", "HEAD"),
        "processor": processor(),
        "cores": len([line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("processor")]),
        "python": platform.python_version(),
        "python_executable": str(Path(sys.executable).resolve()),
        "node": first_line("node", "--version").removeprefix("v"),
        "postgresql": first_line(str(place.postgres.binaries / "postgres"), "--version").split()[-1],
        "durable_write_microseconds": round(sync_microseconds(place.folder)),
    }
    return {**result, "told": told(result)}


def told(environment: dict[str, Any]) -> list[str]:
    """What to know beside the figures."""
    return [
        f"{environment['date']}, {environment['commit']}: {environment['cores']} cores, server on one, load on the other.",
        f"Python {environment['python']} ({environment['python_executable']}),",
        f"Node {environment['node']}, PostgreSQL {environment['postgresql']}.",
    ]


def first_line(*command: str) -> str:
    """What a program says first."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    return (done.stdout.splitlines() or ["unknown"])[0]


def processor() -> str:
    """The processor's name."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
