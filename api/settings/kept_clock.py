"""The clock of a demonstration, kept beside its database by the server, so that commands judge by the same one."""

import hashlib
import json
import logging
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from api.clock import Clock, clock_from, system_clock
from api.settings import Settings
from api.settings.setting import SettingError

log = logging.getLogger("pingxuan.settings")


def keep_clock(settings: Settings, began: float) -> None:
    """Keep the clock of a server that has begun to listen. Where the system's serves, a kept one is forgotten.

    began: when its clock began, as time.monotonic tells. Where none can be kept, which a demonstration can do without, that
    is logged. Raises SettingError where another server's clock cannot be forgotten.
    """
    file = _file(settings)
    if not isinstance(settings.clock_start, datetime):
        _forget(file)
        return
    try:
        _write(file, json.dumps({"start": settings.clock_start.isoformat(), "began": began}))
    except OSError as error:
        log.warning(
            "%s, in which a demonstration's clock is kept, cannot be written: %s. Set PINGXUAN_CLOCK for commands too.",
            file,
            error.strerror,
        )


def found_clock(settings: Settings) -> Clock:
    """The clock for a command: the one that was set, else the one kept beside this database, else the system's."""
    if settings.clock_start != "auto":
        return settings.clock()
    file = _file(settings)
    try:
        return _read(file.read_text())
    except FileNotFoundError:
        return system_clock
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise SettingError(f"{file} holds no demonstration's clock: delete it, or set PINGXUAN_CLOCK.") from None


def _read(text: str) -> Clock:
    kept = json.loads(text)
    start, began = datetime.fromisoformat(kept["start"]), float(kept["began"])
    if start.tzinfo is None or not began >= 0:
        raise ValueError
    now = time.monotonic()
    clock = clock_from(start.astimezone(UTC), min(began, now))  # after a restart of the machine: from its start on
    clock()  # it may be out of range
    return clock


def _write(file: Path, text: str) -> None:
    """Replace the file at once: a command may be reading it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        new.write_text(text)
        new.replace(file)
    finally:
        if new.exists():
            new.unlink()


def _forget(file: Path) -> None:
    try:
        if file.exists():  # a file system that may only be read refuses to remove what is not there
            file.unlink(missing_ok=True)
    except OSError as error:
        raise SettingError(
            f"{file}, in which a demonstration's clock is kept, cannot be removed: {error.strerror}. Delete it."
        ) from None


def _file(settings: Settings) -> Path:
    digest = hashlib.sha256(settings.database_url.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return settings.sidecar_file("clock") or Path(f".data/pingxuan-{digest}.clock")
