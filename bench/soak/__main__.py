"""Run it; the exit code says whether anything was lost, doubled, or else wrong."""

import argparse
import asyncio
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop

import bench.soak
from bench.servers import is_ready
from bench.soak import schedule
from bench.soak.choices import Choices
from bench.soak.deployment import database, deployed
from bench.soak.filling import fill
from bench.soak.judgement import examples, read, wrong
from bench.soak.killer import Killer, until
from bench.soak.observer import Observer
from bench.soak.report import figures_of, line_of, summary_of
from bench.soak.told import Told
from bench.soak.voters import CONNECTIONS, Voters
from tests.commands import PINGXUAN
from tests.databases import PostgresServer
from tests.faults.deployments import Deployment

CACHE = Path(__file__).parents[1] / ".cache"
AUDIT_TIMEOUT = 3600.0  # seconds


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.soak", description=bench.soak.__doc__)
    parser.add_argument("--ballots", type=int, default=10_000_000, help="to cast (%(default)s)")
    parser.add_argument("--seconds", type=float, default=7200, help="in which they are due (%(default)s)")
    parser.add_argument("--kills", type=int, default=200, help="%(default)s")
    parser.add_argument("--seed", type=int, default=2017, help="%(default)s")
    parser.add_argument("--stored", type=int, default=0, help="ballots that are there before it begins (%(default)s)")
    parser.add_argument("--output", type=Path, default=CACHE / "soak.json", help="%(default)s")
    return parser.parse_args()


def main() -> int:
    options = parsed()
    options.output.parent.mkdir(exist_ok=True)
    told, choices = Told(options.stored + options.ballots), Choices(options.seed)
    with TemporaryDirectory(prefix="pingxuan-soak-") as name, database() as (server, url):
        if options.stored:
            asyncio.run(fill(url, told, choices, options.stored))
        with deployed(server, url, Path(name), options.seconds) as deployment:
            run = Run(options, deployment, server, told, choices)
            try:
                uvloop.run(run.carried_out())
                uvloop.run(run.judged())
            finally:
                if run.is_wrong:
                    shutil.copy(Path(name) / "log", options.output.with_suffix(".server.log"))
                    shutil.copy(server.data / "log", options.output.with_suffix(".postgres.log"))
    print(summary_of(run.figures))
    return 1 if run.is_wrong else 0


class Run:
    """All that happens in one run, and its figures."""

    def __init__(
        self,
        options: argparse.Namespace,
        deployment: Deployment,
        server: PostgresServer,
        told: Told,
        choices: Choices,
    ) -> None:
        self._options, self._deployment, self._server = options, deployment, server
        self._told, self._choices = told, choices
        asked = {name: value for name, value in vars(options).items() if name != "output"}
        self.figures: dict[str, Any] = {"begun": datetime.now(UTC).isoformat(timespec="seconds"), "asked": asked}
        self.is_wrong = True

    async def carried_out(self) -> None:
        """Vote, kill and look on until all is sent. What fails, or a signal, ends it early, and is no reason not to judge."""
        options, told = self._options, self._told
        await until(lambda: is_ready(self._deployment.port), "the server does not start")
        voters = Voters(told, self._deployment.port, options.seed, stored=options.stored, seconds=options.seconds)
        killer = Killer(self._deployment, self._server, voters, told, options.seed)
        self._observer = Observer(
            self._deployment,
            self._server,
            options.output,
            lambda: self.figures | figures_of(told, voters, killer),
            lambda: line_of(told, voters),
        )
        plan = schedule.kills(options.kills, options.seed)
        work = [*map(voters.vote, range(CONNECTIONS)), killer.carry_out(plan, options.seconds)]
        running = asyncio.ensure_future(_until_done(work, [killer.revive(), self._observer.look()]))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, running.cancel)
        await asyncio.wait([running])
        await killer.restore()
        self.figures["ended_early"] = "it was told to end" if running.cancelled() else _reason(running.exception())
        self.figures |= figures_of(told, voters, killer)

    async def judged(self) -> None:
        """Read what is stored and compare; then have the program recount it itself."""
        self.figures["sealing_s"] = await self._observer.sealed()
        begun = time.monotonic()
        found = await read(self._deployment.database_url, self._choices, self._told)
        self.figures["wrong"] = wrong(self._told, found)
        self.figures["examples"] = examples(self._told, found)
        self.figures |= {"stored_ballots": found.ids.count, "sealed_ballots": found.sealed}
        self.figures["read_s"] = round(time.monotonic() - begun, 1)
        self._observer.save(self.figures)
        for words in (["audit"], ["log", "state"]):
            self._ask(*words)
        self.is_wrong = bool(any(self.figures["wrong"].values()) or self.figures["ended_early"])
        self._observer.save(self.figures)

    def _ask(self, *words: str) -> None:
        """Run a command, and keep the end of what it says."""
        begun = time.monotonic()
        done = subprocess.run(
            [PINGXUAN, *words],
            env=self._deployment.environment,
            capture_output=True,
            text=True,
            timeout=AUDIT_TIMEOUT,
        )
        said = (done.stdout + done.stderr).strip().splitlines()[-5:]
        name = " ".join(words)
        self.figures[name] = {"exit_code": done.returncode, "seconds": round(time.monotonic() - begun, 1), "said": said}
        self.figures["wrong"][name] = done.returncode


async def _until_done(work: Iterable[Coroutine[Any, Any, None]], beside: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all of this work, and something else meanwhile; where anything fails, everything ends."""
    async with asyncio.TaskGroup() as meanwhile:
        others = [meanwhile.create_task(each) for each in beside]
        async with asyncio.TaskGroup() as group:
            for each in work:
                group.create_task(each)
        for other in others:
            other.cancel()


def _reason(error: BaseException | None) -> str:
    """What has failed; empty when nothing has."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(map(_reason, error.exceptions))
    return "" if error is None else f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
