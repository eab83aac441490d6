"""How do tests start servers that seal ballot logs at once, with witnesses, and see what they publish?"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import SignedNote, VerifierKey
from api.transparency.key_file import make_key_file, read_keys
from api.transparency.log_keys import LogKeys
from tests.commands import pingxuan
from tests.servers import MORNING, PATIENCE, SECRET, Client, Server

PREFIX = "vote.example.cn/log"
ORIGIN = f"{PREFIX}/shanghai-2017"
AT_ONCE = {"LOG_SEAL_INTERVAL": "1", "LOG_SEAL_MINIMUM": "1", "LOG_SEAL_DEADLINE": "2", "LOG_ORIGIN": PREFIX}


def log_settings(folder: Path, policy: str = "", **more: str) -> dict[str, str]:
    """The settings of a server whose keys, anchor and policy are in a folder. more: instead of these."""
    keys = folder / "logkeys"
    if not keys.exists():
        make_key_file(keys)
    given = {"LOG_KEYS": str(keys), "LOG_ANCHOR": str(folder / "anchor")}
    if policy:
        (folder / "policy").write_text(policy)
        given["LOG_POLICY"] = str(folder / "policy")
    return AT_ONCE | given | more


def log_key(folder: Path, origin: str = ORIGIN) -> VerifierKey:
    """The key of a log under the keys in a folder."""
    return VerifierKey.parse(LogKeys(read_keys(folder / "logkeys")).verifier_keys(origin)[0])


def run(folder: Path, database_url: str, settings: dict[str, str], *words: str) -> Any:
    """Run a command about the log to its end, in this folder."""
    given = {"DATABASE_URL": database_url, "SECRET": SECRET, "CLOCK": MORNING}
    return pingxuan(folder, *words, **given | settings)


def states(folder: Path, database_url: str, settings: dict[str, str]) -> dict[str, Any]:
    """What `pingxuan log state` says of each campaign's log."""
    return {
        each["campaign"]: each
        for each in json.loads(run(folder, database_url, settings, "log", "state", "--json").stdout)
    }


@asynccontextmanager
async def client_of(server: Server) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(session, server)


async def cast(client: Client, number: int) -> list[str]:
    """Have so many people cast a ballot; return the ballots' ids."""
    payloads = [await client.cast(await client.sign_in()) for _ in range(number)]
    return [payload["ballot"]["id"] for payload in payloads]


async def note(client: Client, path: str = "/log/shanghai-2017") -> SignedNote | None:
    """The checkpoint that is published, None where there is none."""
    response = await client.get(f"{path}/checkpoint")
    assert response.status in (200, 404), response
    return SignedNote.parse(response.body) if response.status == 200 else None


async def published(client: Client, ballots: int, path: str = "/log/shanghai-2017") -> SignedNote:
    """Wait until so many ballots are under a published checkpoint, and return that."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await note(client, path)
            if found is not None and Checkpoint.parse(found.text).size >= ballots + 2:  # rules and window
                return found
            await asyncio.sleep(0.1)


async def until_logged(server: Server, words: str) -> None:
    """Wait until a server has logged this."""
    deadline = time.monotonic() + PATIENCE
    while True:
        if words in server.log:
            return
        assert time.monotonic() < deadline, server.log
        await asyncio.sleep(0.1)


async def until_served(client: Client, path: str) -> None:
    """Wait until there is something at this path."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if (await client.get(path)).status == 200:
                return
            await asyncio.sleep(0.1)
