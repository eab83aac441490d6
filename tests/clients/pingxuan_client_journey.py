"""Does clients/python walk the way of a vote, over a lost answer and a lost connection? sync|async URL."""

import asyncio
import json
import sys
from typing import Any

import httpx
from pingxuan_client import AsyncClient, Client, Credential, GuestCredential, Ranking, Refused
from pingxuan_client.operations.candidates import CandidatesProjectsNodes
from pingxuan_client.operations.results import Results


class Losing(httpx.HTTPTransport):
    """Loses the answer to the first ballot that is sent, after the server has given it."""

    lost = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if b"castBallot" in request.content and not self.lost:
            self.lost += 1
            raise httpx.ReadError("The answer is lost.")
        return response


class AsyncLosing(httpx.AsyncHTTPTransport):
    lost = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if b"castBallot" in request.content and not self.lost:
            self.lost += 1
            raise httpx.ReadError("The answer is lost.")
        return response


def guest(name: str) -> Credential:
    return Credential(guest=GuestCredential(name=name))


def ids(nodes: list[CandidatesProjectsNodes], start: int, stop: int) -> list[str]:
    return [node.id for node in nodes[start:stop]]


class Seen:
    """What a watcher has seen, and what is to be done about it."""

    def __init__(self) -> None:
        self.connections: list[str] = []
        self.before: list[int] = []
        self.after: list[int] = []
        self.ballots = 0

    def look(self, ranking: Ranking) -> str:
        """Cut the connection at the first rows, vote at those after it, and stop at the moved ones."""
        if self.connections[-1:] != [ranking.connection]:
            self.connections.append(ranking.connection)
        numbers = [row.project.number for row in ranking.rows]
        if ranking.connection != "live" or not ranking.ballots:
            return "wait"
        self.after, self.ballots = numbers, ranking.ballots
        if 22 in numbers:
            return "stop"
        if not self.before:
            self.before = numbers
            return "cut"
        return "vote" if "reconnecting" in self.connections else "wait"

    def told(self, stranger: str, refused: list[str], lost: int, day: str, results: Results) -> dict[str, Any]:
        asked = [node.project.number for node in results.results.nodes] if results.results else []
        seen = {"before": self.before, "after": self.after, "ballots": self.ballots, "connections": self.connections}
        return {"stranger": stranger, "refused": refused, "lost": lost, "day": day, "asked": asked, **seen}


def waiting(url: str) -> dict[str, Any]:
    losing, seen, voted = Losing(), Seen(), False
    with Client(url, language="en") as client, Client(url, transport=losing) as first, Client(url) as second:
        projects = client.candidates(first=30).projects
        assert projects is not None
        try:
            client.cast_ballot(ids(projects.nodes, 0, 10))
        except Refused as refusal:
            stranger = refusal.code
        first.sign_in(guest("the first"))
        refused = first.cast_ballot(ids(projects.nodes, 0, 2))
        cast = first.cast_ballot(ids(projects.nodes, 0, 10)).ballot
        second.sign_in(guest("the second"))
        assert cast is not None
        with client.live_ranking(first=12) as rankings:
            for ranking in rankings:
                match seen.look(ranking):
                    case "cut":
                        assert rankings._socket is not None
                        rankings._socket.close(1012)
                    case "vote" if not voted:
                        voted = bool(second.cast_ballot(ids(projects.nodes, 20, 30)).ballot)
                    case "stop":
                        break
        codes = [violation.code.value for violation in refused.violations]
        return seen.told(stranger, codes, losing.lost, cast.day.isoformat(), client.results(first=12))


async def not_waiting(url: str) -> dict[str, Any]:
    losing, seen, voted = AsyncLosing(), Seen(), False
    async with AsyncClient(url) as client, AsyncClient(url, transport=losing) as first, AsyncClient(url) as second:
        projects = (await client.candidates(first=30)).projects
        assert projects is not None
        try:
            await client.cast_ballot(ids(projects.nodes, 0, 10))
        except Refused as refusal:
            stranger = refusal.code
        await first.sign_in(guest("the first"))
        refused = await first.cast_ballot(ids(projects.nodes, 0, 2))
        cast = (await first.cast_ballot(ids(projects.nodes, 0, 10))).ballot
        await second.sign_in(guest("the second"))
        assert cast is not None
        rankings = client.live_ranking(first=12)  # its client closes it
        async for ranking in rankings:
            match seen.look(ranking):
                case "cut":
                    assert rankings._socket is not None
                    await rankings._socket.close(1012)
                case "vote" if not voted:
                    voted = bool((await second.cast_ballot(ids(projects.nodes, 20, 30))).ballot)
                case "stop":
                    break
        codes = [violation.code.value for violation in refused.violations]
        return seen.told(stranger, codes, losing.lost, cast.day.isoformat(), await client.results(first=12))


print(json.dumps(waiting(sys.argv[2]) if sys.argv[1] == "sync" else asyncio.run(not_waiting(sys.argv[2]))))
