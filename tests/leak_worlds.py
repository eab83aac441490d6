"""What do two worlds look like that differ only in what nobody may see, and how are they asked about everything?"""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from api.domain.campaigns.campaign import Campaign, CampaignState, ChoiceRange, Pause, ResultsStep, ResultsVisibility
from api.domain.campaigns.projects import District
from api.graph import schema
from api.storage.audit_trail import write
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from api.testing.sandbox import SandboxServer
from tests.campaigns import LOADED, a_campaign, a_project, at, both
from tests.servers import Client, Json, project_ids
from tests.sockets import talk
from tests.whole_schema import Asking

PUBLISHED = at("2017-04-10 10:00")
PAUSE = Pause(at("2017-03-26 12:30:30"), at("2017-03-26 13:00"), both("停电", "A power cut"))
LIVE, CASTING, DAILY = ResultsVisibility.LIVE, ResultsVisibility.AFTER_CASTING, ResultsVisibility.DAILY
CAMPAIGNS: Mapping[str, Mapping[str, Any]] = {
    "live": {"visibility": LIVE},
    "live-minute": {"visibility": LIVE, "results_step": ResultsStep.MINUTE},
    "live-hour": {"visibility": LIVE, "results_step": ResultsStep.HOUR},
    "daily": {"visibility": DAILY, "results_at": at("2017-03-22 09:00").time()},
    "casting": {"visibility": CASTING},
    "casting-minute": {"visibility": CASTING, "results_step": ResultsStep.MINUTE},
    "close": {"visibility": ResultsVisibility.AFTER_CLOSE},
    "publication": {"visibility": ResultsVisibility.AFTER_PUBLICATION, "published_at": PUBLISHED},
    "unpublished": {"visibility": ResultsVisibility.AFTER_PUBLICATION},
}
DRAFT = "draft"
PROJECTS = 6
UNLIKE = {
    "signIn": "a session's token is another every time",
    "signOut": "whoever signs out is nobody in the other world",
}
MOMENTARY = re.compile("date|server|content-length|ratelimit|x-request-id|retry-after", re.IGNORECASE)
VOTERS = ("nobody", "wang", "lin", "expert", "chen")  # wang has cast nothing, lin a ballot everywhere
STAFF = ("organizer", "auditor")
CHEN_RUNS = "live"  # the campaign that chen is an organizer of
LIMITS = dict.fromkeys(
    ("BODY", "TOKENS", "ALIASES", "ROOT_FIELDS", "SELECTIONS", "OVERLAPS", "COST", "LIVE_COST", "SOCKET_MESSAGE"),
    "9999999",
) | dict.fromkeys(("REQUESTS", "REQUESTS_PER_VOTER", "SIGN_INS", "MESSAGES"), "0")
VARIABLES = {
    "slug": "String!",
    "campaign": "ID!",
    "project": "ID!",
    "result": "ID!",
    "daily": "ID!",
    "district": "ID!",
    "ballot": "ID!",
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
        "Query.node.id": "$campaign",
        "number": "1",
        "code": '"310101"',
        "projectIds": "[$project]",
    },
    [f"${name}" for name, kind in VARIABLES.items() if kind == "ID!"],
)


def campaign(slug: str, **more: Any) -> Campaign:
    """One of six candidates, of which a ballot names up to three."""
    projects = tuple(a_project(number, campaign=slug) for number in range(21, 21 + PROJECTS))
    renumbered = tuple(replace(project, number=n, position=n) for n, project in enumerate(projects, 1))
    values = {"choices": ChoiceRange(1, 3), "projects": renumbered, "pauses": (PAUSE,), **more}
    return a_campaign(slug=slug, **values)


def draft() -> Campaign:
    """One that would be featured, has most candidates, a district of its own, and moments that no other campaign has."""
    own = District("north", both("北片", "The North"), DRAFT)
    projects = tuple(a_project(number, campaign=DRAFT, district=own) for number in range(1, 300))
    return campaign(
        DRAFT,
        title=both("草案", "A secret plan"),
        window=replace(a_campaign().window, opens_at=at("2017-03-22 00:00:01")),
        visibility=DAILY,
        results_at=at("2017-03-22 07:07").time(),
        projects=projects,
        own_districts=(own,),
        state=CampaignState.DRAFT,
    )


@dataclass
class World:
    """A sandbox that is set to one of the prepared databases, and a client of it."""

    sandbox: SandboxServer
    http: aiohttp.ClientSession
    tokens: dict[str, str | None]
    query: str = field(default_factory=ASKING.query)

    @property
    def seeded(self) -> Path:
        return Path(self.sandbox.database_url.removeprefix("sqlite://")).with_name("seeded.sqlite3")

    def restart(self, file: Path) -> None:
        shutil.copyfile(file, self.seeded)
        self.sandbox.reset()

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
        }
        return {"slug": slug, **ids, "ids": list(ids.values())}

    async def read(self, role: str, slug: str, ballots: Mapping[str, str], only: str = "") -> dict[str, bytes]:
        """All that a role is told of a campaign by queries, subscriptions and pages, by what was asked, or one thing."""
        variables = self.variables(slug, ballots)
        if only:
            return {only: await self.told(role, ASKING.roots("subscription")[only.rsplit(maxsplit=1)[-1]], variables)}
        found = {"query": await self.send(role, self.query, variables)}
        for name, document in ASKING.roots("subscription").items():
            found[f"stream of {name}"] = await self.streamed(role, document, variables)
            found[f"socket of {name}"] = await self.told(role, document, variables)
        if role == "nobody":
            found |= {f"GET {path}": await self.get(path) for path in _addresses(variables)}
        return found

    async def change(self, role: str, slug: str, ballots: Mapping[str, str]) -> dict[str, bytes]:
        """All that a role is told when it tries to change a campaign."""
        variables = self.variables(slug, ballots)
        documents = {name: each for name, each in ASKING.roots("mutation").items() if name not in UNLIKE}
        return {name: await self.send(role, document, variables) for name, document in documents.items()}

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
            return await response.content.readuntil(b"\n\n")

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
    pages = [f"/c/{slug}", "/campaigns", "/", "/healthz", "/readyz", "/sandbox", f"/{slug}"]
    return [*pages, *(f"/graphql?query={quote(query)}" for query in queries)]


async def prepare(folder: Path, seeded: Path, chen: str) -> dict[str, Path]:
    """Make the databases that worlds begin with: one with all campaigns, and one with a draft besides.

    Each has an entry in the trail for the draft, whose entries are numbered across campaigns.
    """
    files = {name: folder / f"{name}.sqlite3" for name in ("without", "with")}
    shutil.copyfile(seeded, files["without"])
    async with open_database(f"sqlite://{files['without']}") as database:
        for statement in ("delete from projects", "delete from campaigns"):
            await database.rows(statement)
        grant = "insert into grants (viewer, role, campaign) values ($1, 'ORGANIZER', $2)"
        await database.rows(grant, chen.removeprefix("viewer/"), CHEN_RUNS)
        campaigns = SqlCampaigns(database)
        for slug, more in CAMPAIGNS.items():
            made = campaign(slug, **more)
            await campaigns.save(made, made.districts, replace(LOADED, campaign=slug))
    shutil.copyfile(files["without"], files["with"])
    loaded = replace(LOADED, campaign=DRAFT)
    async with open_database(f"sqlite://{files['with']}") as database:
        await SqlCampaigns(database).save(draft(), (), loaded)
    async with open_database(f"sqlite://{files['without']}") as database, database.transaction() as transaction:
        await write(transaction, [loaded])
    return files
