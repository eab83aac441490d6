"""Does a server lose or double a ballot in hours of a real selection's load, with kills all the time? `python -m bench.soak`.

The ten days of a selection pass in as many seconds as are given, with the shares of a real one: the first two hours have 14
times the mean, the last one 4.5 times, nights a twentieth; 3 % of the ballots are sent again although they were answered.
Meanwhile workers, the whole server, connections of PostgreSQL and PostgreSQL itself are killed. Whoever is not answered asks
again with the same key. In the end the checker of the fault suite compares what was acknowledged to what is stored.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from api.identity import providers
from api.identity.tokens import SignedTokens
from api.services.sessions import Authenticator
from bench.servers import MORNING, SECRET, UNCOUNTED
from bench.voters import TOKEN_LIFETIME
from tests.databases import PostgresServer
from tests.faults.contents import read_stored
from tests.faults.deeds import backends, start_again
from tests.faults.deployments import Deployment, deployed
from tests.faults.history import Cast, Outcome, violations_of
from tests.faults.history import entry_of as content_of
from tests.faults.places import ground
from tests.faults.processes import children_of, send
from tests.servers import project_ids

HERE = Path(__file__).parent
HOURS, NIGHT = 240, 8  # of the selection; of each day
OPENING, LAST, BY_NIGHT = 14.0, 4.5, 0.05  # times the mean
RETRIED = 0.03
CONNECTIONS = 64
INTERVAL = 0.1  # seconds between two attempts
KILLS = ("worker", "worker", "server", "connection", "postgres")
QUERY = "mutation Cast($input: CastBallotInput!) { castBallot(input: $input) { ballot { id } violations { code } } }"


def weights() -> list[float]:
    """The load of each hour by the mean's, which is 1 for all together."""
    fixed = {hour: BY_NIGHT for hour in range(HOURS) if hour % 24 >= 24 - NIGHT}
    fixed |= {0: OPENING, 1: OPENING, HOURS - 1: LAST}
    rest = (HOURS - sum(fixed.values())) / (HOURS - len(fixed))
    return [fixed.get(hour, rest) for hour in range(HOURS)]


WEIGHTS = weights()


@dataclass
class Soak:
    """A run: what is to be done, and what has come of it."""

    ballots: int
    seconds: float
    seed: int
    casts: list[Cast] = field(default_factory=list)
    acknowledged: int = 0
    told: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    changed: int = 0
    memory: list[int] = field(default_factory=list)
    over: bool = False

    def due(self, fraction: float) -> int:
        """How many ballots should have been sent when so much of the time is over."""
        if fraction >= 1:
            return self.ballots
        hour, into = divmod(fraction * HOURS, 1)
        return int(self.ballots * (sum(WEIGHTS[: int(hour)]) + WEIGHTS[int(hour)] * into) / HOURS)


class Voters:
    """Everybody, over a few connections that are kept."""

    def __init__(self, soak: Soak, port: int) -> None:
        self._soak, self._port = soak, port
        self._begun = time.monotonic()
        self._next = 0
        signed = SignedTokens([SECRET.encode()], TOKEN_LIFETIME)
        self._authenticator = Authenticator(providers(guests=True), signed, SECRET.encode())
        self._chance = random.Random(soak.seed)

    async def vote(self) -> None:
        """Be one connection: send whatever is due."""
        connection = _Connection(self._port)
        while self._next < self._soak.ballots:
            fraction = min(1.0, (time.monotonic() - self._begun) / self._soak.seconds)
            if self._next >= self._soak.due(fraction):
                if fraction == 1.0:
                    break
                await asyncio.sleep(0.01)
                continue
            voter, self._next = self._next, self._next + 1
            await self._settle(connection, voter)
        connection.close()

    async def _settle(self, connection: "_Connection", voter: int) -> None:
        chance = random.Random(f"{self._soak.seed} {voter}")
        numbers = chance.sample(range(1, 51), 12)
        now = datetime.fromisoformat(MORNING)
        token = (await self._authenticator.sign_in("guest", f"soak {voter}", now)).token
        given = {"projectIds": project_ids(numbers), "idempotencyKey": f"soak {voter:012d}"}
        body = orjson.dumps({"query": QUERY, "variables": {"input": given}})
        name = await self._answered(connection, body, token)
        self._soak.acknowledged += 1
        self._soak.casts.append(Cast(Outcome.ACKNOWLEDGED, content_of(numbers)))
        if chance.random() < RETRIED:
            self._soak.changed += await self._answered(connection, body, token) != name

    async def _answered(self, connection: "_Connection", body: bytes, token: str) -> str:
        """The ballot's id, however long it takes to get it."""
        while True:
            answer = await connection.post(body, token)
            if not answer or "errors" in answer:
                self._soak.told[answer["errors"][0]["extensions"]["code"] if answer else "lost"] += 1
                await asyncio.sleep(INTERVAL)
                continue
            self._soak.told["cast"] += 1
            return str(answer["data"]["castBallot"]["ballot"]["id"])


class _Connection:
    """HTTP/1.1 with what is needed of it, which costs a fifth of a client's CPU."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, body: bytes, token: str) -> dict[str, Any]:
        """The answer; empty where there is none."""
        head = f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        try:
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
            self._writer.write(head.encode() + body)
            async with asyncio.timeout(40):
                lines = (await self._reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
                length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
                answer: dict[str, Any] = orjson.loads(await self._reader.readexactly(length))
        except (OSError, EOFError, TimeoutError, StopIteration):
            self.close()
            return {}
        return answer

    def close(self) -> None:
        """Connect anew with the next request."""
        if self._writer is not None:
            self._writer.transport.abort()
        self._writer = None


async def kill_now_and_then(soak: Soak, deployment: Deployment, server: PostgresServer, kills: int) -> None:
    """Kill one thing after the other, evenly over the run, and start again what does not start by itself."""
    chance = random.Random(soak.seed)
    for _ in range(kills):
        await asyncio.sleep(soak.seconds / (kills + 1))
        what = chance.choice(KILLS)
        soak.kills[what] += 1
        match what:
            case "worker":
                send(9, [chance.choice(deployment.workers())])
            case "server":
                await asyncio.to_thread(deployment.kill)
                deployment.start()
            case "connection":
                send(9, (await backends(deployment))[:1])
            case _:
                send(9, [int((server.data / "postmaster.pid").read_text().split()[0])])
                await asyncio.to_thread(start_again, server)
        deployment.revive()


async def note_memory(soak: Soak, deployment: Deployment) -> None:
    """Note the resident memory of the largest process of the server, in MiB, a hundred times."""
    while not soak.over:
        sizes = [0, *(_resident(pid) for pid in children_of(deployment.process.pid if deployment.process else 0))]
        soak.memory.append(max(sizes))
        await asyncio.sleep(soak.seconds / 100)


def _resident(pid: int) -> int:
    """MiB of memory, none when the process is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 // 2**20
    except (OSError, IndexError):
        return 0


async def carried_out(soak: Soak, deployment: Deployment, server: PostgresServer, kills: int) -> dict[str, Any]:
    """Do all of it, and return the figures."""
    begun = time.monotonic()
    voters = Voters(soak, deployment.port)
    beside = [
        asyncio.create_task(kill_now_and_then(soak, deployment, server, kills)),
        asyncio.create_task(note_memory(soak, deployment)),
    ]
    await asyncio.gather(*(voters.vote() for _ in range(CONNECTIONS)))
    await beside[0]
    soak.over = True
    await beside[1]
    took = time.monotonic() - begun
    wrong = violations_of(soak.casts, [], await read_stored(deployment.database_url))
    kinds = Counter(line.partition(":")[0] for line in wrong)
    return {
        "seed": soak.seed,
        "ballots": soak.acknowledged,
        "seconds": round(took, 1),
        "kills": dict(soak.kills),
        "told": dict(soak.told),
        "lost": kinds["lost"],
        "doubled": kinds["doubled"],
        "phantom": kinds["phantom"],
        "answered differently": soak.changed,
        "wrong": wrong[:10],
        "memory_mib": _tenths(soak.memory),
    }


def _tenths(values: list[int]) -> list[int]:
    """The most of each tenth of a run."""
    size = max(1, len(values) // 10)
    return [max(values[start : start + size]) for start in range(0, len(values), size)]


def main() -> int:
    """Run it; the exit code says whether anything was lost, doubled or answered differently."""
    parser = argparse.ArgumentParser("python -m bench.soak", description=__doc__)
    parser.add_argument("--ballots", type=int, default=10_000_000)
    parser.add_argument("--seconds", type=float, default=7200)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2017)
    parser.add_argument("--output", type=Path, default=HERE / ".cache" / "soak.json")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="pingxuan-soak-") as folder, ground(Path(folder)) as here:
        server = here.postgres()
        given: dict[str, Any] = {**UNCOUNTED, "SECRET": SECRET, "DATABASE_TIMEOUT": "15"}
        with (
            server.fresh_database(here.prepared_template) as url,
            deployed(url, 2, postgres=server, **given) as deployment,
        ):
            soak = Soak(options.ballots, options.seconds, options.seed)
            figures = asyncio.run(carried_out(soak, deployment, server, options.kills))
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    print(json.dumps(figures, indent=2))
    return 1 if figures["wrong"] or figures["answered differently"] else 0


if __name__ == "__main__":
    sys.exit(main())
