"""The clock of a demonstration, kept beside its database by the server, so that commands judge by the same one."""

import hashlib
import json
import time
from datetime import UTC, datetime
from pathlib import Path

from api.clock import Clock, clock_from, system_clock
from api.settings import Settings
from api.settings.setting import SettingError


def kept_clock(settings: Settings) -> Clock:
    """The clock of a server that starts now. A demonstration's is kept; where the system's serves, a kept one is forgotten.

    Raises SettingError when that cannot be done.
    """
    file = _file(settings)
    try:
        if not isinstance(settings.clock_start, datetime):
            if file.exists():  # a file system that may only be read refuses to remove what is not there
                file.unlink(missing_ok=True)
            return system_clock
        began = time.monotonic()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"start": settings.clock_start.isoformat(), "began": began}))
    except OSError as error:
        raise SettingError(
            f"{file}, in which a demonstration's clock is kept, cannot be written: {error.strerror}."
        ) from None
    return clock_from(settings.clock_start, began)


def found_clock(settings: Settings) -> Clock:
    """The clock for a command: the one that was set, else the one kept beside this database, else the system's."""
    if settings.clock_start != "auto":
        return settings.clock()
    file = _file(settings)
    try:
        kept = json.loads(file.read_text())
        start, began = datetime.fromisoformat(kept["start"]).astimezone(UTC), float(kept["began"])
    except FileNotFoundError:
        return system_clock
    except (OSError, ValueError, KeyError, TypeError):
        raise SettingError(f"{file} holds no demonstration's clock: delete it, or set PINGXUAN_CLOCK.") from None
    return clock_from(start, min(began, time.monotonic()))  # after a restart of the machine: from its start on


def _file(settings: Settings) -> Path:
    digest = hashlib.sha256(settings.database_url.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return settings.sidecar_file("clock") or Path(f".data/pingxuan-{digest}.clock")
