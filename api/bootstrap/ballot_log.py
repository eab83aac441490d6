"""What the settings say of the ballot logs: their keys and names, the anchor, and the witnesses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from api.domain.log.notes import NoteError
from api.domain.log.policies import Policy
from api.ports.log import Witnesses
from api.services.log.witnessing import Witnessing
from api.settings import Settings
from api.settings.log import AUTO, OFF
from api.settings.parsers import is_web_address
from api.settings.setting import PREFIX, SettingError
from api.transparency.anchor import FolderAnchor
from api.transparency.key_file import make_key_file, read_keys
from api.transparency.log_keys import LogKeys
from api.transparency.witness_client import open_witness_client


def log_keys(settings: Settings) -> LogKeys | None:
    """The keys of the logs with the policy about their witnesses; None where nothing is signed.

    Raises KeyFileError and SettingError.
    """
    file = _place(settings, settings.log.keys, "logkeys")
    if file is None or (settings.log.keys == AUTO and not file.exists()):
        return None
    return LogKeys(read_keys(file), witness_policy(settings))


def make_log_keys(settings: Settings) -> None:
    """Make up keys beside the database, where none are there and the settings name no others. Raises KeyFileError."""
    file = settings.sidecar_file("logkeys")
    if settings.log.keys == AUTO and file is not None and not file.exists():
        make_key_file(file)


def origin_prefix(settings: Settings) -> str:
    """What the names of new logs begin with."""
    host = next((name for name in settings.hosts if not name.startswith("*.")), "localhost")
    return settings.log.origin or f"{host}{settings.root_path}/log"


def log_anchor(settings: Settings) -> FolderAnchor | None:
    """The anchor of the logs; None where there is none."""
    folder = _place(settings, settings.log.anchor, "anchor")
    return None if folder is None else FolderAnchor(folder)


def witness_policy(settings: Settings) -> Policy | None:
    """The policy about witnesses; None where no file names one. Raises SettingError."""
    file = settings.log.policy
    if file is None:
        return None
    try:
        policy = Policy.parse(file.read_text("utf-8"))
    except OSError as error:
        raise SettingError(f"{PREFIX}LOG_POLICY is {str(file)!r}: {error.strerror}. Name a file.") from None
    except UnicodeDecodeError:
        raise SettingError(f"{PREFIX}LOG_POLICY is {str(file)!r}, which is not UTF-8. Name a text file.") from None
    except NoteError as error:
        raise SettingError(f"{PREFIX}LOG_POLICY is {str(file)!r}: {error}.") from None
    silent = [witness.name for witness in policy.witnesses if not is_web_address(witness.url)]
    if silent:
        raise SettingError(
            f"{PREFIX}LOG_POLICY is {str(file)!r}: give the address of {', '.join(silent)} after the key, such as "
            "https://witness.example.org."
        )
    return policy


@asynccontextmanager
async def open_witnesses(settings: Settings) -> AsyncIterator[Witnesses | None]:
    """The witnesses of the policy; None where there are none to ask. Raises SettingError."""
    policy = witness_policy(settings)
    if policy is None or not policy.witnesses:
        yield None
        return
    async with open_witness_client() as client:
        yield Witnessing(policy, client)


def _place(settings: Settings, value: Path | str, ending: str) -> Path | None:
    """The path that a setting means: its own, or one beside the database."""
    if isinstance(value, Path):
        return value
    return None if value == OFF else settings.sidecar_file(ending)
