"""Does Python's gql walk the whole way of a vote? Prints what it met, as journey.js does: gql_journey.py URL."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from gql import Client, GraphQLRequest
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport
from graphql import OperationDefinitionNode, parse, print_ast

WRITTEN = parse(Path(__file__).with_name("operations.graphql").read_text("utf-8"))
OPERATIONS = {
    node.name.value: print_ast(node)
    for node in WRITTEN.definitions
    if isinstance(node, OperationDefinitionNode) and node.name
}


def asking(operation: str, **variables: Any) -> GraphQLRequest:
    return GraphQLRequest(OPERATIONS[operation], variable_values=variables)


def over_http(url: str, token: str | None = None) -> Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(transport=AIOHTTPTransport(url=url, headers=headers), fetch_schema_from_transport=True)


async def journey(url: str) -> dict[str, Any]:
    async with over_http(url) as nobody:
        candidates = (await nobody.execute(asking("Candidates", first=12)))["projects"]
        ids = [project["id"] for project in candidates["nodes"]]
        after = candidates["pageInfo"]["endCursor"]
        page = (await nobody.execute(asking("Candidates", first=3, after=after)))["projects"]
        try:
            await nobody.execute(asking("Cast", input={"projectIds": ids}))
        except TransportQueryError as refusal:
            stranger = [error["extensions"]["code"] for error in refusal.errors or ()]
        guest = {"guest": {"name": f"gql {time.time_ns()}"}}
        token = (await nobody.execute(asking("SignIn", **{"with": guest})))["signIn"]["token"]
    live = WebsocketsTransport(url=url.replace("http", "ws"), init_payload={"Authorization": f"Bearer {token}"})
    async with over_http(url, token) as voter, Client(transport=live) as watcher:
        refused = (await voter.execute(asking("Cast", input={"projectIds": ids[:2]})))["castBallot"]["violations"]
        heard = []
        async for result in watcher.subscribe(asking("Ranking", first=1)):
            heard.append(result["resultsChanged"]["nodes"][0]["votes"])
            if len(heard) == 2:
                break
            cast = (await voter.execute(asking("Cast", input={"projectIds": ids})))["castBallot"]
    return {
        "total": candidates["totalCount"],
        "list": [project["number"] for project in candidates["nodes"]],
        "page": [project["number"] for project in page["nodes"]],
        "stranger": stranger,
        "refused": [[violation["code"], violation["chosen"]] for violation in refused],
        "day": cast["ballot"]["day"],
        "heard": heard,
    }


print(json.dumps(asyncio.run(journey(sys.argv[1]))))
