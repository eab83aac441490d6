"""How much CPU has a process used, together with every process below it? Read from /proc, so it counts what others miss."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(root: int) -> float:
    """CPU seconds, user and system, of a process and its descendants, those that have ended included."""
    used = _used_by_all()
    family = _descendants(root, used)
    return sum(sum(used[pid][1:]) for pid in family if pid in used) / TICKS


def busy_seconds() -> float:
    """CPU seconds that all processes of the machine have used together, the kernel's work included."""
    user, nice, system, _idle, _waiting, interrupts, soft = (
        int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8]
    )
    return (user + nice + system + interrupts + soft) / TICKS


def _used_by_all() -> dict[int, tuple[int, int, int]]:
    """Per process its parent, its ticks, and the ticks of its ended children."""
    used = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text("latin-1").rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parent, user, system, children_user, children_system = (int(fields[n]) for n in (1, 11, 12, 13, 14))
            used[int(entry.name)] = parent, user + system, children_user + children_system
    return used


def _descendants(root: int, used: dict[int, tuple[int, int, int]]) -> set[int]:
    family = {root}
    while more := {pid for pid, (parent, _, _) in used.items() if parent in family} - family:
        family |= more
    return family
