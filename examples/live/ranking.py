"""A live ranking with gql, which is sent only the rows that have changed: python ranking.py [URL].

pip install "gql[websockets]"
"""

import asyncio
import sys

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

LIVE = gql("""
subscription PythonLive {
  resultsChanged(first: 20, onlyChanges: true) {
    onlyChanges
    removedIds
    turnout { ballots }
    nodes { id rank votes project { number } }
  }
}
""")


def merge(rows, answer):
    """Put the rows of an answer into those that are shown, by id."""
    if not answer["onlyChanges"]:
        rows.clear()
    rows.update((row["id"], row) for row in answer["nodes"])
    for gone in answer["removedIds"]:
        del rows[gone]


def show(rows, turnout):
    """Print the ranking: each candidate's number with its votes."""
    ordered = sorted(rows.values(), key=lambda row: (row["rank"], row["project"]["number"]))
    shown = ", ".join(f"{row['project']['number']} has {row['votes']}" for row in ordered)
    print(f"{turnout['ballots']} ballots: {shown}", flush=True)


async def watch(session):
    """Show the ranking whenever it has changed."""
    rows = {}
    async for result in session.subscribe(LIVE):
        answer = result["resultsChanged"]
        print(len(answer["nodes"]), "rows came")
        merge(rows, answer)
        show(rows, answer["turnout"])


async def main(url):
    live = Client(transport=WebsocketsTransport(url=url.replace("http", "ws", 1)))
    async with live as session:
        while True:
            try:
                await watch(session)
            except (
                TransportQueryError
            ) as error:  # the results are hidden, say: ask again, which begins with a whole answer
                print(error, file=sys.stderr)
                await asyncio.sleep(5)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:] or ["http://127.0.0.1:8000/graphql"]))
