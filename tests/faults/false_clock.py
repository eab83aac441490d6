"""A clock of the system's that is set while programs run, for those alone that are started by it (libfaketime)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


def library() -> str | None:
    """Where the library is, None where it is not installed."""
    return next((str(found) for pattern in LIBRARIES for found in Path("/").glob(pattern[1:])), None)


@dataclass(frozen=True)
class FalseClock:
    """The clock, whose offset to the true one is in a file. What measures time and not moments stays as it is."""

    file: Path
    library: str

    @property
    def under(self) -> list[str]:
        """What a program is started by."""
        given = {
            "LD_PRELOAD": self.library,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        return ["env", *(f"{name}={value}" for name, value in given.items())]

    def set(self, moment: str) -> None:
        """Have it show this moment now."""
        offset = datetime.fromisoformat(moment) - datetime.now(UTC)
        new = self.file.with_suffix(".new")
        new.write_text(f"{offset.total_seconds():+.0f}\n")
        new.rename(self.file)
