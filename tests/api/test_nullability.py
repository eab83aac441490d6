"""Does a field that is refused leave its neighbours alone?"""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from graphql import is_non_null_type, is_object_type
from strawberry.types.field import StrawberryField

from api.graph import schema
from api.testing.sandbox import SandboxServer, running
from tests.conftest import SETTINGS
from tests.servers import SEED, Client, Json, codes, edited_campaign, project_ids

SLUG = "hidden-2017"
SCHEMA = schema()._schema
# Fields that may be refused and are not null then, each with the reason.
SHOWN_ANYWAY = "It waits until the order is stored, and is shown whether or not that succeeds."
ALONE = "It is the only field of its operation, so it has no neighbours."
EXCEPTIONS = {
    "Subscription.jobChanged": ALONE,
    "Subscription.resultsChanged": ALONE,
    "Subscription.turnoutChanged": ALONE,
    "Image.url": "It takes any number.",
    "Job.problems": "It takes any number.",
    "ResultConnection.edges": SHOWN_ANYWAY,
    "ResultConnection.pageInfo": SHOWN_ANYWAY,
}
HARMLESS = {"language", "tag"}  # arguments that nothing is refused for


def fields_that_may_be_refused() -> Iterator[tuple[str, Any]]:
    """Those whose resolvers wait for something, or take what can be wrong."""
    for name, kind in SCHEMA.type_map.items():
        if not is_object_type(kind) or name.startswith("__"):
            continue
        for field_name, field in kind.fields.items():
            definition = field.extensions.get("strawberry-definition")
            resolver = definition.base_resolver if isinstance(definition, StrawberryField) else None
            waits = resolver is not None and inspect.iscoroutinefunction(inspect.unwrap(resolver.wrapped_func))
            if waits or field.args.keys() - HARMLESS:
                yield f"{name}.{field_name}", field


def test_every_field_that_may_be_refused_is_nullable() -> None:
    fields = dict(fields_that_may_be_refused())
    assert len(fields) >= 25
    assert {"Project.result", "Campaign.results", "Query.trail", "Mutation.castBallot"} <= fields.keys()
    assert {name for name, field in fields.items() if is_non_null_type(field.type)} == EXCEPTIONS.keys()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """One with a campaign whose results nobody sees, beside that of 2017."""
    hidden = {"results_visibility": 'results_visibility = "AFTER_PUBLICATION"'}
    folder: Path = tmp_path_factory.mktemp("nullability")
    with running([SEED, edited_campaign(folder, SLUG, hidden)], settings=SETTINGS) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
def client(http: aiohttp.ClientSession, server: SandboxServer) -> Client:
    server.reset()
    return Client(http, server)


REFUSED = {
    "hidden results": ("results(campaign: $slug) { totalCount }", "results", "RESULTS_HIDDEN"),
    "an unknown campaign": ('projects(campaign: "nowhere") { totalCount }', "projects", "NOT_FOUND"),
    "too long a page": ("projects(first: 101) { totalCount }", "projects", "BAD_INPUT"),
    "a foreign cursor": ('campaigns(after: "x") { totalCount }', "campaigns", "BAD_INPUT"),
    "an id that is none": ('nodes(ids: ["x"]) { id }', "nodes", "BAD_INPUT"),
    "the trail": ("trail { totalCount }", "trail", "UNAUTHENTICATED"),
    "suspicions": ("suspicions { totalCount }", "suspicions", "UNAUTHENTICATED"),
    "jobs": ("jobs { totalCount }", "jobs", "UNAUTHENTICATED"),
    "a job": ('job(id: "job/none") { id }', "job", "NOT_FOUND"),
    "a draft with a wrong key": (
        'checkBallot(input: {projectIds: [], idempotencyKey: ""}) { code }',
        "checkBallot",
        "BAD_INPUT",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refused_field_is_null_and_its_neighbours_are_answered(client: Client, name: str) -> None:
    selection, field, code = REFUSED[name]
    query = f"query Look($slug: String) {{ campaign(slug: $slug) {{ title }} {selection} districts {{ code }} }}"
    answer = await client.ask(query, {"slug": SLUG})
    assert answer["data"]["campaign"]["title"]
    assert answer["data"]["districts"]
    assert answer["data"][field] is None
    assert_one_error(answer, code, [field])


def assert_one_error(answer: Json, code: str, path: list[str | int]) -> None:
    [error] = answer["errors"]
    assert (error["extensions"]["code"], error["path"]) == (code, path)


async def test_hidden_results_leave_the_campaign(client: Client) -> None:
    query = "query Look($slug: String) { campaign(slug: $slug) { title turnout { ballots } results { totalCount } } }"
    answer = await client.ask(query, {"slug": SLUG})
    campaign = answer["data"]["campaign"]
    assert campaign["title"]
    assert (campaign["turnout"], campaign["results"]) == ({"ballots": 0}, None)
    assert_one_error(answer, "RESULTS_HIDDEN", ["campaign", "results"])


async def test_one_campaign_of_a_list_hides_its_own_results_alone(client: Client) -> None:
    answer = await client.ask("{ campaigns { nodes { slug results { totalCount } } } }")
    shown = {node["slug"]: node["results"] for node in answer["data"]["campaigns"]["nodes"]}
    assert shown == {SLUG: None, "shanghai-2017": {"totalCount": 50}}
    assert codes(answer) == ["RESULTS_HIDDEN"]


async def test_what_a_viewer_may_not_know_leaves_the_viewer(client: Client) -> None:
    nowhere = 'allowance(campaign: "nowhere") { canCast } ballots(campaign: "nowhere") { id }'
    query = f"{{ viewer {{ id {nowhere} roles }} trail {{ totalCount }} }}"
    answer = await client.ask(query, token=await client.sign_in())
    viewer = answer["data"]["viewer"]
    assert viewer.pop("id")
    assert viewer == {"allowance": None, "ballots": None, "roles": ["VOTER"]}
    assert answer["data"]["trail"] is None
    assert sorted(codes(answer)) == ["FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]


async def test_the_second_mutation_does_not_hide_what_the_first_has_stored(client: Client) -> None:
    query = """mutation Cast($ids: [ID!]!) {
      first: castBallot(input: {campaign: "shanghai-2017", projectIds: $ids}) { ballot { id } }
      second: castBallot(input: {campaign: "nowhere", projectIds: $ids}) { ballot { id } } }"""
    answer = await client.ask(query, {"ids": project_ids(range(1, 11))}, await client.sign_in())
    assert answer["data"]["first"]["ballot"]["id"]
    assert answer["data"]["second"] is None
    assert_one_error(answer, "NOT_FOUND", ["second"])


async def test_hidden_results_within_a_ballot_leave_the_ballot(client: Client) -> None:
    query = """mutation Cast($ids: [ID!]!, $slug: String) { castBallot(input: {campaign: $slug, projectIds: $ids}) {
      ballot { id campaign { title results { totalCount } } } viewer { id } } }"""
    ids = project_ids(range(1, 11), SLUG)
    answer = await client.ask(query, {"ids": ids, "slug": SLUG}, await client.sign_in())
    payload = answer["data"]["castBallot"]
    assert payload["ballot"]["campaign"]["title"]
    assert payload["ballot"]["campaign"]["results"] is None
    assert payload["viewer"]["id"]
    assert_one_error(answer, "RESULTS_HIDDEN", ["castBallot", "ballot", "campaign", "results"])
