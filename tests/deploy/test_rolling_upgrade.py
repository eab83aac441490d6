"""Are the servers of several machines replaced one by one behind nginx, by the page, while everybody votes and watches?"""

import asyncio
import json
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError
from websockets.typing import Subprotocol

from api.storage.database.connection import open_database
from api.storage.database.migrator import MIGRATIONS, migrate
from tests.commands import SEED
from tests.databases import PostgresServer, free_port
from tests.deployed import program
from tests.proxies import Proxy, nginx_before
from tests.servers import PATIENCE, ROOT, SIGN_IN, TEN, Server, assert_audit_agrees, prepare, project_ids, started

pytestmark = pytest.mark.check

PAGE = (ROOT / "docs" / "upgrading.md").read_text("utf-8").partition("## On several machines")[2]
OUT, BACK = re.findall(
    r"^sed .*", PAGE, re.MULTILINE
)  # the commands with which nginx leaves a server out, and takes it back
CAST = """mutation ($input: CastBallotInput!) {
  castBallot(input: $input) { ballot { id } violations { code } } }"""
WATCH = "subscription { resultsChanged(first: 1) { nodes { votes } } }"
NEWER = "CREATE TABLE newer (n int); ALTER TABLE ballots ADD COLUMN newer int;"
RESTARTS = 1012
ROUND = 2  # ballots of each voter: the second is asked for after all that was under way before the first was answered


@dataclass
class Site:
    """Nginx before two servers. folder: of nginx."""

    database_url: str
    proxy: Proxy
    folder: Path
    ports: tuple[int, int]
    servers: dict[int, Server] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.proxy.port}/graphql"

    def start(self, port: int) -> None:
        server = started(self.database_url, PORT=str(port), PROXIES="127.0.0.0/8", HOSTS="localhost")
        self.servers[port] = self.stack.enter_context(server)
        self.servers[port].await_start()

    def restart(self, port: int) -> None:
        self.servers[port].stop()
        self.start(port)

    def run(self, command: str, port: int) -> None:
        """Run a command of the page on nginx's machine, and wait until workers of before take no more requests."""
        before = self._workers()
        ours = f"{program('nginx')} -c {self.folder}/nginx.conf -p {self.folder}"
        for theirs, here in {
            "10.0.0.2:8000": f"127.0.0.1:{port}",
            "/etc/nginx/conf.d": str(self.folder),
            "nginx -s": f"{ours} -s",
        }.items():
            assert theirs in command
            command = command.replace(theirs, here)
        subprocess.run(["sh", "-euc", command], check=True)
        deadline = time.monotonic() + PATIENCE
        while [worker for worker in before if "shutting down" not in self._workers().get(worker, "shutting down")]:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def _workers(self) -> dict[str, str]:
        """What each worker of nginx says that it is."""
        master = (self.folder / "pid").read_text().strip()
        told = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", master], capture_output=True, text=True, check=True)
        return {words[0]: words[1] for words in (line.split(maxsplit=1) for line in told.stdout.splitlines())}


@pytest.fixture
def site(postgres_server: PostgresServer, migrated_template: str, tmp_path: Path) -> Iterator[Site]:
    ports = free_port(), free_port()
    with postgres_server.fresh_database(migrated_template) as url, ExitStack() as stack:
        prepare(url, SEED)
        servers = [f"127.0.0.1:{port}" for port in ports]
        proxy = stack.enter_context(nginx_before(tmp_path, servers, tls=False))
        site = Site(url, proxy, tmp_path, ports, stack=stack)
        for port in ports:
            site.start(port)
        yield site


class Crowd:
    """Voters who cast one after the other and all succeed, and watchers who go on wherever they are told to."""

    def __init__(self, site: Site) -> None:
        self._url = site.url
        self._changed = asyncio.Condition()
        self._ended = asyncio.Event()
        self.cast: dict[str, int] = {}
        self.seen: dict[str, int] = {}
        self.arrivals: dict[str, int] = {"socket": 0, "stream": 0}

    @asynccontextmanager
    async def there(self) -> AsyncIterator[None]:
        """Vote and watch until the block ends; the first failure ends it at once."""
        async with asyncio.TaskGroup() as group:
            watching = [group.create_task(self._follow_socket()), group.create_task(self._follow_stream())]
            voting = [group.create_task(self._vote(f"voter {n}", keeps_alive=n % 2 == 0)) for n in range(6)]
            yield
            self._ended.set()
            await asyncio.gather(*voting)
            total = sum(self.cast.values())
            await self.until(lambda: self.seen == {"socket": total, "stream": total})
            for task in watching:
                task.cancel()

    async def until(self, is_so: Any) -> None:
        async with self._changed:
            await self._changed.wait_for(is_so)

    async def round(self) -> None:
        """Wait until each voter has cast so many more."""
        await self.until(lambda: len(self.cast) == 6)
        goals = {name: number + ROUND for name, number in self.cast.items()}
        await self.until(lambda: all(self.cast[name] >= goal for name, goal in goals.items()))

    async def _say(self, about: dict[str, int], name: str, number: int) -> None:
        async with self._changed:
            about[name] = number
            self._changed.notify_all()

    @asynccontextmanager
    async def _session(self, *, keeps_alive: bool) -> AsyncIterator[aiohttp.ClientSession]:
        connector = aiohttp.TCPConnector(force_close=not keeps_alive)
        async with aiohttp.ClientSession(connector=connector) as session:
            yield session

    async def _vote(self, name: str, *, keeps_alive: bool) -> None:
        async with self._session(keeps_alive=keeps_alive) as session:
            while not self._ended.is_set():
                signed_in = await self._ask(session, SIGN_IN, {"name": f"guest {uuid4()}"}, keeps_alive=keeps_alive)
                ballot = {"input": {"projectIds": project_ids(TEN), "idempotencyKey": str(uuid4())}}
                token = f"Bearer {signed_in['signIn']['token']}"
                payload = await self._ask(session, CAST, ballot, keeps_alive=keeps_alive, Authorization=token)
                assert payload["castBallot"]["ballot"], payload
                await self._say(self.cast, name, self.cast.get(name, 0) + 1)

    async def _ask(
        self, session: aiohttp.ClientSession, query: str, variables: dict[str, Any], *, keeps_alive: bool, **more: str
    ) -> Any:
        """Ask until there is an answer. Only what has been kept alive may end instead, as nginx leaves idle connections."""
        while True:
            try:
                body = {"query": query, "variables": variables}
                async with session.post(self._url, json=body, headers=more) as response:
                    assert response.status == 200, (response.status, await response.text())
                    answer = await response.json()
                    assert "errors" not in answer, answer
                    return answer["data"]
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                if not keeps_alive:
                    raise

    async def _follow_socket(self) -> None:
        url, protocols = self._url.replace("http", "ws"), [Subprotocol("graphql-transport-ws")]
        while True:
            async with connect(url, subprotocols=protocols, open_timeout=PATIENCE) as socket:
                self.arrivals["socket"] += 1
                await socket.send('{"type": "connection_init"}')
                await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": WATCH}}))
                with pytest.raises(ConnectionClosedError) as closed:
                    await self._hear_all(socket)
                assert closed.value.rcvd
                assert closed.value.rcvd.code == RESTARTS

    async def _hear_all(self, socket: ClientConnection) -> None:
        async for message in socket:
            await self._hear(socket, json.loads(message))

    async def _hear(self, socket: ClientConnection, told: dict[str, Any]) -> None:
        if told["type"] == "ping":
            await socket.send('{"type": "pong"}')
        elif told["type"] == "next":
            await self._see("socket", told["payload"])
        else:
            assert told == {"type": "connection_ack"}

    async def _follow_stream(self) -> None:
        headers = {"Accept": "text/event-stream"}
        async with self._session(keeps_alive=False) as session:
            while True:
                async with session.post(self._url, json={"query": WATCH}, headers=headers) as stream:
                    assert stream.status == 200
                    self.arrivals["stream"] += 1
                    async for line in stream.content:
                        if line.startswith(b"data: {"):
                            await self._see("stream", json.loads(line.removeprefix(b"data: ")))

    async def _see(self, watcher: str, result: Any) -> None:
        assert "errors" not in result, result
        await self._say(self.seen, watcher, result["data"]["resultsChanged"]["nodes"][0]["votes"])


async def test_every_server_is_replaced_behind_nginx_while_everybody_votes_and_watches(
    site: Site, tmp_path: Path
) -> None:
    newer = tmp_path / "migrations"
    shutil.copytree(str(MIGRATIONS), newer)
    (newer / "9001_newer.expand.postgres.sql").write_text(NEWER)
    crowd = Crowd(site)
    async with crowd.there():
        await crowd.round()
        async with open_database(site.database_url) as database:
            assert await migrate(database, newer) == ["9001_newer.expand"]
        for port in site.ports:
            await asyncio.to_thread(site.run, OUT, port)
            await crowd.round()
            await asyncio.to_thread(site.restart, port)
            await asyncio.to_thread(site.run, BACK, port)
            await crowd.round()
    assert all(number > 1 for number in crowd.arrivals.values())
    assert_audit_agrees(site.database_url, sum(crowd.cast.values()))
