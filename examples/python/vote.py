"""Lists the candidates, casts a ballot and watches the ranking, with gql: python vote.py [URL].

pip install "gql[aiohttp,websockets]"
"""

import asyncio
import sys
from contextlib import aclosing
from uuid import uuid4

from gql import Client, GraphQLRequest, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.websockets import WebsocketsTransport

TIMEOUT = 40  # seconds for an answer: longer than the server takes to say that it has none
CANDIDATES = gql("""
query Candidates($after: String) {
  projects(first: 20, after: $after) { pageInfo { endCursor hasNextPage } nodes { id number title(language: EN) } }
}
""")
SIGN_IN = gql("mutation SignIn($name: String!) { signIn(with: { guest: { name: $name } }) { token } }")
CAST = gql("""
mutation Cast($input: CastBallotInput!) {
  castBallot(input: $input) { ballot { id day } violations { code message } }
}
""")
# It tells of changes among those it shows, so it shows everybody: a ballot always changes that.
RANKING = gql("subscription Ranking { resultsChanged(first: 100) { nodes { votes project { id number } } } }")


async def candidates(api):
    """Every candidate, page by page."""
    after = None
    while True:
        page = (await api.execute(GraphQLRequest(CANDIDATES, variable_values={"after": after})))["projects"]
        for project in page["nodes"]:
            yield project
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


async def cast(url, token, ids):
    """Cast a ballot, and say whether it is stored. A retry with the same key returns the same ballot."""
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    transport = AIOHTTPTransport(url=url, headers=headers)
    async with Client(transport=transport, execute_timeout=TIMEOUT) as api:
        ballot = {"input": {"projectIds": ids, "idempotencyKey": str(uuid4())}}
        answer = (await api.execute(GraphQLRequest(CAST, variable_values=ballot)))["castBallot"]
    for violation in answer["violations"]:
        print("refused:", violation["code"], violation["message"])
    if answer["ballot"]:
        print("cast:", answer["ballot"]["id"], "on", answer["ballot"]["day"])
    return answer["ballot"] is not None


def votes(ranking, ids):
    """Each of these candidates, by number, with its votes."""
    places = ranking["resultsChanged"]["nodes"]
    return sorted((place["project"]["number"], place["votes"]) for place in places if place["project"]["id"] in ids)


async def main(url):
    async with Client(transport=AIOHTTPTransport(url=url), execute_timeout=TIMEOUT) as api:
        everyone = [project async for project in candidates(api)]
        print(len(everyone), "candidates, the first is", everyone[0]["title"])
        guest = GraphQLRequest(SIGN_IN, variable_values={"name": f"python {uuid4()}"})
        token = (await api.execute(guest))["signIn"]["token"]
    ids = [project["id"] for project in everyone]
    live = Client(transport=WebsocketsTransport(url=url.replace("http", "ws", 1)))
    async with live as session, aclosing(session.subscribe(RANKING)) as updates:
        before = await anext(updates)
        await cast(url, token, ids[:3])
        if not await cast(url, token, ids[:12]):
            return
        after = await anext(updates)
    print("before:", votes(before, ids[:3]))
    print("after:", votes(after, ids[:3]))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:] or ["http://127.0.0.1:8000/graphql"]))
