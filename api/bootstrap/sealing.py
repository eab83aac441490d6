"""Open what seals and publishes the ballot logs in a server process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from api.bootstrap.ballot_log import log_anchor, open_witnesses
from api.clock import Clock
from api.instrumentation import Gauge, Instrumentation
from api.ports.log import LogSigner
from api.services.log.directory import LogDirectory
from api.services.log.publication import LogPublisher
from api.services.log.rounds import SealingRounds, SealingTerms
from api.services.log.sealing import LogSealer
from api.settings import Settings
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.log.sealing_store import SqlSealingStore
from api.storage.sign_ins import count_of

TIME_LIMIT = 60.0  # seconds for one transaction of a batch, for which nobody waits


def sealing_terms(settings: Settings, grace: timedelta | None = None) -> SealingTerms:
    """The terms that the settings say. grace: None for twice the time in which a ballot is stored or refused."""
    wait = timedelta(seconds=2 * settings.database_timeout)
    ours = settings.log
    return SealingTerms(ours.seal_interval, ours.seal_minimum, ours.seal_deadline, wait if grace is None else grace)


@asynccontextmanager
async def open_sealing(  # noqa: PLR0913, PLR0917 - the composition root needs all of it
    database: Database,
    settings: Settings,
    signer: LogSigner,
    directory: LogDirectory,
    clock: Clock,
    instrumentation: Instrumentation,
    grace: timedelta | None = None,
) -> AsyncIterator[SealingRounds]:
    """What looks after the logs; what must not be signed is known once it is open. Raises SettingError."""
    patient = replace(database, time_limit=TIME_LIMIT)
    store, terms = SqlSealingStore(patient, count_of), sealing_terms(settings, grace)
    async with open_witnesses(settings) as witnesses:
        publisher = LogPublisher(store, signer, log_anchor(settings), witnesses, directory, clock)
        sealer = LogSealer(store, directory, clock, terms.grace)
        campaigns = SqlCampaigns(patient)
        rounds = SealingRounds(store, campaigns, sealer, publisher, directory, clock, terms, instrumentation)
        instrumentation.register_gauge(Gauge.LOG_BALLOTS_WAITING, lambda: rounds.ballots_waiting)
        instrumentation.register_gauge(Gauge.LOG_PUBLISHED_SECONDS_AGO, lambda: rounds.published_ago)
        await rounds.check()
        yield rounds
