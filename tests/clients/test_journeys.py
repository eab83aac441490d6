"""Do the clients that people use walk the whole way of a vote: list, page, refusals, ballot, and results as they change?"""

import json
from typing import Any

import pytest

from tests.node import CLIENTS, NODE_MODULES, PYTHON, needs_packages, needs_python_clients, output
from tests.servers import Server

pytestmark = pytest.mark.check

NPM = ["urql", "apollo", "graphql-request", "graphql-ws", "graphql-sse", "graphql-sse-single"]


def assert_walked(met: dict[str, Any]) -> None:
    assert met == {
        "total": 50,
        "list": list(range(1, 13)),
        "page": [13, 14, 15],
        "stranger": ["UNAUTHENTICATED"],
        "refused": [["TOO_FEW_CHOICES", 2]],
        "day": "2017-03-22",
        "heard": [0, 1],
    }


@needs_packages
@pytest.mark.parametrize("client", NPM)
def test_a_client_from_npm_walks_the_whole_way(fresh_server: Server, client: str) -> None:
    assert_walked(json.loads(output("node", "journey.js", client, fresh_server.url, folder=CLIENTS)))


@needs_packages
def test_no_client_brought_react() -> None:
    assert not {"react", "react-dom", "preact"} & {name.name for name in NODE_MODULES.iterdir()}
    assert not list(NODE_MODULES.glob("**/node_modules/react"))


@needs_python_clients
def test_gql_walks_the_whole_way(fresh_server: Server) -> None:
    assert_walked(json.loads(output(PYTHON, "-W", "error", "gql_journey.py", fresh_server.url, folder=CLIENTS)))
