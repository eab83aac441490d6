"""Serve from several worker processes, which share the port and the database and nothing else."""

import logging
import multiprocessing
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from types import FrameType
from typing import NamedTuple

from api.server.sockets import bind

log = logging.getLogger("pingxuan.workers")
FORK = multiprocessing.get_context("fork")  # before any loop or thread exists, so what is imported is shared
SIGNALS = (signal.SIGINT, signal.SIGTERM)
REPLACEMENT_INTERVAL = 1.0  # seconds before a worker is replaced that was a replacement itself


class Worker(NamedTuple):
    """What a worker process is told: the port to share, and its number, from 0 on, which its replacement takes over.

    announces: it is the one that announces where the server listens; no replacement does it again.
    replaces: another has had its place.
    """

    port: int
    number: int
    announces: bool
    replaces: bool = False


def run_workers(
    count: int, host: str, port: int, serve: Callable[[Worker], None], passed_on: socket.socket | None = None
) -> int:
    """Fork so many workers that serve until SIGINT or SIGTERM, and replace one that dies. Returns an exit code.

    passed_on: the socket that all of them listen on, instead of one each at the port.

    One of the first that exits with an error stops the others: the next one would end the same way. A replacement does not:
    what it lacks may be away for a while, such as the database, and the others serve on meanwhile.
    """
    with passed_on or bind(host, port, shared=True) as holder:
        pool = _WorkerPool(serve, holder.getsockname()[1])
        for signum in SIGNALS:
            signal.signal(signum, pool.stop)
        return pool.run(count)


class _WorkerPool:
    """The worker processes."""

    def __init__(self, serve: Callable[[Worker], None], port: int) -> None:
        self._serve = serve
        self._port = port
        self._processes: dict[ForkProcess, Worker] = {}
        self._stopping = False
        self._exit_code = 0

    def run(self, count: int) -> int:
        """Keep so many workers alive until stopped, then wait for them."""
        for number in range(count):
            self._start(Worker(self._port, number, announces=number == 0))
        while self._processes:
            wait([process.sentinel for process in self._processes])
            ended = [process for process in self._processes if not process.is_alive()]
            if not self._stopping and any(self._processes[process].replaces for process in ended):
                time.sleep(REPLACEMENT_INTERVAL)  # what ended it may go on
            for process in ended:
                self._replace(process, self._processes.pop(process))
        return self._exit_code

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """Stop the workers gracefully; the second time, at once."""
        for process in self._processes:
            (process.kill if self._stopping else process.terminate)()
        self._stopping = True

    def _replace(self, process: ForkProcess, worker: Worker) -> None:
        if self._stopping:
            return
        has_failed = process.exitcode is not None and process.exitcode > 0
        if has_failed and not worker.replaces:
            self._exit_code = process.exitcode or 0
            self.stop()
            return
        log.error("worker %s ended (%s); another takes its place", process.pid, process.exitcode)
        self._start(worker._replace(announces=False, replaces=True))

    def _start(self, worker: Worker) -> None:
        with _signals_blocked():
            if not self._stopping:
                process = FORK.Process(target=self._run_worker, args=(worker,))
                process.start()
                self._processes[process] = worker

    def _run_worker(self, worker: Worker) -> None:
        """Run in the new process. Until it has handlers of its own a signal ends it; the inherited ones would lose it."""
        for signum in SIGNALS:
            signal.signal(signum, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        self._serve(worker)


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Defer signals until the block ends."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
