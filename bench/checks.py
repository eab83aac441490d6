"""Do the contestants do the same work? They must give the same answers, refuse the same ballots, and keep every one."""

import asyncio
import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types

from bench.servers import COMMAND, ROOT, SLUG, Server, settings
from bench.voters import Voters
from bench.workloads import CAST, FEWEST, PROJECTS, RANKED, RANKED_VARIED

# What every contestant is asked, and the field that answers.
QUESTIONS = (
    (PROJECTS.body, PROJECTS.field),
    (RANKED.body, RANKED.field),
    *((RANKED_VARIED.varied(number, FEWEST + number), f"ranking{number + 1}") for number in (0, 7)),
)


class Unequal(Exception):
    """Contestants that do not do the same work: comparing their speed would mean nothing."""


def check_answers(server: Server, base: Server, _voters: Voters) -> None:
    """Raises Unequal when a contestant's lists differ from the base's, as long as nobody has cast a ballot at either."""
    for body, field in QUESTIONS:
        if not _same(_nodes(server, body, field), _nodes(base, body, field)):
            raise Unequal(f"{server.name} answers {body} differently")


def check_ballots(server: Server, base: Server, voters: Voters) -> None:
    """Raises Unequal when a rule is enforced or a ballot stored otherwise than at the base, which is checked first."""
    with voters.file.open() as lines:
        token = lines.readline().strip()
    _check_rules(server, token)
    _check_tokens(server, token)
    if last_ballot(server.database_url) != last_ballot(base.database_url):
        raise Unequal(f"{server.name} stores {last_ballot(server.database_url)}")


def _nodes(server: Server, body: str, field: str) -> list[dict[str, Any]]:
    answer = server.post(body)
    try:
        nodes: list[dict[str, Any]] = json.loads(answer)["data"][field]["nodes"]
    except (ValueError, KeyError, TypeError):
        raise Unequal(f"{server.name} does not answer {body}: {answer[:400]!r}") from None
    if len(nodes) < FEWEST:
        raise Unequal(f"{server.name} lists {len(nodes)}: {body}")
    return nodes


def _same(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> bool:
    """Equal but for the last digits of shares."""
    rounded = [
        [{k: round(v, 9) if isinstance(v, float) else v for k, v in node.items()} for node in nodes]
        for nodes in (ours, theirs)
    ]
    return rounded[0] == rounded[1]


def _check_rules(server: Server, token: str) -> None:
    """Ballots that are wrong in one way each, a right one, and one too many; by the file's first voter."""
    ids = [f"project/{SLUG}/{number}" for number in range(1, 51)]
    expected: tuple[tuple[list[str], list[str]], ...] = (
        (ids[:9], ["TOO_FEW_CHOICES"]),
        ([*ids[:20], ids[0]], ["REPEATED_CHOICES"]),
        ([*ids[:20], f"project/{SLUG}/99"], ["UNKNOWN_PROJECTS"]),
        (ids[:20], []),
        (ids[:31], ["TOO_MANY_CHOICES"]),
        (ids[:20], ["QUOTA_EXHAUSTED"]),
    )
    for chosen, codes in expected:
        answer = cast(server, chosen, token)
        actual_codes = [violation["code"] for violation in answer["data"]["castBallot"]["violations"]]
        if actual_codes != codes and not (codes and codes[0] in actual_codes):
            raise Unequal(f"{server.name} finds {actual_codes} in a ballot of {chosen}, not {codes}")
    server.used += 1
    server.acknowledged += 1


def _check_tokens(server: Server, token: str) -> None:
    """A token whose signature is another's, and none at all."""
    signed, _, signature = token.rpartition(".")
    for forged in (f"{signed}.{signature[::-1]}", None):
        answer = cast(server, [f"project/{SLUG}/{number}" for number in range(1, 21)], forged)
        if "errors" not in answer or (answer.get("data") or {}).get("castBallot"):
            raise Unequal(f"{server.name} takes a ballot without a valid token: {answer}")


def cast(server: Server, ids: list[str], token: str | None) -> Any:
    """The answer to castBallot."""
    return json.loads(server.post(json.dumps({"query": CAST, "variables": {"input": {"projectIds": ids}}}), token))


def last_ballot(database_url: str) -> tuple[str, ...]:
    """What was stored last, but for the moment. The campaign's salt is the same everywhere, and so the ids are."""
    sql = "select id, day, channel, choices from ballots order by cast_at desc limit 1"
    ballot, day, channel, choices = selected(database_url, sql)
    return ballot, str(day), channel, bytes(choices).hex()


def check_kept(server: Server, filled: int) -> str:
    """How many ballots are stored: all that were acknowledged, and none that nobody cast. Raises Unequal."""
    stored = count_ballots(server.database_url)
    minimum, maximum = filled + server.acknowledged, filled + server.used
    if not minimum <= stored <= maximum:
        raise Unequal(f"{server.name} stores {stored} ballots, not {minimum} (acknowledged) to {maximum} (sent)")
    return f"{server.name}: {server.acknowledged:,} ballots acknowledged, {stored - filled:,} stored"


def count_ballots(database_url: str) -> int:
    """The ballots in a database."""
    return int(selected(database_url, "select count(*) from ballots")[0])


def selected(database_url: str, sql: str) -> tuple[Any, ...]:
    """The first row that a database selects."""
    if database_url.startswith("sqlite://"):
        with closing(sqlite3.connect(Path(database_url.removeprefix("sqlite://")))) as connection:
            return tuple(connection.execute(sql).fetchone())

    async def select() -> tuple[Any, ...]:
        connection = await asyncpg.connect(database_url)
        try:
            return tuple(await connection.fetchrow(sql))
        finally:
            await connection.close()

    return asyncio.run(select())


def audit(database_url: str) -> None:
    """Every ballot recounted gives the tallies. Raises Unequal."""
    done = subprocess.run([COMMAND, "audit"], env=settings(database_url), cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Unequal(done.stdout + done.stderr)
