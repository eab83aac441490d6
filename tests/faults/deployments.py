"""What fails: a server of one or more processes on a database, which is started again when it ends, as systemd would do it."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.commands import fork_server
from tests.databases import PostgresServer, free_port
from tests.faults.false_clock import FalseClock
from tests.faults.processes import ENDED_TIMEOUT, await_end, children_of, send
from tests.faults.proxy import Proxy
from tests.forking import ForkedProcess
from tests.servers import ROOT, settings

DATABASE_TIMEOUT = "3"  # seconds, instead of 15, for which a server waits for its database


@dataclass
class Deployment:
    """A server, and what it stands on. under: what its program is started by; else it is forked.

    log_disk: of PostgreSQL's write-ahead log; broken: the file that keeps the disks from making anything durable.
    """

    database_url: str
    processes: int
    folder: Path
    environment: Mapping[str, str]
    postgres: PostgresServer | None = None
    proxy: Proxy | None = None
    under: Sequence[str] = ()
    disk: Path | None = None
    log_disk: Path | None = None
    broken: Path | None = None
    standby: PostgresServer | None = None
    link: Proxy | None = None
    clock: FalseClock | None = None
    port: int = field(default_factory=free_port)
    process: "ForkedProcess | subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start the server, and do not wait for it."""
        folder = self.folder
        given = {**self.environment, "PINGXUAN_PORT": str(self.port), "PINGXUAN_WORKERS": str(self.processes)}
        with open(os.devnull, "rb") as stdin, (folder / "log").open("ab") as log:
            if self.under:
                self.process = subprocess.Popen(
                    [*self.under, "serve"], env=given, cwd=folder, stdin=stdin, stdout=log, stderr=log
                )
            else:
                self.process = fork_server().start(["serve"], given, folder, (stdin, log, log))

    def workers(self) -> list[int]:
        """The processes that serve."""
        assert self.process is not None
        return [self.process.pid] if self.processes == 1 else children_of(self.process.pid)

    def kill(self) -> None:
        """Kill all of it at once, as a machine that loses its power does: nothing can be finished."""
        assert self.process is not None
        family = [self.process.pid, *children_of(self.process.pid)]
        send(signal.SIGSTOP, family)  # lest the first of them starts another while it is killed
        send(signal.SIGKILL, {*family, *children_of(self.process.pid)})
        self.process.wait(ENDED_TIMEOUT)
        for pid in family[1:]:
            await_end(pid)

    def stop(self) -> None:
        """End it in order, which has to go well."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(ENDED_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        assert code == 0, self.log()

    def set_clock(self, moment: str) -> None:
        """Have the clock show this moment, and go on from there."""
        assert self.clock is not None
        self.clock.set(moment)

    def log(self) -> str:
        """The end of what the server has written."""
        return (self.folder / "log").read_text("utf-8", "replace")[-4000:]

    def said(self, what: str) -> int:
        """How often the server has written this."""
        return (self.folder / "log").read_text("utf-8", "replace").count(what)


@contextmanager
def deployed(
    database_url: str,
    processes: int,
    *,
    postgres: PostgresServer | None = None,
    proxied: bool = False,
    under: Sequence[str] = (),
    disk: Path | None = None,
    clock: FalseClock | None = None,
    **more: str,
) -> Iterator[Deployment]:
    """A server on a prepared database, stopped in the end. more: settings."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="pingxuan-faults-")))
        proxy = None
        url = database_url
        if proxied:
            assert postgres is not None
            proxy = Proxy(postgres.port)
            stack.callback(proxy.close)
            url = database_url.replace(f":{postgres.port}/", f":{proxy.port}/")
        given = settings(url, **{"DATABASE_TIMEOUT": DATABASE_TIMEOUT} | more)
        if clock is not None:
            del given["PINGXUAN_CLOCK"]
            given["PYTHONPATH"], under = str(ROOT), clock.program
        deployment = Deployment(database_url, processes, folder, given, postgres, proxy, under, disk, clock=clock)
        deployment.start()
        stack.callback(deployment.stop)
        yield deployment
