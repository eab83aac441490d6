"""Do the contestants do the same work? They must give the same answers, refuse the same ballots, and keep every one."""

import asyncio
import json
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types

from bench.servers import COMMAND, ROOT, SLUG, Server, settings
from bench.voters import Voters
from bench.workloads import CAST, PROJECTS, RANKED, Workload


class Unequal(Exception):
    """Contestants that do not do the same work: comparing their speed would mean nothing."""


def check_equal(servers: dict[str, Server], voters: Voters) -> None:
    """Raises Unequal when lists differ, or a rule is enforced by one contestant and not by another."""
    lists = {workload.key: _nodes(servers["postgres"], workload) for workload in (PROJECTS, RANKED)}
    for name in ("postgres", "sqlite", "reference", "peer"):
        for workload in (PROJECTS, RANKED):
            if not _same(_nodes(servers[name], workload), lists[workload.key]):
                raise Unequal(f"{name} answers {workload.key} differently")
        _check_rules(servers[name], voters)


def _nodes(server: Server, workload: Workload) -> list[dict[str, Any]]:
    answer = server.post(workload.body)
    try:
        nodes: list[dict[str, Any]] = json.loads(answer)["data"][workload.field]["nodes"]
    except (ValueError, KeyError, TypeError):
        raise Unequal(f"{server.name} gives no {workload.key}: {answer[:400]!r}") from None
    if len(nodes) != 50:
        raise Unequal(f"{server.name} lists {len(nodes)} of fifty: {workload.key}")
    return nodes


def _same(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> bool:
    """Equal but for the last digits of shares."""
    rounded = [
        [{k: round(v, 9) if isinstance(v, float) else v for k, v in node.items()} for node in nodes]
        for nodes in (ours, theirs)
    ]
    return rounded[0] == rounded[1]


def _check_rules(server: Server, voters: Voters) -> None:
    """One ballot too short, one right, one too many; by the file's first voter."""
    with voters.file.open() as lines:
        token = lines.readline().strip()
    expected: tuple[tuple[int, list[str]], ...] = (
        (9, ["TOO_FEW_CHOICES"]),
        (20, []),
        (31, ["TOO_MANY_CHOICES"]),
        (20, ["QUOTA_EXHAUSTED"]),
    )
    for choices, codes in expected:
        ids = [f"project/{SLUG}/{number}" for number in range(1, choices + 1)]
        answer = server.post(json.dumps({"query": CAST, "variables": {"input": {"projectIds": ids}}}), token)
        actual_codes = [violation["code"] for violation in json.loads(answer)["data"]["castBallot"]["violations"]]
        if actual_codes != codes and not (choices > 30 and codes[0] in actual_codes):
            raise Unequal(f"{server.name} finds {actual_codes} in a ballot of {choices}, not {codes}")
    server.used += 1
    server.acknowledged += 1


def check_kept(server: Server, filled: int) -> str:
    """How many ballots are stored: all that were acknowledged, and none that nobody cast. Raises Unequal."""
    stored = count_ballots(server.database_url)
    minimum, maximum = filled + server.acknowledged, filled + server.used
    if not minimum <= stored <= maximum:
        raise Unequal(f"{server.name} stores {stored} ballots, not {minimum} (acknowledged) to {maximum} (sent)")
    return f"{server.name}: {server.acknowledged:,} ballots acknowledged, {stored - filled:,} stored"


def count_ballots(database_url: str) -> int:
    """The ballots in a database."""
    sql = "select count(*) from ballots"
    if database_url.startswith("sqlite://"):
        connection = sqlite3.connect(Path(database_url.removeprefix("sqlite://")))
        try:
            return int(connection.execute(sql).fetchone()[0])
        finally:
            connection.close()

    async def count() -> int:
        connection = await asyncpg.connect(database_url)
        try:
            return int(await connection.fetchval(sql))
        finally:
            await connection.close()

    return asyncio.run(count())


def audit(database_url: str) -> None:
    """Every ballot recounted gives the tallies. Raises Unequal."""
    done = subprocess.run([COMMAND, "audit"], env=settings(database_url), cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Unequal(done.stdout + done.stderr)
