"""The ballot logs of the database that the settings name, for the commands about them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from api.bootstrap.ballot_log import log_anchor, log_keys, origin_prefix, witness_policy
from api.bootstrap.database import open_migrated
from api.domain.errors import OperatorError
from api.domain.log.policies import Policy
from api.services.log.directory import LogDirectory
from api.services.log.log_state import LogInspection
from api.services.log.openings import LogOpenings
from api.services.log.publication import LogPublisher
from api.services.log.published_logs import PublishedLogs
from api.settings import Settings, read_settings
from api.settings.kept_clock import found_clock
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.log.log_reader import SqlLogReader
from api.storage.log.sealing_store import SqlSealingStore
from api.storage.sign_ins import count_of
from api.transparency.anchor import FolderAnchor
from api.transparency.log_keys import LogKeys
from api.transparency.witness_client import open_witness_client

NO_KEYS = "This server has no keys of ballot logs, so that nothing is sealed or signed: set PINGXUAN_LOG_KEYS."


@dataclass(frozen=True)
class OpenLogs:
    """The logs in an open database, and what time it is."""

    campaigns: SqlCampaigns
    store: SqlSealingStore
    reader: SqlLogReader
    keys: LogKeys | None
    anchor: FolderAnchor | None
    policy: Policy
    directory: LogDirectory
    published: PublishedLogs
    openings: LogOpenings
    now: datetime

    @asynccontextmanager
    async def inspection(self, *, offline: bool) -> AsyncIterator[LogInspection]:
        """What looks at the logs; offline: without asking the witnesses."""
        async with open_witness_client() as client:
            requests = None if offline else client
            yield LogInspection(self.store, self._check, self.anchor, self.directory, self.policy, requests)

    async def _check(self, campaign: str) -> None:
        """See that a log may be signed. Raises OperatorError."""
        if self.keys is None:
            raise OperatorError(NO_KEYS)
        publisher = LogPublisher(self.store, self.keys, self.anchor, None, self.directory, lambda: self.now)
        await publisher.check(campaign)


@asynccontextmanager
async def open_logs() -> AsyncIterator[OpenLogs]:
    """Open the database of this environment, with its logs as they are known now."""
    settings = read_settings()
    async with open_migrated(settings) as database:
        opened = _opened(database, settings)
        opened.directory.logs = await opened.store.logs()
        yield opened


def _opened(database: Database, settings: Settings) -> OpenLogs:
    keys, prefix, reader = log_keys(settings), origin_prefix(settings), SqlLogReader(database)
    return OpenLogs(
        campaigns=SqlCampaigns(database),
        store=SqlSealingStore(database, count_of),
        reader=reader,
        keys=keys,
        anchor=log_anchor(settings),
        policy=witness_policy(settings) or Policy(),
        directory=LogDirectory(prefix),
        published=PublishedLogs(reader, keys, prefix),
        openings=LogOpenings(reader),
        now=found_clock(settings)(),
    )
