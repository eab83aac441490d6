"""How many can watch from one process? `python -m bench.subscribers` opens 20,000 sockets and casts ballots."""

import argparse
import asyncio
import json
import os
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
from bench.casting import Voting
from bench.servers import MORNING, SECRET, Server, ours, prepare
from bench.voters import voters
from bench.watching import Watcher, watchers

HERE = Path(__file__).parent
RANKING = "subscription { resultsChanged(first: 10) { asOf nodes { rank votes share project { number title } } } }"
LONG = (
    "subscription { resultsChanged(first: 50) { asOf nodes { rank votes share gain byDay { day votes } "
    "project { number title summary organization } } } }"
)
STUCK_UPDATES = 12  # of the long one, after which a socket that is not read has nowhere to put any more
WARMING = 3  # ballots before anything is measured
MEANWHILE = 60  # ballots that are cast while one is being told of, in the part that does so
SPARE = 8  # file descriptors that the server, or the benchmark, opens now and then
GOAL_SECONDS, GOAL_KIB = 1.0, 12.0
PARTS = {
    "updates": "one ballot at a time",
    "updates_beside_ballots": "beside other ballots",
    "updates_beside_stuck": "beside those who stopped reading",
}


def main() -> int:
    """Run it; the exit code says whether the promise was kept."""
    parser = argparse.ArgumentParser("python -m bench.subscribers", description=__doc__)
    parser.add_argument("--subscribers", type=int, default=20_000)
    parser.add_argument("--stuck", type=int, default=1_000, help="of them, who leave for others that stop reading")
    parser.add_argument("--ballots", type=int, default=5, help="that everybody is told of, in each part")
    parser.add_argument("--output", type=Path, default=HERE, help="folder for subscribers.json (bench/)")
    options = parser.parse_args()
    raise_limit(options.subscribers)
    count = options.ballots * (len(PARTS) + MEANWHILE) + WARMING + STUCK_UPDATES
    tokens = voters(count, SECRET, MORNING).file.read_text().split()
    found = uvloop.run(measured(options.subscribers, options.stuck, options.ballots, tokens))
    (options.output / "subscribers.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(told(found))
    return 0 if found["kept"] else 1


def raise_limit(subscribers: int) -> None:
    """Allow this process and the server as many file descriptors as may be had, and as are wanted if root runs it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        wanted = max(most, subscribers + 1_000)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
    except (ValueError, OSError):  # not root, or not here
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def measured(subscribers: int, stuck: int, ballots: int, tokens: list[str]) -> dict[str, Any]:
    """Everything, on SQLite, server on one core and clients on the other."""
    with TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/subscribers.sqlite3"
        prepare(url)
        with ours("the server", url) as server:
            voting = Voting(server, tokens)
            warm = await watchers(server.port, [RANKING, LONG] * 10)
            for _ in range(WARMING):
                await voting.cast()
                await asyncio.sleep(1.1)
            await close(warm)
            fit = min(subscribers, room(server))
            empty, began = rss(server), time.perf_counter()
            reading = await watchers(server.port, [RANKING] * fit)
            found: dict[str, Any] = {
                "subscribers": fit,
                "descriptors_missing": subscribers - fit,
                "opening_seconds": round(time.perf_counter() - began, 1),
            }
            found["updates"] = await voting.round(reading, ballots)
            found["kib_each"] = round((rss(server) - empty) / fit, 1)
            found["updates_beside_ballots"] = await voting.round(reading, ballots, MEANWHILE)
            found["bytes_an_update"] = round(statistics.mean(w.bytes / len(w.arrived) for w in reading))
            await close(reading[:stuck])
            found |= await beside_stuck(server, voting, reading[stuck:], stuck, ballots)
            found["kept"] = kept(found)
            return found


async def beside_stuck(
    server: Server, voting: Voting, reading: Sequence[Watcher], stuck: int, ballots: int
) -> dict[str, Any]:
    """What others cost who have stopped reading, and what their neighbours notice."""
    before = rss(server)
    others = await stalled(server, voting, stuck)
    updates = await voting.round(reading, ballots)
    growth = (rss(server) - before) / stuck if stuck else 0.0
    return {
        "stuck": stuck,
        "kib_each_stuck": round(growth, 1),
        "updates_beside_stuck": updates,
        "stuck_cut_off": await cut_off(others),
    }


def kept(found: dict[str, Any]) -> bool:
    """Whether the promise was, by as many as there was room for."""
    parts = [found[part] for part in PARTS]
    quick = all(part["missed"] == 0 and part["slowest_seconds"] <= GOAL_SECONDS for part in parts)
    return quick and found["kib_each"] <= GOAL_KIB


def room(server: Server) -> int:
    """How many sockets there are file descriptors for, in the server and here."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most - SPARE - max(len(os.listdir(f"/proc/{pid}/fd")) for pid in (server.pid, os.getpid()))


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
    if not stuck:
        return 0
    await asyncio.sleep(Timeouts().write + 5)
    for watcher in stuck:
        watcher.transport.resume_reading()
    await asyncio.sleep(5)
    return sum(watcher.closed for watcher in stuck)


async def close(watching: Sequence[Watcher]) -> None:
    """Let them go, and the server notice."""
    for watcher in watching:
        watcher.transport.abort()
    await asyncio.sleep(1)


def rss(server: Server) -> float:
    """Resident memory in KiB."""
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def told(found: dict[str, Any]) -> str:
    """The figures in words."""
    lines = [
        f"{found['subscribers']} subscribers, {found['kib_each']} KiB each, {found['bytes_an_update']} bytes an update, "
        f"opened in {found['opening_seconds']} s"
    ]
    if found["descriptors_missing"]:
        lines.append(
            f"There was no room for {found['descriptors_missing']} more: each takes a file descriptor of the server and one "
            "here, of which this machine allows a process too few (ulimit -Hn)."
        )
    for name, words in PARTS.items():
        part = found[name]
        lines.append(
            f"{words}: median {part['median_seconds']} s, p99 {part['p99_seconds']} s, slowest {part['slowest_seconds']} s, "
            f"{part['missed']} missed, {part['cpu_microseconds_an_update']} µs of CPU each; "
            f"others used {part['others_cores']} cores"
        )
    ballots = found["updates_beside_ballots"]["ballots"]
    lines.append(f"a ballot meanwhile: median {ballots['median_seconds']} s, p99 {ballots['p99_seconds']} s")
    lines.append(
        f"{found['stuck']} stopped reading: {found['kib_each_stuck']} KiB each, {found['stuck_cut_off']} of them cut off"
    )
    return "\n".join([*lines, "kept" if found["kept"] else "NOT KEPT"])


if __name__ == "__main__":
    sys.exit(main())
