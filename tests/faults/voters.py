"""People who vote while something fails, each with choices that nobody else has, and what they are told.

Whoever is not told what became of a ballot asks again with the same key, as the documentation has it, until there is an answer;
a few give up, and their ballots may be there or not. A few hand in other choices besides, of which one alone may be stored.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.faults.history import Cast, Outcome, SeenTurnout, entry_of
from tests.servers import project_ids

RESUMED_TIMEOUT = 120.0  # seconds until ballots have to be acknowledged again, on however busy a machine
RETRY_INTERVAL = 0.2  # seconds; the documentation has it that people wait for one
CALLER_TIMEOUT = 40.0  # seconds, as the documentation gives callers
LONG = 10_000  # bytes
CAST = """
mutation Cast($input: CastBallotInput!) {
  castBallot(input: $input) { ballot { id projects { number } } violations { code } }
}
"""
TURNOUT = "{ campaign { turnout { ballots } } }"
REFUSALS = frozenset({"QUOTA_EXHAUSTED", "IDEMPOTENCY_KEY_REUSED"})


def choices_of(seed: int, voter: int, other: bool = False) -> list[int]:
    """What a voter chooses: of 121 billion possibilities, so that a ballot's content names its voter."""
    return sorted(random.Random(f"{seed} {voter} {other}").sample(range(1, 51), 12))


@dataclass
class History:
    """What all voters of a database, and a reader, have lived through. It names voters by number, from 0 on."""

    seed: int
    tokens: Sequence[str]
    casts: list[Cast] = field(default_factory=list)
    turnouts: list[SeenTurnout] = field(default_factory=list)
    voters: int = 0
    sent: int = 0

    def next_voter(self) -> int:
        """Of those who are left."""
        assert self.voters < len(self.tokens), f"all {self.voters} have voted, and it goes on"
        self.voters += 1
        return self.voters - 1


class Voters:
    """So many at once, at one address, for as long as they are not told that it is enough."""

    def __init__(self, http: aiohttp.ClientSession, port: int, history: History, chance: random.Random) -> None:
        self._http, self._url = http, f"http://127.0.0.1:{port}/graphql"
        self._history, self._chance = history, chance
        self._changed = asyncio.Condition()
        self._begun: set[int] = set()  # attempts that are under way
        self._attempts = 0
        self._answered: list[int] = []  # attempts that were acknowledged
        self.enough = False
        self.told: Counter[str] = Counter()

    async def vote(self) -> None:
        """Be one of them: cast one ballot after the other."""
        while not self.enough:
            voter = self._history.next_voter()
            if self._chance.random() < 0.1:
                await asyncio.gather(self._settle(voter, False), self._settle(voter, True))
            else:
                await self._settle(voter, False)

    async def read(self) -> None:
        """Look at the turnout again and again."""
        while not self.enough:
            sent, answer = await self._ask(TURNOUT, {}, None)
            if isinstance(answer, dict) and answer["campaign"] is not None:
                self._history.turnouts.append(SeenTurnout(answer["campaign"]["turnout"]["ballots"], sent))
            await asyncio.sleep(0.1)

    async def ask_for_much(self, crowd: int) -> None:
        """Have so many send a long request each at the same moment, whatever becomes of it."""
        await asyncio.gather(*(self._ask(TURNOUT, {"unused": "x" * LONG}, None) for _ in range(crowd)))

    async def acknowledged(self, count: int) -> None:
        """Return once so many ballots more are acknowledged whose requests were sent after this call."""
        since = self._attempts
        await self._until(lambda: sum(attempt >= since for attempt in self._answered) >= count, "is acknowledged")

    async def under_way(self) -> None:
        """Return once a request is under way."""
        await self._until(lambda: bool(self._begun), "is sent")

    async def told_of(self, what: str) -> None:
        """Return once somebody more is told this."""
        before = self.told[what]
        await self._until(lambda: self.told[what] > before, f"is told {what}")

    async def told_something(self) -> None:
        """Return once somebody more is told anything."""
        before = self.told.total()
        await self._until(lambda: self.told.total() > before, "is told")

    async def _until(self, is_so: Any, doing: str) -> None:
        try:
            async with asyncio.timeout(RESUMED_TIMEOUT), self._changed:
                await self._changed.wait_for(is_so)
        except TimeoutError:
            raise AssertionError(f"nothing {doing} any more; so far: {dict(self.told)}") from None

    async def _settle(self, voter: int, other: bool) -> None:
        """Cast a ballot, and again until it is known what became of it; one in eight gives up when it fails."""
        numbers = choices_of(self._history.seed, voter, other)
        given = {"projectIds": project_ids(numbers), "idempotencyKey": f"ballot of {voter} {other}"}
        self._history.sent += 1
        while (payload := await self._attempt(given, self._history.tokens[voter])) is None:
            if self._chance.random() < 0.125:
                self._history.casts.append(Cast(Outcome.UNKNOWN, entry_of(numbers)))
                return
            await asyncio.sleep(RETRY_INTERVAL)
        ballot, refusals = payload["ballot"], {violation["code"] for violation in payload["violations"]}
        if ballot is None:
            assert refusals <= REFUSALS, refusals
            self._history.casts.append(Cast(Outcome.REFUSED, entry_of(numbers)))
        else:
            assert sorted(project["number"] for project in ballot["projects"]) == numbers, "it is the voter's own"
            self._history.casts.append(Cast(Outcome.ACKNOWLEDGED, entry_of(numbers)))

    async def _attempt(self, given: dict[str, Any], token: str) -> dict[str, Any] | None:
        """The payload; None where there is no answer to rely on."""
        number, self._attempts = self._attempts, self._attempts + 1
        async with self._changed:
            self._begun.add(number)
            self._changed.notify_all()
        _, answer = await self._ask(CAST, {"input": given}, token)
        self.told["cast" if isinstance(answer, dict) else answer] += 1
        async with self._changed:
            self._begun.discard(number)
            if isinstance(answer, dict):
                self._answered.append(number)
            self._changed.notify_all()
        return answer["castBallot"] if isinstance(answer, dict) else None

    async def _ask(self, query: str, variables: dict[str, Any], token: str | None) -> tuple[int, dict[str, Any] | str]:
        """How many ballots had been sent when it was answered, and the data; or what was told instead: a code, or `lost`."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        timeout = aiohttp.ClientTimeout(CALLER_TIMEOUT)
        try:
            async with self._http.post(self._url, json=body, headers=headers, timeout=timeout) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, OSError, TimeoutError):
            return self._history.sent, "lost"
        if errors := answer.get("errors"):
            return self._history.sent, promised(errors[0]["extensions"])
        return self._history.sent, answer["data"]


def promised(extensions: dict[str, Any]) -> str:
    """The code of an error; of those that pass it has to be said when to try again."""
    code: str = extensions["code"]
    return code if code != "OVERLOADED" or extensions.get("retryAfter") == 1 else f"{code} without a time"
