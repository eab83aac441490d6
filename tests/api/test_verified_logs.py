"""Is what a server publishes of a vote, from the first ballot to the result, sound and countable to the verifier?"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from api.domain.log.checkpoints import Checkpoint
from tests.commands import pingxuan
from tests.logged_servers import log_settings, note
from tests.servers import MORNING, SECRET, SLUG, TEN, Client, Json, Server, project_ids, serving
from tests.waiting import PATIENCE

AFTER = "2017-04-20T09:00:00+08:00"
RECEIPT = "receipt { leafHash batchIndex batchSize batchHashes note sealBy }"
CAST = f"mutation Cast($input: CastBallotInput!) {{ castBallot(input: $input) {{ ballot {{ id day {RECEIPT} }} }} }}"
REASON = "They are all alike."
pytestmark = pytest.mark.any_engine


class Vote:
    """A vote on one database: a server by a clock, commands on it, and the log that it publishes."""

    def __init__(self, url: str, folder: Path, http: aiohttp.ClientSession) -> None:
        self.url, self.folder, self.http = url, folder, http
        self.settings = log_settings(folder)

    @contextmanager
    def served(self, clock: str) -> Iterator[Server]:
        with serving(self.url, clock=clock, **self.settings) as server:
            yield server

    async def run(self, *words: str) -> Any:
        given = {"DATABASE_URL": self.url, "SECRET": SECRET, "CLOCK": MORNING} | self.settings
        return await asyncio.to_thread(pingxuan, self.folder, *words, **given)

    async def rule(self, kind: str, *ballots: str) -> None:
        done = await self.run("ballots", kind, *ballots, "--campaign", SLUG, "--reason", REASON)
        assert done.returncode == 0, done.stderr

    async def verified(self, server: Server) -> Json:
        done = await self.run("verify", f"{server.origin}/log/{SLUG}", "--save", "saved", "--json")
        assert done.returncode in (0, 1), done.stderr
        report: Json = json.loads(done.stdout)
        assert report["finding"] is None
        return report

    async def until(self, server: Server, verdict: str, size: int = 0) -> Json:
        """The report once it says this of as many entries."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await note(Client(self.http, server))
                if found is not None and Checkpoint.parse(found.text).size >= size:
                    report = await self.verified(server)
                    if report["verdict"] == verdict:
                        return report
                await asyncio.sleep(0.3)


async def cast(client: Client, key: str | None = None) -> dict[str, Any]:
    """Cast a ballot; return its receipt as the page saves it."""
    given = {"projectIds": project_ids(TEN)} | ({} if key is None else {"idempotencyKey": key})
    ballot = (await client.data(CAST, {"input": given}, await client.sign_in()))["castBallot"]["ballot"]
    facts = {"ballotId": ballot["id"], "campaign": SLUG, "day": ballot["day"], "projects": list(TEN)}
    return {"format": "pingxuan/receipt/v1", "idempotencyKey": key} | facts | ballot["receipt"]


async def test_a_vote_is_verified_while_it_runs_and_counted_when_it_is_over(
    seeded_url: str, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    vote = Vote(seeded_url, tmp_path, http)
    with vote.served(MORNING) as server:
        receipts = [await cast(Client(http, server), key) for key in (None, "0123456789abcdef", None, None)]
        ids = [receipt["ballotId"] for receipt in receipts]
        report = await vote.until(server, "NOT_YET_COUNTABLE", 2 + 4)
        assert report["ballots"]["cast"] == 4
        await vote.rule("hold", *ids[:2])
        await vote.rule("release", ids[0])
        await vote.rule("void", ids[2])
        report = await vote.until(server, "NOT_YET_COUNTABLE", 2 + 4 + 4)
        assert report["ballots"] == {"cast": 4, "counted": 2, "held": 1, "voided": 1}
        assert "the openings of the ballots" in report["waitingFor"]
    with vote.served(AFTER) as server:
        report = await vote.until(server, "COUNTABLE")
        assert report["log"]["earlierCheckpoints"] >= 1
        assert {each["votes"] for each in report["votes"] if each["number"] in TEN} == {2}
        assert report["days"][0]["signIns"] == 4
        for receipt, status in zip(receipts, ("COUNTED", "HELD", "VOIDED", "COUNTED"), strict=True):
            (tmp_path / "receipt.json").write_text(json.dumps(receipt))
            done = await vote.run("verify-receipt", "receipt.json", "--log", f"{server.origin}/log/{SLUG}", "--json")
            found = json.loads(done.stdout)
            assert (done.returncode, found["status"], found["open"]) == (0, status, True)
    assert (await vote.run("verify", "saved")).returncode == 0
