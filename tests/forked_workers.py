"""The plugin with which `make` runs tests in several processes: the tests are collected once, and workers are forks of that.

Each worker of pytest-xdist imports and collects everything by itself, which takes as long as hundreds of tests. Its `-n` still
works; this is `-p tests.forked_workers --workers 4`. The tests of one file run in one worker, in their order.
"""

import gc
import json
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from struct import Struct
from typing import Any

import pytest

File = Sequence[pytest.Item]
Json = dict[str, Any]
NUMBER = Struct("!i")
ENDED_WELL = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--workers", type=int, default=0, help="run the files in so many forks of this process")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    option = session.config.option
    if not option.workers or option.collectonly or session.testsfailed:
        return None
    if option.basetemp:
        raise pytest.UsageError("workers have temporary folders of their own: leave out --basetemp or --workers")
    files: dict[Path, list[pytest.Item]] = {}
    for item in session.items:
        files.setdefault(item.path, []).append(item)
    numbers = queued(len(files))
    capture = session.config.pluginmanager.getplugin("capturemanager")
    capture.stop_global_capturing()  # its files would be shared
    workers = forked(option.workers)
    capture.start_global_capturing()
    capture.suspend_global_capture()
    if isinstance(workers, int):
        session.config.workerinput = {}  # as of xdist's workers, for plugins that ask
        work(session, unfinished(list(files.values()), numbers), workers)
    else:
        First(session, numbers, workers).watch()
    return True


def queued(count: int) -> int:
    """A pipe with the numbers of the files, from which each worker takes its next one."""
    numbers, waiting = os.pipe()
    for number in range(count):
        os.write(waiting, NUMBER.pack(number))
    os.close(waiting)
    return numbers


@dataclass
class Worker:
    """A fork, as the first process sees it. running: the test that it is at."""

    pid: int
    messages: int
    heard: bytes = b""
    running: Json | None = None


def forked(count: int) -> list[Worker] | int:
    """The workers or, in the process of one of them, the pipe on which it tells what comes of its tests."""
    assert threading.active_count() == 1, threading.enumerate()  # a process with threads must not be forked
    gc.collect()
    gc.freeze()  # no later collection looks at all that, nor copies its memory
    sys.stdout.flush()
    sys.stderr.flush()
    workers: list[Worker] = []
    for _ in range(count):
        messages, telling = os.pipe()
        pid = os.fork()
        if pid == 0:
            for descriptor in (messages, *(worker.messages for worker in workers)):
                os.close(descriptor)
            return telling
        os.close(telling)
        workers.append(Worker(pid, messages))
    return workers


def unfinished(files: Sequence[File], numbers: int) -> Iterator[File]:
    """The files that no worker has taken."""
    while number := os.read(numbers, NUMBER.size):
        yield files[NUMBER.unpack(number)[0]]


def work(session: pytest.Session, files: Iterator[File], telling: int) -> None:
    """Run files, and end as any run of pytest does."""
    plugins = session.config.pluginmanager
    # A file that reports are written to is written again by the first process.
    plugins.unregister(name="terminalreporter")
    plugins.register(Telling(session.config, telling))
    for item, following in pairwise(in_order(files)):
        assert item is not None
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)


def in_order(files: Iterator[File]) -> Iterator[pytest.Item | None]:
    """Their tests, and then nothing."""
    for file in files:
        yield from file
    yield None


@dataclass
class Telling:
    """Tells the first process what a worker does, in lines of JSON."""

    config: pytest.Config
    telling: int

    def tell(self, **message: Any) -> None:
        line = memoryview(json.dumps(message).encode() + b"\n")
        while line:
            line = line[os.write(self.telling, line) :]

    def pytest_runtest_logstart(self, nodeid: str, location: Sequence[Any]) -> None:
        self.tell(started={"nodeid": nodeid, "location": location})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.tell(report=self.config.hook.pytest_report_to_serializable(config=self.config, report=report))

    def pytest_runtest_logfinish(self) -> None:
        self.tell(finished=True)

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage, when: str, nodeid: str) -> None:
        told = f"{warning_message.category.__name__}: {warning_message.message}"
        where = [warning_message.filename, warning_message.lineno]
        self.tell(warning={"text": told, "where": where, "when": when, "nodeid": nodeid})


@dataclass
class First:
    """The process that has forked the workers, and reports what they tell. over: how many tests; codes: of the workers."""

    session: pytest.Session
    numbers: int
    workers: Sequence[Worker]
    over: int = 0
    codes: set[int] = field(default_factory=set)

    def watch(self) -> None:
        """Return when all tests have been run and told."""
        with DefaultSelector() as selector:
            for worker in self.workers:
                selector.register(worker.messages, EVENT_READ, worker)
            while selector.get_map():
                for key, _ in selector.select():
                    if not self.hear(key.data):
                        selector.unregister(key.fileobj)
        missing = len(self.session.items) - self.over
        if not self.session.shouldfail and (missing or not self.codes <= ENDED_WELL):
            self.session.shouldfail = (
                f"{missing} tests were not run to their end, and workers ended with {sorted(self.codes)}"
            )
        if self.session.shouldfail:
            raise self.session.Failed(self.session.shouldfail)

    def hear(self, worker: Worker) -> bool:
        """Take what a worker tells. Returns whether there may be more."""
        told = os.read(worker.messages, 1 << 16)
        *lines, worker.heard = (worker.heard + told).split(b"\n")
        for line in lines:
            for kind, message in json.loads(line).items():
                self.take(worker, kind, message)
        if not told:
            self.end(worker)
        return bool(told)

    def take(self, worker: Worker, kind: str, message: Json) -> None:
        hook = self.session.config.hook
        match kind:
            case "started":
                worker.running = message
            case "report":
                if isinstance(message["longrepr"], list):  # JSON has no tuples, and this says why a test was skipped
                    message["longrepr"] = tuple(message["longrepr"])
                self.report(hook.pytest_report_from_serializable(config=self.session.config, data=message))
            case "finished":
                worker.running = None
                self.over += 1
            case "warning":
                text = warnings.WarningMessage(message.pop("text"), UserWarning, *message.pop("where"))
                told = {"warning_message": text, "location": None, **message}
                hook.pytest_warning_recorded.call_historic(kwargs=told)

    def report(self, report: pytest.TestReport) -> None:
        self.session.config.hook.pytest_runtest_logreport(report=report)
        if self.session.shouldfail:
            for _ in iter(lambda: os.read(self.numbers, 1 << 16), b""):
                pass  # the workers find no further file

    def end(self, worker: Worker) -> None:
        """Reap a worker. One that was at a test has failed it."""
        os.close(worker.messages)
        code = os.waitstatus_to_exitcode(os.waitpid(worker.pid, 0)[1])
        self.codes.add(code)
        if worker.running:
            died = pytest.TestReport(
                worker.running["nodeid"],
                tuple(worker.running["location"]),
                {},
                "failed",
                f"the worker ended with {code} at this test",
                "call",
            )
            self.report(died)
