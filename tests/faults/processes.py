"""The processes that others have started, and signals to them, of which some may be gone."""

import os
import resource
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

ENDED_TIMEOUT = 60.0  # seconds for a process to end


def children_of(pid: int) -> list[int]:
    """The processes that a process has started; none when it is gone."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def send(number: int, pids: Iterable[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def await_end(pid: int) -> None:
    """Wait for a process that is nobody's here."""
    deadline = time.monotonic() + ENDED_TIMEOUT
    while state_of(pid) not in "ZX":
        assert time.monotonic() < deadline, f"process {pid} does not end"
        time.sleep(0.01)


def state_of(pid: int) -> str:
    """Its letter, as in `ps`; X when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"


def memory_of(pid: int) -> int:
    """The bytes that a process has addresses for."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
