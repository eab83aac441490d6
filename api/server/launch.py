"""Launch the server: in this process, or in several worker processes that go by the same clock."""

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

import uvloop

from api.bootstrap.app import Services, application, open_services
from api.clock import Clock
from api.observability.setup import open_instrumentation
from api.server.graceful_server import Stop
from api.server.serve import run_server
from api.server.workers import Worker, run_workers
from api.services.ballot_limits import open_conflicts
from api.settings import Settings
from api.settings.parsers import Address
from api.storage.campaigns import SqlCampaigns

Announce = Callable[[str], None]  # called with the URL of the endpoint once it is served
ReportErrors = Callable[[], AbstractContextManager[None]]
log = logging.getLogger("pingxuan.launch")


def launch(
    settings: Settings,
    clock: Clock,
    announce: Announce,
    report_errors: ReportErrors,
    passed_on: socket.socket | None = None,
) -> int:
    """Serve until SIGINT or SIGTERM, on the socket that was passed on if there is one. Returns an exit code.

    One process raises its errors. A worker's cannot reach the caller: it runs under report_errors, which is to print an
    expected error and exit.
    """
    if settings.workers == 1:
        uvloop.run(_serve(settings, clock, announce, passed_on))
        return 0
    asyncio.run(_check_services(settings, clock))
    serve = partial(_serve_in_worker, settings, clock, announce, report_errors, passed_on)
    return run_workers(settings.workers, settings.host, settings.port, serve, passed_on)


async def _check_services(settings: Settings, clock: Clock) -> None:
    """Open the services and close them, so that what would stop every worker is raised here, once, and what is wrong told."""
    async with open_services(settings, clock) as services:
        await services.snapshots.fresh(clock())
        await _warn_of_limits(services, settings)


async def _warn_of_limits(services: Services, settings: Settings) -> None:
    """Log which limits refuse ballots that the campaigns in the database allow."""
    directory = await SqlCampaigns(services.database).directory()
    for conflict in open_conflicts(directory.newest_first, settings.limits, services.clock()):
        log.warning("%s", conflict)


def _serve_in_worker(  # noqa: PLR0913, PLR0917 - what a process serves with
    settings: Settings,
    clock: Clock,
    announce: Announce,
    report_errors: ReportErrors,
    passed_on: socket.socket | None,
    worker: Worker,
) -> None:
    """Serve in a worker process, on a socket of its own at the shared port, or on the one that was passed on."""
    worker_settings = replace(settings, port=worker.port, metrics=_metrics_address(settings, worker.number))
    with report_errors():
        uvloop.run(_serve(worker_settings, clock, announce if worker.announces else None, passed_on))


def _metrics_address(settings: Settings, number: int) -> Address | None:
    """Where a worker serves its metrics: each at a port of its own."""
    first = settings.metrics
    return first if first is None or first.port == 0 else Address(first.host, first.port + number)


async def _serve(settings: Settings, clock: Clock, announce: Announce | None, passed_on: socket.socket | None) -> None:
    """Open the instrumentation and the services, serve, finish the requests under way, and close them in reverse order."""
    with open_instrumentation(settings.metrics, settings.tracing) as (instrumentation, metrics_url):
        if metrics_url is not None:
            log.info("metrics on %s", metrics_url)
        async with open_services(settings, clock, instrumentation, serving=True) as services:
            if settings.workers == 1:  # else it has been told before they were begun
                await _warn_of_limits(services, settings)
            app = application(services, settings)
            stop = Stop(services.on_shutdown, app.begin_to_stop)
            await run_server(app.asgi, settings, stop, announce, app.plain_posts, passed_on=passed_on)
