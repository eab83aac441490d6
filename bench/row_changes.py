"""What does it save to send only the rows that have changed? `python -m bench.row_changes` has thousands watch both ways."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop

from bench.casting import Voting
from bench.servers import MORNING, SECRET, Server, ours, prepare
from bench.subscribers import close, raise_limit
from bench.voters import voters
from bench.watching import watchers

HERE = Path(__file__).parent
RANKING = """subscription { resultsChanged(first: 100, onlyChanges: %s) { asOf totalCount turnout { ballots }
  cutLine { seats votes crossesTie } byDistrict { district { code } votes } onlyChanges removedIds
  nodes { id rank districtRank votes gain tiedCount project { id } } } }"""
WAYS = {"whole": "false", "changes": "true"}
WARMING = 3  # ballots before anything is measured


def main() -> int:
    """Run it, and write the figures."""
    parser = argparse.ArgumentParser("python -m bench.row_changes", description=__doc__)
    parser.add_argument("--subscribers", type=int, default=2_000)
    parser.add_argument("--ballots", type=int, default=5, help="that everybody is told of, in each round")
    parser.add_argument("--rounds", type=int, default=2, help="of each way, in turns")
    parser.add_argument("--output", type=Path, default=HERE, help="folder for row_changes.json (bench/)")
    options = parser.parse_args()
    raise_limit(options.subscribers)
    count = options.ballots * options.rounds * len(WAYS) + WARMING
    tokens = voters(count, SECRET, MORNING).file.read_text().split()
    found = uvloop.run(measured(options.subscribers, options.ballots, options.rounds, tokens))
    (options.output / "row_changes.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    for name, rounds in found["ways"].items():
        for figures in rounds:
            print(
                f"{name}: {figures['bytes_an_update']} bytes and {figures['cpu_microseconds_an_update']} µs of CPU an update, "
                f"slowest {figures['slowest_seconds']} s, {figures['missed']} missed"
            )
    return 0


async def measured(subscribers: int, ballots: int, rounds: int, tokens: list[str]) -> dict[str, Any]:
    """Both ways in turns, on SQLite, server on one core and clients on the other. Ballots name the same twelve of fifty."""
    found: dict[str, Any] = {"subscribers": subscribers, "ways": {name: [] for name in WAYS}}
    with TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/subscribers.sqlite3"
        prepare(url)
        with ours("the server", url) as server:
            voting = Voting(server, tokens)
            for _ in range(WARMING):
                await voting.cast()
                await asyncio.sleep(1.1)
            for _ in range(rounds):
                for name, changes in WAYS.items():
                    found["ways"][name].append(await watched(server, voting, RANKING % changes, subscribers, ballots))
    return found


async def watched(server: Server, voting: Voting, query: str, subscribers: int, ballots: int) -> dict[str, Any]:
    """One round: what an update takes, and what a subscriber does."""
    reading = await watchers(server.port, [query] * subscribers)
    before, known = sum(each.bytes for each in reading), sum(len(each.arrived) for each in reading)
    figures = await voting.round(reading, ballots)
    updates = sum(len(each.arrived) for each in reading) - known
    figures["bytes_an_update"] = round((sum(each.bytes for each in reading) - before) / updates)
    await close(reading)
    return figures


if __name__ == "__main__":
    sys.exit(main())
