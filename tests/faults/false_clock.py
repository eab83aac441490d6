"""A clock of the system's that is set while a server runs, for that one alone."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class FalseClock:
    """The clock, whose offset to the true one is in a file."""

    file: Path

    @property
    def program(self) -> list[str]:
        """What a server by this clock is started by."""
        return [sys.executable, "-m", "tests.faults.clocked_server", str(self.file)]

    def set(self, moment: str) -> None:
        """Have it show this moment now."""
        offset = datetime.fromisoformat(moment) - datetime.now(UTC)
        new = self.file.with_suffix(".new")
        new.write_text(f"{offset.total_seconds():+.3f}\n")
        new.rename(self.file)
