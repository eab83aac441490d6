"""How many can watch from one process? `python -m bench.subscribers` opens 5,000 sockets and casts ballots."""

import argparse
import asyncio
import json
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop

from api.subscriptions.transport import Timeouts
from bench.processes import busy_seconds, cpu_seconds
from bench.servers import MORNING, SECRET, SLUG, Server, ours, prepare
from bench.voters import voters
from bench.watching import Watcher, watchers

HERE = Path(__file__).parent
RANKING = "subscription { resultsChanged(first: 10) { asOf nodes { rank votes share project { number title } } } }"
LONG = (
    "subscription { resultsChanged(first: 50) { asOf nodes { rank votes share gain byDay { day votes } "
    "project { number title summary organization } } } }"
)
CAST = "mutation($ids: [ID!]!) { castBallot(input: {projectIds: $ids}) { ballot { id } } }"
STUCK_UPDATES = 12  # of the long one, after which a socket that is not read has nowhere to put any more
WARMING = 3  # ballots before anything is measured
PATIENCE = 2.5  # seconds after a ballot within which an update has to come to be counted
GOAL_SECONDS, GOAL_KIB = 1.0, 30.0


def main() -> int:
    """Run it; the exit code says whether the promise was kept."""
    parser = argparse.ArgumentParser("python -m bench.subscribers", description=__doc__)
    parser.add_argument("--subscribers", type=int, default=5_000)
    parser.add_argument("--stuck", type=int, default=1_000, help="of further ones, who stop reading")
    parser.add_argument("--ballots", type=int, default=10, help="cast in each part")
    parser.add_argument("--output", type=Path, default=HERE, help="folder for subscribers.json (bench/)")
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    tokens = voters(options.ballots * 2 + WARMING + STUCK_UPDATES, SECRET, MORNING).file.read_text().split()
    found = uvloop.run(measured(options.subscribers, options.stuck, options.ballots, tokens))
    (options.output / "subscribers.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(told(found))
    return 0 if found["kept"] else 1


async def measured(subscribers: int, stuck: int, ballots: int, tokens: list[str]) -> dict[str, Any]:
    """Everything, on SQLite, server on one core and clients on the other."""
    with TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/subscribers.sqlite3"
        prepare(url)
        with ours("the server", url) as server:
            voting = Voting(server, tokens)
            warm = await watchers(server.port, [RANKING, LONG] * 10)
            await voting.round(warm, WARMING)
            close(warm)
            empty = rss(server)
            reading = await watchers(server.port, [RANKING] * subscribers)
            quick = await voting.round(reading, ballots)
            full = rss(server)
            others = await stalled(server, voting, stuck)
            beside = await voting.round(reading, ballots)
            cut = await cut_off(others)
            found = {
                "subscribers": subscribers,
                "kib_each": round((full - empty) / subscribers, 1),
                "updates": quick,
                "stuck": stuck,
                "kib_each_stuck": round((rss(server) - full) / stuck, 1) if stuck else None,
                "updates_beside_stuck": beside,
                "stuck_cut_off": cut,
                "bytes_an_update": round(statistics.mean(w.bytes / len(w.arrived) for w in reading)),
            }
            found["kept"] = kept(found)
            return found


def kept(found: dict[str, Any]) -> bool:
    """Whether the promise of issue 5 was."""
    parts = (found["updates"], found["updates_beside_stuck"])
    quick = all(part["missed"] == 0 and part["slowest_seconds"] <= GOAL_SECONDS for part in parts)
    return quick and found["kib_each"] <= GOAL_KIB


class Voting:
    """Ballots, cast one by one, and how soon everybody heard of each."""

    def __init__(self, server: Server, tokens: list[str]) -> None:
        self._server = server
        self._tokens = tokens

    async def cast(self) -> None:
        """One ballot, acknowledged."""
        ids = [f"project/{SLUG}/{number}" for number in range(1, 13)]
        body = json.dumps({"query": CAST, "variables": {"ids": ids}})
        answer = json.loads(await asyncio.to_thread(self._server.post, body, self._tokens.pop()))
        if answer["data"]["castBallot"]["ballot"] is None:
            raise RuntimeError(f"the ballot was refused: {answer}")

    async def round(self, watching: Sequence[Watcher], ballots: int) -> dict[str, Any]:
        """So many ballots; seconds from the moment before each was sent until each client had the update."""
        waits: list[float] = []
        missed, used, busy = 0, cpu_seconds(self._server.pid), busy_seconds()
        began = time.perf_counter()
        for _ in range(ballots):
            start, known = time.perf_counter(), [len(watcher.arrived) for watcher in watching]
            await self.cast()
            await asyncio.sleep(PATIENCE)
            news = [w.arrived[n] - start for w, n in zip(watching, known, strict=True) if len(w.arrived) > n]
            waits += news
            missed += len(watching) - len(news)
        cpu, lasted = cpu_seconds(self._server.pid) - used, time.perf_counter() - began
        return {
            "median_seconds": round(statistics.median(waits), 3),
            "p99_seconds": round(statistics.quantiles(waits, n=100)[98], 3),
            "slowest_seconds": round(max(waits), 3),
            "missed": missed,
            "cpu_microseconds_an_update": round(cpu / len(waits) * 1e6, 1),
            "others_cores": round((busy_seconds() - busy - cpu) / lasted, 2),
        }


async def stalled(server: Server, voting: Voting, count: int) -> list[Watcher]:
    """Clients that stopped reading, after so many updates that no buffer takes another."""
    found = await watchers(server.port, [LONG] * count, narrow=True)
    for watcher in found:
        watcher.transport.pause_reading()
    for _ in range(STUCK_UPDATES if found else 0):
        await voting.cast()
        await asyncio.sleep(1.1)
    return found


async def cut_off(stuck: Sequence[Watcher]) -> int:
    """How many of those who stopped reading find themselves cut off, once the server has lost its patience."""
    await asyncio.sleep(Timeouts().write + 5)
    for watcher in stuck:
        watcher.transport.resume_reading()
    await asyncio.sleep(5)
    return sum(watcher.closed for watcher in stuck)


def close(watching: Sequence[Watcher]) -> None:
    """Let them go."""
    for watcher in watching:
        watcher.transport.abort()


def rss(server: Server) -> float:
    """Resident memory in KiB."""
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def told(found: dict[str, Any]) -> str:
    """The figures in words."""
    lines = [
        f"{found['subscribers']} subscribers, {found['kib_each']} KiB each, {found['bytes_an_update']} bytes an update"
    ]
    for name in ("updates", "updates_beside_stuck"):
        part = found[name]
        lines.append(
            f"{name}: median {part['median_seconds']} s, p99 {part['p99_seconds']} s, slowest {part['slowest_seconds']} s, "
            f"{part['missed']} missed, {part['cpu_microseconds_an_update']} µs of CPU each; "
            f"others used {part['others_cores']} cores"
        )
    lines.append(
        f"{found['stuck']} stopped reading: {found['kib_each_stuck']} KiB each, {found['stuck_cut_off']} of them cut off"
    )
    return "\n".join([*lines, "kept" if found["kept"] else "NOT KEPT"])


if __name__ == "__main__":
    sys.exit(main())
