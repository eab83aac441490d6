"""While two campaigns are open, does everything that stands in one of them speak of that one?"""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from icalendar import Calendar

from tests.servers import Client, codes, edited_campaign, prepare, project_ids, refusals, serving

OTHER = "neighbours-2017"
CHANGES = {
    "title": 'title = { zh = "邻里评选", en = "Neighbours" }',
    "edition": "",
    "opens_at": "opens_at = 2017-03-21T00:00:00+08:00",
    "quota": 'quota = { limit = 3, period = "CAMPAIGN" }',
}
ALLOWANCE = "allowance { remaining limit period } ballots { id campaign { slug } }"


@pytest.fixture(scope="module")
def both_file(pingxuan_campaigns: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database in which the selection of 2017, which is featured, and another are open; the other has no project 50."""
    folder = tmp_path_factory.mktemp("both")
    other = edited_campaign(folder, OTHER, CHANGES)
    text = other.read_text("utf-8")
    other.write_text(text[: text.rindex("[[projects]]")], "utf-8")
    url = f"sqlite://{folder}/both.sqlite3"
    prepare(url, pingxuan_campaigns[0], other)
    return url


@pytest.fixture(params=["compiled", "reference"])
async def both(http: aiohttp.ClientSession, both_file: str, request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    with serving(both_file, EXECUTION=request.param) as server:
        yield Client(http, server)


async def test_a_payload_speaks_of_the_campaign_its_ballot_is_of(both: Client) -> None:
    token = await both.sign_in()
    query = f"""mutation Cast($input: CastBallotInput!) {{ castBallot(input: $input) {{
      ballot {{ id campaign {{ slug }} }} violations {{ code }}
      viewer {{ {ALLOWANCE} featured: allowance(campaign: "shanghai-2017") {{ remaining }} }} }} }}"""
    given = {"campaign": OTHER, "projectIds": project_ids(range(1, 11), OTHER)}
    for remaining in (2, 1, 0):
        payload = (await both.data(query, {"input": given}, token))["castBallot"]
        assert payload["ballot"]["campaign"] == {"slug": OTHER}
        viewer = payload["viewer"]
        assert viewer["allowance"] == {"remaining": remaining, "limit": 3, "period": "CAMPAIGN"}
        assert viewer["featured"] == {"remaining": 1}
        assert [ballot["campaign"]["slug"] for ballot in viewer["ballots"]] == [OTHER] * (3 - remaining)
    refused = (await both.data(query, {"input": given}, token))["castBallot"]
    assert refusals(refused) == ["QUOTA_EXHAUSTED"]
    assert refused["viewer"]["allowance"]["remaining"] == 0
    assert (await both.data(f"{{ viewer {{ {ALLOWANCE} }} }}", token=token))["viewer"] == {
        "allowance": {"remaining": 1, "limit": 1, "period": "DAY"},
        "ballots": [],
    }


async def test_a_key_is_one_ballots_in_whatever_campaign(both: Client) -> None:
    token = await both.sign_in()
    first = (await both.cast(token, idempotencyKey="a key of mine"))["ballot"]
    there = project_ids(range(1, 11), OTHER)
    refused = await both.cast(token, campaign=OTHER, projectIds=there, idempotencyKey="a key of mine")
    assert [(v["code"], v["ballotId"]) for v in refused["violations"]] == [("IDEMPOTENCY_KEY_REUSED", first["id"])]
    assert (await both.cast(token, campaign=OTHER, projectIds=there, idempotencyKey="another key"))["ballot"]


async def test_a_payload_without_a_campaign_in_its_input_speaks_of_the_featured_one(both: Client) -> None:
    payload = await both.cast(await both.sign_in())
    assert payload["viewer"]["allowance"]["remaining"] == 0
    assert payload["viewer"]["ballots"] == [{"id": payload["ballot"]["id"]}]


HISTORY = """query History($first: Int, $after: String) { viewer { history(first: $first, after: $after) {
  totalCount pageInfo { endCursor hasNextPage hasPreviousPage } nodes { id projects { number } campaign { slug } } } } }"""
REMAINING = "{ campaigns { nodes { slug allowance { remaining limit } } } }"


async def test_a_history_goes_on_behind_its_cursor_whatever_is_cast_meanwhile(both: Client) -> None:
    token, there = await both.sign_in(), project_ids(range(1, 11), OTHER)
    cast = [await both.cast(token), *[await both.cast(token, campaign=OTHER, projectIds=there) for _ in range(2)]]
    whole = (await both.data(HISTORY, token=token))["viewer"]["history"]
    names = [ballot["id"] for ballot in whole["nodes"]]
    assert set(names) == {payload["ballot"]["id"] for payload in cast}
    assert whole["totalCount"] == 3
    slugs = {ballot["id"]: ballot["campaign"]["slug"] for ballot in whole["nodes"]}
    assert [slugs[payload["ballot"]["id"]] for payload in cast] == ["shanghai-2017", OTHER, OTHER]
    assert [project["number"] for project in whole["nodes"][0]["projects"]][:3] == [1, 2, 3]
    page = (await both.data(HISTORY, {"first": 1}, token))["viewer"]["history"]
    assert page["pageInfo"]["hasNextPage"]
    assert not page["pageInfo"]["hasPreviousPage"]
    assert (await both.cast(token, campaign=OTHER, projectIds=there))["ballot"]
    rest = (await both.data(HISTORY, {"after": page["pageInfo"]["endCursor"]}, token))["viewer"]["history"]
    assert [ballot["id"] for ballot in rest["nodes"] if ballot["id"] in names] == names[1:]
    assert rest["pageInfo"]["hasPreviousPage"]


async def test_nobody_goes_on_in_another_ones_history(both: Client) -> None:
    lin, wang = await both.sign_in(), await both.sign_in()
    await both.cast(lin)
    page = (await both.data(HISTORY, {"first": 1}, lin))["viewer"]["history"]
    refused = await both.ask(HISTORY, {"after": page["pageInfo"]["endCursor"]}, wang)
    assert codes(refused) == ["BAD_INPUT"]
    assert (await both.data(HISTORY, token=wang))["viewer"]["history"]["nodes"] == []


async def test_one_query_tells_what_remains_everywhere_and_nothing_to_whoever_is_signed_out(both: Client) -> None:
    token = await both.sign_in()
    await both.cast(token)
    remaining = {
        each["slug"]: each["allowance"] for each in (await both.data(REMAINING, token=token))["campaigns"]["nodes"]
    }
    assert remaining == {"shanghai-2017": {"remaining": 0, "limit": 1}, OTHER: {"remaining": 3, "limit": 3}}
    signed_out = (await both.data(REMAINING))["campaigns"]["nodes"]
    assert [each["allowance"] for each in signed_out] == [None, None]


CHECK = "query Check($input: CastBallotInput!) { checkBallot(input: $input) { code } }"
DISTRICTS = """query Districts($slug: String!, $featured: String!, $id: ID!) {
  campaign(slug: $slug) {
    districts { ...Found }
    projects(first: 50) { nodes { district { ...Found } } }
    results(first: 50) { byDistrict { district { ...Found } } nodes { project { district { ...Found } } } }
  }
  node(id: $id) { ... on Project { district { ...Found } } }
}
fragment Found on District {
  projects(first: 1) { nodes { campaign { slug } } }
  asked: projects(campaign: $featured, first: 1) { nodes { campaign { slug } } }
}"""


async def test_a_district_reached_through_a_campaign_lists_the_projects_of_that_one(both: Client) -> None:
    data = await both.data(DISTRICTS, {"slug": OTHER, "featured": "shanghai-2017", "id": f"project/{OTHER}/49"})
    campaign = data["campaign"]
    districts = [
        *campaign["districts"],
        *(project["district"] for project in campaign["projects"]["nodes"]),
        *(result["project"]["district"] for result in campaign["results"]["nodes"]),
        *(votes["district"] for votes in campaign["results"]["byDistrict"]),
        data["node"]["district"],
    ]
    found = [district for district in districts if district is not None]
    assert len(found) > 20
    for district in found:
        assert district["projects"]["nodes"][0]["campaign"] == {"slug": OTHER}
        assert district["asked"]["nodes"][0]["campaign"] == {"slug": "shanghai-2017"}


async def test_a_district_by_its_code_stands_in_the_featured_one(both: Client) -> None:
    query = '{ district(code: "310115") { projects(first: 1) { nodes { campaign { slug } } } } }'
    data = await both.data(query)
    assert data["district"]["projects"]["nodes"][0]["campaign"] == {"slug": "shanghai-2017"}


async def test_a_ballot_that_names_no_campaign_is_of_the_one_its_projects_stand_in(both: Client) -> None:
    token, ids = await both.sign_in(), project_ids(range(1, 11), OTHER)
    assert (await both.data(CHECK, {"input": {"projectIds": ids}}))["checkBallot"] == []
    first = await both.cast(token, projectIds=ids, idempotencyKey="sent without a campaign")
    again = await both.cast(token, projectIds=ids, idempotencyKey="sent without a campaign")
    assert first["ballot"] == again["ballot"]
    (ballot,) = (await both.data(f'{{ viewer {{ ballots(campaign: "{OTHER}") {{ id }} }} }}', token=token))["viewer"][
        "ballots"
    ]
    assert ballot["id"] == first["ballot"]["id"]
    assert (await both.data("{ viewer { ballots { id } } }", token=token))["viewer"]["ballots"] == []


@pytest.mark.parametrize(
    ("campaign", "ids", "unknown"),
    [
        (None, [*project_ids(range(1, 10)), *project_ids([1], OTHER)], project_ids([1], OTHER)),
        (None, project_ids(range(1, 11), "nowhere"), project_ids(range(1, 11), "nowhere")),
        (OTHER, project_ids(range(1, 11)), project_ids(range(1, 11))),
    ],
    ids=["projects of two", "projects of none", "projects of another than it names"],
)
async def test_a_ballot_never_goes_into_another_campaign_than_its_projects_say(
    both: Client, campaign: str | None, ids: list[str], unknown: list[str]
) -> None:
    refused = await both.cast(await both.sign_in(), (), campaign=campaign, projectIds=ids)
    assert refused["ballot"] is None
    assert [(v["code"], v["projectIds"]) for v in refused["violations"]] == [("UNKNOWN_PROJECTS", unknown)]


async def test_each_campaign_has_a_calendar_in_the_askers_language_and_no_other_has_one(both: Client) -> None:
    answer = await both.get(f"/c/{OTHER}/calendar.ics", headers={"Accept-Language": "en"})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    [close] = [event for event in Calendar.from_ical(answer.body).walk("VEVENT") if event["UID"].startswith("close.")]
    assert (close["SUMMARY"], close["URL"]) == ("Voting closes: Neighbours", f"{both.server.origin}/c/{OTHER}")
    assert (await both.get("/c/nowhere/calendar.ics")).status == 404
