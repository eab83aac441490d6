"""How are two worlds, which differ only in what nobody may see, asked about everything by everybody?"""

import json
import re
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import aiohttp

from api.graph import schema
from api.testing.sandbox import SandboxServer
from tests.campaigns import at
from tests.leak_campaigns import DRAFT, LONG, path_of, seeded
from tests.servers import Client, Json, project_ids
from tests.sockets import talk
from tests.whole_schema import Asking

JOBS: dict[str, str] = {}  # by campaign, the one that is asked for
LONG_BALLOT = "mutation Long($ids: [ID!]!) { castBallot(input: {projectIds: $ids}) { violations { code } } }"
UNLIKE = {
    "signIn": "a session's token is another every time",
    "signOut": "whoever signs out is nobody in the other world",
}
MOMENTARY = re.compile("date|server|content-length|ratelimit|x-request-id|retry-after", re.IGNORECASE)
# wang has cast nothing, lin a ballot nearly everywhere, chen is an organizer of one campaign.
VOTERS = ("nobody", "chen", "wang", "lin", "expert")
STAFF = ("organizer", "auditor")
CURIOUS = ("nobody", "lin", "juror")  # who also tries every order and every filter
LIMITS = dict.fromkeys(
    ("BODY", "TOKENS", "ALIASES", "ROOT_FIELDS", "SELECTIONS", "OVERLAPS", "COST", "LIVE_COST", "SOCKET_MESSAGE"),
    "9999999",
) | dict.fromkeys(("REQUESTS", "REQUESTS_PER_VOTER", "SIGN_INS", "MESSAGES"), "0")
LOGS_OFF = {"PINGXUAN_LOG_KEYS": "off"}  # they are sealed at any moment, and test_leaks_of_logs waits for that
# Not refusals, which these questions make: they are written a little later.
TRAIL_KINDS = (
    "[CAMPAIGN_LOADED, INVITATION_ACCEPTED, REVIEW_SUBMITTED, REVIEW_REVISED, REVIEW_ABSTAINED, REVIEW_RECUSED, "
    "EXPERT_BALLOT_CAST, SELECTION_COMMITTED, SELECTION_ANNOUNCED, OBJECTION_RECORDED, OBJECTION_ANSWERED]"
)
VARIABLES = {
    "slug": "String!",
    "campaign": "ID!",
    "project": "ID!",
    "result": "ID!",
    "daily": "ID!",
    "district": "ID!",
    "ballot": "ID!",
    "expert": "ID!",
    "review": "ID!",
    "objection": "ID!",
    "job": "ID!",
    "ids": "[ID!]!",
}
ASKING = Asking(
    schema()._schema,
    ", ".join(f"${name}: {kind}" for name, kind in VARIABLES.items()),
    {
        "campaign": "$slug",
        "slug": "$slug",
        "ids": "$ids",
        "Query.ballot.id": "$ballot",
        "Query.trail.kinds": TRAIL_KINDS,
        "Query.node.id": "$campaign",
        "Query.job.id": "$job",
        "Subscription.jobChanged.id": "$job",
        "job": "$job",
        "expert": "$expert",
        "objection": "$objection",
        "stage": '"FINALIST"',
        "number": "1",
        "code": '"310101"',
        "projectIds": "[$project]",
    },
    [f"${name}" for name, kind in VARIABLES.items() if kind == "ID!"],
)
FIELDS, VARIANTS = ASKING.fields(), ASKING.variants()
SUBSCRIPTIONS, MUTATIONS = ASKING.roots("subscription"), ASKING.roots("mutation")


@dataclass
class World:
    """A sandbox that is set to one of the prepared databases, and a client of it."""

    sandbox: SandboxServer
    http: aiohttp.ClientSession
    tokens: dict[str, str | None]

    def restart(self, file: Path) -> None:
        shutil.copyfile(file, seeded(self.sandbox))
        self.sandbox.reset()

    def archive(self, slug: str) -> None:
        with sqlite3.connect(path_of(self.sandbox)) as database:
            database.execute("update campaigns set state = 'ARCHIVED', revision = revision + 1 where slug = ?", (slug,))

    def show(self, now: str) -> None:
        self.sandbox.clock.set(at(now))

    async def cast(self, when: str, choices: Mapping[str, Mapping[str, tuple[int, ...]]]) -> dict[str, str]:
        """Cast ballots at a moment, by voter and campaign; return lin's, by campaign."""
        self.show(when)
        found = {}
        for voter, by_slug in choices.items():
            for slug, numbers in by_slug.items():
                payload = await Client(self.http, self.sandbox).cast(
                    self.tokens[voter] or "", campaign=slug, projectIds=project_ids(numbers, slug)
                )
                assert payload["ballot"], payload
                found[slug] = payload["ballot"]["id"]
        return found

    def variables(self, slug: str, ballots: Mapping[str, str]) -> Json:
        district = "north" if slug == DRAFT else "310101"
        ids = {
            "campaign": f"campaign/{slug}",
            "project": f"project/{slug}/1",
            "result": f"result/{slug}/1",
            "daily": f"result/{slug}/1/2017-03-25",
            "district": f"district/{slug}/{district}" if slug == DRAFT else f"district/{district}",
            "ballot": ballots.get(slug, f"ballot/{'a' * 26}"),
            "expert": f"expert/{slug}/2",
            "review": f"review/{slug}/2/1",
            "objection": f"objection/{slug}/FINALIST/1",
            "job": f"job/{JOBS.get(slug, 'a' * 26)}",
        }
        return {"slug": slug, **ids, "ids": list(ids.values())}

    async def read(self, role: str, slug: str, ballots: Mapping[str, str], only: str = "") -> dict[str, bytes]:
        """All that a role is told of a campaign by queries, subscriptions and pages, by what was asked, or one thing."""
        variables = self.variables(slug, ballots)
        if only:
            return {only: await self.told(role, SUBSCRIPTIONS[only.rsplit(maxsplit=1)[-1]], variables)}
        queries = (*FIELDS, *VARIANTS) if role in CURIOUS else FIELDS
        found = {f"query {n}": await self.send(role, each, variables) for n, each in enumerate(queries)}
        for name, document in SUBSCRIPTIONS.items():
            found[f"stream of {name}"] = await self.streamed(role, document, variables)
            found[f"socket of {name}"] = await self.told(role, document, variables)
        if role == "nobody":
            found |= {f"GET {path}": await self.get(path) for path in _addresses(variables)}
        return found

    async def change(self, role: str, slug: str, ballots: Mapping[str, str]) -> dict[str, bytes]:
        """All that a role is told when it tries to change a campaign."""
        variables = self.variables(slug, ballots)
        documents = {name: each for name, each in MUTATIONS.items() if name not in UNLIKE}
        found = {name: await self.send(role, document, variables) for name, document in documents.items()}
        longest = [f"project/{slug}/{number}" for number in range(1, LONG)]
        return found | {"a long ballot": await self.send(role, LONG_BALLOT, {"ids": longest})}

    def _headers(self, role: str) -> dict[str, str]:
        token = self.tokens[role]
        return {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    async def send(self, role: str, query: str, variables: Json) -> bytes:
        body = json.dumps({"query": query, "variables": variables})
        async with self.http.post(self.sandbox.url, data=body, headers=self._headers(role)) as response:
            return await _whole(response)

    async def get(self, path: str) -> bytes:
        async with self.http.get(self.sandbox.origin + path) as response:
            return await _whole(response)

    async def streamed(self, role: str, query: str, variables: Json) -> bytes:
        """The first event of a stream."""
        body, headers = json.dumps({"query": query, "variables": variables}), self._headers(role)
        stream = {**headers, "Accept": "text/event-stream"}
        async with self.http.post(self.sandbox.url, data=body, headers=stream) as response:
            while not (event := await response.content.readuntil(b"\n\n")).startswith(b"event: next"):
                assert event.startswith(b":"), event
            return event

    async def told(self, role: str, query: str, variables: Json) -> bytes:
        """The first message about an operation on a socket."""
        payload = {"Authorization": f"Bearer {self.tokens[role]}"} if self.tokens[role] else {}
        async with talk(self.sandbox) as socket:
            await socket.greet(**payload)
            await socket.begin("1", query, **variables)
            return json.dumps(await socket.hear()).encode()


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """Everything about a response that is not about the moment or the connection."""
    headers = [f"{name}: {value}" for name, value in response.headers.items() if not MOMENTARY.match(name)]
    return "\n".join([str(response.status), *sorted(headers), ""]).encode() + await response.read()


def _addresses(variables: Json) -> list[str]:
    """Pages, and small queries by GET, whose answers have entity tags and may be kept by shared caches."""
    slug = variables["slug"]
    queries = [
        "{ campaigns { totalCount nodes { slug } } }",
        f'{{ campaign(slug: "{slug}") {{ turnout {{ ballots choices }} }} }}',
        f'{{ node(id: "result/{slug}/1") {{ id }} }}',
        "{ campaign { slug } districts { code } }",
    ]
    views = ("", "/ranking", "/projects/1", "/districts/310101")
    pages = [*(f"/c/{slug}{view}" for view in views), "/campaigns", "/", "/healthz", "/readyz", "/sandbox", f"/{slug}"]
    return [*pages, *(f"/graphql?query={quote(query)}" for query in queries)]
