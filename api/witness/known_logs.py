"""The logs that a witness cosigns: a file with their verifier keys, which is read again when it has changed."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from api.domain.errors import OperatorError
from api.domain.log.notes import ED25519, NoteError, VerifierKey

ONE, ALL_BELOW = "log", "below"
FORMS = f"'{ONE} KEY', or '{ALL_BELOW} KEY' for all logs whose names begin with the key's and a slash"
log = logging.getLogger("pingxuan.witness")


class KnownLogsError(OperatorError):
    """The file of the logs is not what it has to be; the message names the line."""


class Trusted(NamedTuple):
    """The keys of logs by their name, and by what their names begin with."""

    logs: Mapping[str, tuple[VerifierKey, ...]]
    below: tuple[VerifierKey, ...]


class KnownLogs:
    """The logs in a file. A change that cannot be read is logged, and the logs stay as they were."""

    def __init__(self, file: Path) -> None:
        """Read the file. Raises KnownLogsError and OSError."""
        self._file = file
        self._version = _version(file)
        self._trusted = _read(file)

    def keys_of(self, origin: str) -> tuple[VerifierKey, ...]:
        """The keys that may sign for a log; none where it is not known."""
        self._refresh()
        below = (key for key in self._trusted.below if origin.startswith(f"{key.name}/"))
        return (*self._trusted.logs.get(origin, ()), *(VerifierKey.of(origin, key.kind, key.public) for key in below))

    def is_named(self, origin: str) -> bool:
        """Whether a log has a line of its own."""
        return origin in self._trusted.logs

    def _refresh(self) -> None:
        try:
            version = _version(self._file)
            if version != self._version:
                self._version = version
                self._trusted = _read(self._file)
                log.info("%s has changed and was read again", self._file)
        except OSError as error:
            log.warning("%s cannot be read, so the logs stay as they were: %s", self._file, error.strerror)
        except KnownLogsError as error:
            log.warning("%s The logs stay as they were.", error)


def _version(file: Path) -> tuple[int, int, int]:
    status = os.stat(file)
    return status.st_ino, status.st_size, status.st_mtime_ns


def _read(file: Path) -> Trusted:
    logs: dict[str, tuple[VerifierKey, ...]] = {}
    below: list[VerifierKey] = []
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
        match line.split():
            case []:
                continue
            case [first, *_] if first.startswith("#"):
                continue
            case [kind, text] if kind in (ONE, ALL_BELOW):
                key = _key(file, number, text)
            case _:
                raise KnownLogsError(f"{file}:{number} is none of {FORMS}.")
        if kind == ONE:
            logs[key.name] = (*logs.get(key.name, ()), key)
        else:
            below.append(key)
    return Trusted(logs, tuple(below))


def _key(file: Path, number: int, text: str) -> VerifierKey:
    try:
        key = VerifierKey.parse(text)
    except NoteError as error:
        raise KnownLogsError(f"{file}:{number}: {error}.") from None
    if key.kind != ED25519:
        raise KnownLogsError(f"{file}:{number}: the key is of kind {key.kind}; a log's is of kind {ED25519}, Ed25519.")
    return key
