"""Serve from several worker processes, which share the port and the database and nothing else."""

import logging
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from types import FrameType

from api.server.sockets import bind

log = logging.getLogger("pingxuan.workers")
FORK = multiprocessing.get_context("fork")  # before any loop or thread exists, so what is imported is shared
SIGNALS = (signal.SIGINT, signal.SIGTERM)
Serve = Callable[[int, int, bool], None]  # the port, the worker's place, and whether to say where it listens


def serve_with(workers: int, host: str, port: int, serve: Serve) -> int:
    """Run serve in so many processes until SIGINT or SIGTERM, replacing one that dies. Returns an exit code.

    A worker that exits with an error stops the others: the next one would only end the same way. Each has an index, from 0
    on, which its replacement takes over. The first one is asked to announce where it listens.
    """
    with bind(host, port, shared=True) as holder:
        crew = _WorkerPool(serve, holder.getsockname()[1])
        for number in SIGNALS:
            signal.signal(number, crew.stop)
        return crew.work(workers)


class _WorkerPool:
    """The worker processes."""

    def __init__(self, serve: Serve, port: int) -> None:
        self._serve = serve
        self._port = port
        self._workers: dict[ForkProcess, int] = {}  # with their places
        self._stopping = False
        self._exit_code = 0

    def work(self, workers: int) -> int:
        """Keep so many workers alive until stopped, then wait for them."""
        for index in range(workers):
            self._start(index, announce=index == 0)
        while self._workers:
            wait([worker.sentinel for worker in self._workers])
            for worker in [worker for worker in self._workers if not worker.is_alive()]:
                self._replace(worker, self._workers.pop(worker))
        return self._exit_code

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Stop the workers gracefully; the second time, at once."""
        for worker in self._workers:
            (worker.kill if self._stopping else worker.terminate)()
        self._stopping = True

    def _replace(self, worker: ForkProcess, index: int) -> None:
        if self._stopping:
            return
        if worker.exitcode and worker.exitcode > 0:
            self._exit_code = worker.exitcode
            self.stop()
        else:
            log.error("worker %s ended (%s); another takes its place", worker.pid, worker.exitcode)
            self._start(index)

    def _start(self, index: int, *, announce: bool = False) -> None:
        with _signals_blocked():
            if not self._stopping:
                worker = FORK.Process(target=self._run_worker, args=(index, announce))
                worker.start()
                self._workers[worker] = index

    def _run_worker(self, index: int, announce: bool) -> None:
        """Run in the new process. Until it has handlers of its own a signal ends it; the inherited ones would lose it."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        self._serve(self._port, index, announce)


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Defer signals until the block ends."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
