"""Where the settings make the API a subgraph: what does a gateway compose, and what do entities tell that nodes do not?"""

import re
from collections.abc import Iterator

import aiohttp
import pytest
from graphql import build_schema

from api.cli.schema import schema as print_schema
from api.execution.documents import Documents
from api.graph import schema, sdl
from api.limits import Limits
from api.subgraph import ENTITIES, ENTITY_SIZES, subgraph_schema, subgraph_sdl
from api.testing.sandbox import SandboxServer, running
from tests.conftest import SETTINGS
from tests.servers import SLUG, TEN, Client, Json, codes, project_ids

FIELDS = """__typename
  ... on Ballot { id status projects { number } receipt { ballotId } }
  ... on Campaign { slug title panel { progress { reviews { state } } } log { waiting } }
  ... on District { code name }
  ... on Expert { name }
  ... on Job { fileName format }
  ... on Project { number title result { votes } }
  ... on Result { votes rank tiedWith { number } }
  ... on Review { expert { id } }"""
ENTITIES_OF = f"query Of($of: [_Any!]!) {{ found: _entities(representations: $of) {{ {FIELDS} }} }}"
NODES = f"query Nodes($ids: [ID!]!) {{ found: nodes(ids: $ids) {{ {FIELDS} }} }}"


@pytest.fixture(scope="module")
def federated() -> Iterator[SandboxServer]:
    """A sandbox that is a subgraph."""
    with running(settings={**SETTINGS, "PINGXUAN_FEDERATION": "on"}) as server:
        yield server


@pytest.fixture
def subgraph(http: aiohttp.ClientSession, federated: SandboxServer) -> Client:
    return Client(http, federated)


def representation(id_: str) -> Json:
    """An entity as a gateway names it."""
    return {"__typename": id_.partition("/")[0].capitalize(), "id": id_}


async def test_a_gateway_is_told_the_schema_with_a_key_of_all_that_has_an_id(subgraph: Client) -> None:
    told = (await subgraph.data("{ _service { sdl } }"))["_service"]["sdl"]
    assert told == subgraph_sdl()
    assert (await subgraph.get("/schema.graphql")).body.decode() == told
    nodes = schema()._schema.get_possible_types(schema()._schema.type_map["Node"])
    assert {kind.name for kind in nodes} == ENTITIES.keys()
    assert set(re.findall(r'^type (\w+) implements Node @key\(fields: "id"\)', told, re.MULTILINE)) == ENTITIES.keys()


@pytest.mark.any_engine
def test_the_command_prints_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    print_schema(subgraph=True)
    assert capsys.readouterr().out == subgraph_sdl()


async def test_without_the_setting_nobody_is_told_of_a_federation(api: Client) -> None:
    assert (await api.get("/schema.graphql")).body.decode() == sdl()
    answer = await api.post({"query": "{ _service { sdl } }"})
    assert (answer.status, codes(answer.json)) == (200, ["BAD_INPUT"])
    assert not {"_Any", "_Entity", "_Service"} & build_schema(sdl()).type_map.keys()


async def test_entities_are_found_by_their_keys_in_order_and_what_is_wrong_with_one_is_said_in_its_place(
    subgraph: Client,
) -> None:
    asked = [
        representation(project_ids([17])[0]),
        {"__typename": "Campaign", "slug": SLUG},
        {"__typename": "Campaign", "id": "district/310115"},
        representation("district/310115"),
        {"__typename": "Facets", "id": project_ids([1])[0]},
        {"__typename": "Campaign", "slug": "no such"},
        representation(project_ids([99])[0]),
        representation(f"result/{SLUG}/3"),
        {"__typename": "Campaign", "slug": 7},
    ]
    answer = await subgraph.ask(ENTITIES_OF, {"of": asked}, language="en")
    found = answer["data"]["found"]
    assert [entity and entity["__typename"] for entity in found] == [
        *("Project", "Campaign", None, "District", None, None, None, "Result", None)
    ]
    assert (found[0]["number"], found[1]["slug"], found[3]["code"]) == (17, SLUG, "310115")
    wrong = [error for error in answer["errors"] if error["path"][-1] in range(len(asked))]
    assert [error["path"] for error in wrong] == [["found", place] for place in (2, 4, 5, 8)]
    assert {error["extensions"]["code"] for error in wrong} == {"BAD_INPUT"}
    assert "Facets" in wrong[1]["message"]


async def test_a_key_may_stand_in_the_document_or_partly_in_a_variable(subgraph: Client) -> None:
    query = """query Of($id: ID!) { _entities(representations: [{__typename: "Project", id: $id},
      {__typename: "Campaign", slug: "shanghai-2017"}]) { ... on Project { number } ... on Campaign { slug } } }"""
    found = await subgraph.data(query, {"id": project_ids([17])[0]})
    assert found == {"_entities": [{"number": 17}, {"slug": SLUG}]}


@pytest.mark.parametrize("wrong", [3, "project/shanghai-2017/17", {"id": "x"}, {"__typename": 1}, [], None])
async def test_what_is_no_entity_is_refused_before_anything_is_looked_up(subgraph: Client, wrong: object) -> None:
    answer = await subgraph.post({"query": ENTITIES_OF, "variables": {"of": [wrong]}})
    assert (answer.status, codes(answer.json)) == (200, ["BAD_INPUT"])
    assert answer.json.get("data") is None


async def test_entities_tell_each_viewer_what_nodes_do(subgraph: Client, federated: SandboxServer) -> None:
    tokens = {name: voter.token for name, voter in federated.voters.items()} | {"nobody": None}
    ballot = (await subgraph.cast(tokens["lin"] or "", TEN))["ballot"]["id"]
    job = await subgraph.data(
        f'mutation {{ startExport(campaign: "{SLUG}", content: TRAIL, format: CSV) {{ job {{ id }} }} }}',
        token=tokens["organizer"],
    )
    ids = [ballot, job["startExport"]["job"]["id"], f"campaign/{SLUG}", f"expert/{SLUG}/1", f"review/{SLUG}/1/1"]
    ids += [*project_ids([3]), f"result/{SLUG}/3", f"result/{SLUG}/3/2017-03-22", "district/310115"]
    told = {}
    for name, token in tokens.items():
        nodes = await subgraph.ask(NODES, {"ids": ids}, token)
        told[name] = await subgraph.ask(ENTITIES_OF, {"of": [representation(id_) for id_ in ids]}, token)
        for answer in (nodes, told[name]):
            _drop_what_moves(answer)
        assert told[name] == nodes, name
    assert told["organizer"]["data"]["found"][1] is not None, "the job is shown to who started it"
    assert told["nobody"]["data"]["found"][1] is None


def _drop_what_moves(answer: Json) -> None:
    """Leave out what may differ between two moments: what waits for the log."""
    for entity in answer["data"]["found"]:
        if entity:
            entity.pop("log", None)


async def test_entities_have_the_limits_and_the_costs_of_nodes(subgraph: Client) -> None:
    many = [representation(id_) for id_ in project_ids(range(1, 102))]
    answer = await subgraph.ask(
        "query Of($of: [_Any!]!) { _entities(representations: $of) { __typename } }", {"of": many}
    )
    told = answer["errors"][0]["extensions"]
    assert told == {"code": "BAD_INPUT", "argument": "representations", "limit": "nodes", "most": 100, "actual": 101}
    documents = Documents(subgraph_schema()._schema, Limits(), ENTITY_SIZES)
    for number in (1, 40):
        ids = project_ids(range(1, number + 1))
        costs = [
            documents.cost(documents.prepare(query), variables, None)
            for query, variables in (
                (NODES, {"ids": ids}),
                (ENTITIES_OF, {"of": [representation(id_) for id_ in ids]}),
            )
        ]
        assert costs[0] == costs[1] > 10 * number


@pytest.mark.any_engine
def test_a_server_that_keeps_its_schema_to_itself_tells_no_gateway_either() -> None:
    documents = Documents(subgraph_schema()._schema, introspection=False)
    refused = documents.prepare("{ _service { sdl } }")
    assert refused.document is None
    assert "introspection" in str(refused.errors[0])
    assert documents.prepare(ENTITIES_OF).document is not None
