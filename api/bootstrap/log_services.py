"""Open what shows the ballot logs, and signs for ballots."""

from datetime import timedelta
from typing import Any

from api.bootstrap.ballot_log import log_keys, origin_prefix
from api.services.log.directory import LogDirectory
from api.services.log.proofs import LogProofs
from api.services.log.published_logs import PublishedLogs
from api.services.log.receipts import Receipts
from api.settings import Settings
from api.storage.database.connection import Database
from api.storage.log.log_reader import SqlLogReader


def log_services(database: Database, settings: Settings) -> dict[str, Any]:
    """The services of the logs, by their names. Raises KeyFileError and SettingError."""
    reader, keys, prefix = SqlLogReader(database), log_keys(settings), origin_prefix(settings)
    directory = LogDirectory(prefix)
    return {
        "log_directory": directory,
        "log_keys": keys,
        "logs": PublishedLogs(reader, keys, prefix),
        "log_proofs": LogProofs(reader),
        "receipts": Receipts(keys, directory, timedelta(seconds=settings.log.seal_deadline)),
    }
