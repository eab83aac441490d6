"""What do those who may see a job read of it, what may each of them do with it, and what do all others learn of it?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.domain.campaigns.problems import ProblemCode
from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.exchange.jobs import ExportTerms, ImportResult, ImportTerms, Job, JobKind, JobState
from api.domain.exchange.problems import FileProblem, unreadable
from api.domain.texts import Text
from api.testing.sandbox import SandboxServer
from tests.jobs import BALLOTS, key_of
from tests.servers import SLUG, Client, Json, codes
from tests.stored_jobs import a_job, job_id, store

FIELDS = """
  id kind state campaign { slug } format exportContent importContent fileName place day channel errorPolicy received size sha256
  done total problemCount url uploadUrl expiresAt createdAt mine approvable cancellable
  problems { __typename code message path ... on FileProblem { line column violations } }
  result { projects accepted refused { code count } totals { code official counted } differences { code official counted } }
"""
READ = f"query Read($id: ID!) {{ job(id: $id) {{ {FIELDS} }} }}"
BY_NODE = f"query Read($id: ID!) {{ node(id: $id) {{ id ... on Job {{ {FIELDS} }} }} }}"
LISTED = """query Listed($campaign: String, $states: [JobState!], $first: Int, $after: String) {
  jobs(campaign: $campaign, states: $states, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { id } edges { cursor node { state } } } }"""
PROBLEMS = "problems { code message(language: EN) path }"
ACTS = {
    "startExport": (
        "$campaign: String!, $content: ExportContent!, $format: FileFormat!",
        "campaign: $campaign, content: $content, format: $format",
    ),
    "startImport": ("$input: ImportInput!", "input: $input"),
    "approveImport": ("$job: ID!", "job: $job"),
    "cancelJob": ("$job: ID!", "job: $job"),
}
OF_STAFF = ExportTerms(ExportContent.TRAIL, FileFormat.CSV)
WAITING, BATCH = JobState.WAITING_FOR_FILE, JobState.WAITING_FOR_APPROVAL
MANY = tuple(
    FileProblem(ProblemCode.BALLOT_REFUSED, Text(f"第{n}行", f"Line {n}"), (), n, None, ("TOO_FEW_CHOICES",))
    for n in range(2, 50)
)


@pytest.fixture
def url(pingxuan_server: SandboxServer) -> str:
    return pingxuan_server.database_url


class People:
    """The tokens and ids of the sandbox's voters."""

    def __init__(self, sandbox: SandboxServer) -> None:
        self._sandbox = sandbox

    def __getitem__(self, name: str) -> str | None:
        return None if name == "nobody" else self._sandbox.voters[name].token

    def id(self, name: str) -> str:
        return self._sandbox.voters[name].id


@pytest.fixture
def people(pingxuan_server: SandboxServer) -> People:
    return People(pingxuan_server)


async def read(api: Client, token: str | None, number: int, **more: Any) -> Json:
    job: Json = (await api.data(READ, {"id": job_id(number)}, token, **more))["job"]
    return job


async def act(api: Client, token: str | None, name: str, **arguments: Any) -> Json:
    """The answer to a mutation of jobs."""
    declared, given = ACTS[name]
    document = f"mutation Act({declared}) {{ {name}({given}) {{ job {{ {FIELDS} }} {PROBLEMS} }} }}"
    return await api.ask(document, arguments, token)


async def done(api: Client, token: str | None, name: str, **arguments: Any) -> Json:
    """The job of a mutation without problems."""
    answer = await act(api, token, name, **arguments)
    assert "errors" not in answer, answer
    assert answer["data"][name]["problems"] == [], answer
    job: Json = answer["data"][name]["job"]
    return job


async def refused(api: Client, token: str | None, name: str, **arguments: Any) -> list[str]:
    """The codes of the problems of a mutation, or of its errors."""
    answer = await act(api, token, name, **arguments)
    payload = answer["data"][name]
    assert payload is None or payload["job"] is None, answer
    return codes(answer) if payload is None else [problem["code"] for problem in payload["problems"]]


def batch(number: int, by: str, **changes: Any) -> Job:
    """Ballots of a polling place that wait for an approval."""
    return a_job(number, by, kind=JobKind.IMPORT, terms=BALLOTS, **{"state": BATCH, **changes})


async def test_an_export_that_is_done_has_an_address_for_who_requested_it(
    api: Client, url: str, people: People
) -> None:
    size = 2**33
    await store(
        url,
        a_job(
            1,
            people.id("chen"),
            terms=OF_STAFF,
            state=JobState.DONE,
            received=size,
            size=size,
            sha256="0f" * 32,
            done=7,
            total=7,
        ),
    )
    job = await read(api, people["chen"], 1)
    created, expires = (datetime.fromisoformat(job.pop(name)) for name in ("createdAt", "expiresAt"))
    assert expires - created == timedelta(days=1)
    address = job.pop("url")
    assert address.startswith(f"/jobs/{key_of(1)}/file?key=")
    assert job == {
        "id": job_id(1),
        "kind": "EXPORT",
        "state": "DONE",
        "campaign": {"slug": SLUG},
        "format": "CSV",
        "exportContent": "TRAIL",
        **dict.fromkeys(("importContent", "fileName", "place", "day", "channel", "errorPolicy", "uploadUrl", "result")),
        "received": size,
        "size": size,
        "sha256": "0f" * 32,
        "done": 7,
        "total": 7,
        "problemCount": 0,
        "problems": [],
        "mine": True,
        "approvable": False,
        "cancellable": False,
    }
    assert (await api.data(BY_NODE, {"id": job_id(1)}, people["chen"]))["node"]["url"] == address
    for name in ("organizer", "auditor"):
        seen = await read(api, people[name], 1)
        assert (seen["url"], seen["uploadUrl"], seen["mine"], seen["state"]) == (None, None, False, "DONE")


async def test_an_address_is_gone_once_the_export_has_expired(api: Client, url: str, people: People) -> None:
    expired = datetime.now(UTC) - timedelta(seconds=1)
    running = a_job(2, people.id("chen"))
    await store(url, a_job(1, people.id("chen"), state=JobState.DONE, expires_at=expired), running)
    answer = await api.ask(READ, {"id": job_id(1)}, people["chen"])  # it may be deleted at any moment
    assert codes(answer) == ["NOT_FOUND"] or answer["data"]["job"]["url"] is None
    assert (await read(api, people["chen"], 2))["url"] is None


async def test_a_file_is_awaited_from_who_requested_the_import(api: Client, url: str, people: People) -> None:
    await store(url, batch(1, people.id("organizer"), state=WAITING, size=9, received=4))
    job = await read(api, people["organizer"], 1)
    assert job["uploadUrl"] == f"/jobs/{key_of(1)}/file"
    terms = ("importContent", "fileName", "place", "day", "channel", "errorPolicy", "received", "size")
    assert [job[name] for name in terms] == [
        "BALLOTS",
        "投票点.csv",
        "五里桥",
        "2017-03-25",
        "PAPER",
        "SKIP_REFUSED",
        4,
        9,
    ]
    assert (job["mine"], job["cancellable"], job["approvable"], job["url"]) == (True, True, False, None)
    assert (await read(api, people["auditor"], 1))["uploadUrl"] is None
    await store(url, batch(2, people.id("organizer"), state=JobState.RUNNING))
    assert (await read(api, people["organizer"], 2))["uploadUrl"] is None


@pytest.mark.parametrize("state", JobState)
async def test_others_learn_nothing_of_a_job(api: Client, url: str, people: People, state: JobState) -> None:
    await store(url, batch(1, people.id("organizer"), state=state, problems=MANY, problem_count=48))
    for name in ("lin", "chen", "expert", "nobody"):
        unknown = "UNAUTHENTICATED" if name == "nobody" else "NOT_FOUND"
        for query in (READ, BY_NODE):
            told, of_none = [
                (await api.post({"query": query, "variables": {"id": id}}, **_as(people[name]))).whole
                for id in (job_id(1), job_id(2))
            ]
            assert told == json_with(of_none, job_id(2), job_id(1))
            assert told["data"] == ({"job": None} if query == READ else {"node": None})
            assert codes(told) == ([unknown] if query == READ else [])
        for act_name in ("approveImport", "cancelJob"):
            assert await refused(api, people[name], act_name, job=job_id(1)) == [unknown]
        if name != "nobody":
            assert (await api.data(LISTED, {}, people[name]))["jobs"]["totalCount"] == 0
        assert codes(await api.ask(LISTED, {"campaign": SLUG}, people[name])) == [
            "UNAUTHENTICATED" if name == "nobody" else "FORBIDDEN"
        ]
    assert (await read(api, people["organizer"], 1))["state"] == state.name


def _as(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def json_with(value: Any, old: str, new: str) -> Any:
    """The same with a text in place of another."""
    if isinstance(value, dict):
        return {key: json_with(each, old, new) for key, each in value.items()}
    if isinstance(value, list):
        return [json_with(each, old, new) for each in value]
    return value.replace(old, new) if isinstance(value, str) else value


async def test_problems_name_the_line_and_come_in_the_language_asked_for(api: Client, url: str, people: People) -> None:
    broken = unreadable(Text("引号未结束", "A quote is not closed"), 3, 8)
    await store(
        url, batch(1, people.id("organizer"), state=JobState.FAILED, problems=(broken, *MANY), problem_count=2_000)
    )
    job = await read(api, people["organizer"], 1, language="en")
    assert job["problemCount"] == 2_000
    assert job["problems"][:2] == [
        {
            "__typename": "FileProblem",
            "code": "UNREADABLE_FILE",
            "message": "A quote is not closed",
            "path": [],
            "line": 3,
            "column": 8,
            "violations": [],
        },
        {
            "__typename": "FileProblem",
            "code": "BALLOT_REFUSED",
            "message": "Line 2",
            "path": [],
            "line": 2,
            "column": None,
            "violations": ["TOO_FEW_CHOICES"],
        },
    ]
    assert (await read(api, people["organizer"], 1))["problems"][0]["message"] == "引号未结束"
    counts = "query Count($id: ID!) { job(id: $id) { a: problems { code } b: problems(first: 3) { code } "
    counts += "c: problems(first: 1000) { code } d: problems(first: -1) { code } e: problems(first: null) { code } } }"
    told = (await api.data(counts, {"id": job_id(1)}, people["organizer"]))["job"]
    assert {name: len(each) for name, each in told.items()} == {"a": 20, "b": 3, "c": 49, "d": 0, "e": 20}
    page = (await api.data("{ jobs { nodes { problems(first: 2) { message } } } }", token=people["organizer"]))["jobs"]
    assert [each["message"] for each in page["nodes"][0]["problems"]] == ["引号未结束", "第2行"]


async def test_a_result_sets_what_the_file_states_beside_what_was_counted(
    api: Client, url: str, people: People
) -> None:
    result = ImportResult(3, 2**33, {"QUOTA_EXHAUSTED": 1}, {"b": 2**33, "a": 1}, {"a": 1, "c": 2})
    bare = ImportResult(0, 5, {}, None, {"a": 5})
    await store(
        url,
        a_job(
            1,
            people.id("organizer"),
            kind=JobKind.IMPORT,
            terms=ImportTerms(ImportContent.CAMPAIGN, FileFormat.PABULIB, "a.pb"),
            state=JobState.DONE,
            result=result,
        ),
        batch(2, people.id("organizer"), result=bare),
    )
    assert (await read(api, people["organizer"], 1))["result"] == {
        "projects": 3,
        "accepted": 2**33,
        "refused": [{"code": "QUOTA_EXHAUSTED", "count": 1}],
        "totals": [
            {"code": "b", "official": 2**33, "counted": 0},
            {"code": "a", "official": 1, "counted": 1},
            {"code": "c", "official": None, "counted": 2},
        ],
        "differences": [{"code": "b", "official": 2**33, "counted": 0}],
    }
    told = (await read(api, people["auditor"], 2))["result"]
    assert (told["totals"], told["differences"]) == ([{"code": "a", "official": None, "counted": 5}], [])


async def test_jobs_are_paged_the_newest_first(api: Client, url: str, people: People) -> None:
    states = (JobState.DONE, JobState.FAILED, JobState.CANCELLED, WAITING, JobState.DONE)
    mine = [a_job(number, people.id("wang"), terms=OF_STAFF, state=state) for number, state in enumerate(states, 1)]
    await store(url, *mine, a_job(6, people.id("lin"), campaign="elsewhere", state=JobState.DONE))
    told = (await api.data(LISTED, {"first": 2}, people["wang"]))["jobs"]
    assert [node["id"] for node in told["nodes"]] == [job_id(5), job_id(4)]
    assert (told["totalCount"], told["pageInfo"]["hasNextPage"], told["pageInfo"]["hasPreviousPage"]) == (
        5,
        True,
        False,
    )
    after = told["pageInfo"]["endCursor"]
    await store(url, a_job(7, people.id("wang"), terms=OF_STAFF, state=JobState.DONE))
    told = (await api.data(LISTED, {"first": 3, "after": after}, people["wang"]))["jobs"]
    assert [node["id"] for node in told["nodes"]] == [job_id(3), job_id(2), job_id(1)]
    assert (told["pageInfo"]["hasNextPage"], told["pageInfo"]["hasPreviousPage"]) == (False, True)
    only = (await api.data(LISTED, {"states": ["FAILED", "CANCELLED"]}, people["wang"]))["jobs"]
    assert [edge["node"]["state"] for edge in only["edges"]] == ["CANCELLED", "FAILED"]
    assert only["totalCount"] == 2
    for name in ("organizer", "auditor"):
        assert (await api.data(LISTED, {"campaign": SLUG}, people[name]))["jobs"]["totalCount"] == 6
        assert (await api.data(LISTED, {}, people[name]))["jobs"]["totalCount"] == 0
    assert codes(await api.ask(LISTED, {"after": "x"}, people["wang"])) == ["BAD_INPUT"]
    assert codes(await api.ask(LISTED, {"first": 101}, people["wang"])) == ["BAD_INPUT"]


async def test_an_organizer_elsewhere_sees_no_job_that_asked_for_the_slug_of_theirs(
    api: Client, url: str, people: People
) -> None:
    grant = """mutation Grant($viewer: ID!, $campaign: String!) {
      grantRole(viewer: $viewer, role: ORGANIZER, campaign: $campaign) { grant { campaign } } }"""
    await api.data(grant, {"viewer": people.id("chen"), "campaign": SLUG}, people["organizer"])
    terms = ImportTerms(ImportContent.CAMPAIGN, FileFormat.PABULIB, "secret.pb", slug_chosen=True)
    await store(url, a_job(1, people.id("organizer"), kind=JobKind.IMPORT, terms=terms, state=WAITING))
    assert (await api.data(LISTED, {"campaign": SLUG}, people["chen"]))["jobs"]["totalCount"] == 0
    assert codes(await api.ask(READ, {"id": job_id(1)}, people["chen"])) == ["NOT_FOUND"]


async def test_everybody_exports_what_they_may_see(api: Client, people: People) -> None:
    given = {"campaign": SLUG, "content": "PROJECTS", "format": "CSV"}
    job = await done(api, people["lin"], "startExport", **given)
    assert (job["kind"], job["exportContent"], job["mine"]) == ("EXPORT", "PROJECTS", True)
    assert await refused(api, None, "startExport", **given) == ["UNAUTHENTICATED"]
    assert await refused(api, people["lin"], "startExport", **{**given, "campaign": "nowhere"}) == ["NOT_FOUND"]
    assert await refused(api, people["lin"], "startExport", **{**given, "format": "TOML"}) == ["UNSUPPORTED_FORMAT"]
    for content in ("REVIEWS", "TRAIL"):
        assert await refused(api, people["lin"], "startExport", **{**given, "content": content}) == ["FORBIDDEN"]


async def test_organizers_import(api: Client, people: People) -> None:
    ballots = {
        "content": "BALLOTS",
        "format": "CSV",
        "campaign": SLUG,
        "fileName": "五里桥.csv",
        "place": "五里桥",
        "day": "2017-03-22",
    }
    campaign = {"content": "CAMPAIGN", "format": "PABULIB", "fileName": "poland.pb"}
    for given in (ballots, campaign):
        job = await done(api, people["organizer"], "startImport", input=given)
        assert (job["state"], job["importContent"], job["problemCount"]) == ("WAITING_FOR_FILE", given["content"], 0)
        assert job["uploadUrl"] == f"/{job['id'].replace('job/', 'jobs/')}/file"
        assert (job["channel"], job["errorPolicy"]) == ("PAPER" if given is ballots else None, "ALL_OR_NOTHING")
        for name, code in (("nobody", "UNAUTHENTICATED"), ("lin", "FORBIDDEN"), ("auditor", "FORBIDDEN")):
            assert await refused(api, people[name], "startImport", input=given) == [code]
    assert await refused(api, people["organizer"], "startImport", input={**ballots, "format": "TOML"}) == [
        "UNSUPPORTED_FORMAT"
    ]
    nameless = {name: value for name, value in ballots.items() if name != "campaign"}
    for wrong, place in (
        (nameless, "campaign"),
        ({**ballots, "place": None}, "place"),
        ({**ballots, "size": -1}, "size"),
    ):
        answer = await act(api, people["organizer"], "startImport", input=wrong)
        [problem] = answer["data"]["startImport"]["problems"]
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", place])
    assert await refused(api, people["organizer"], "startImport", input={**ballots, "campaign": "nowhere"}) == [
        "NOT_FOUND"
    ]


async def test_a_role_in_one_campaign_imports_there_alone(api: Client, people: People) -> None:
    grant = """mutation Grant($viewer: ID!, $campaign: String!) {
      grantRole(viewer: $viewer, role: ORGANIZER, campaign: $campaign) { grant { campaign } } }"""
    await api.data(grant, {"viewer": people.id("chen"), "campaign": SLUG}, people["organizer"])
    given = {"content": "PROJECTS", "format": "CSV", "fileName": "projects.csv", "campaign": SLUG}
    assert (await done(api, people["chen"], "startImport", input=given))["campaign"] == {"slug": SLUG}
    for other in ({**given, "campaign": "trial-2016"}, {**given, "content": "CAMPAIGN", "format": "TOML"}):
        assert await refused(api, people["chen"], "startImport", input=other) == ["FORBIDDEN"]


async def test_another_organizer_approves(api: Client, url: str, people: People) -> None:
    await store(
        url, batch(1, people.id("organizer")), batch(2, people.id("chen")), a_job(3, people.id("chen"), terms=OF_STAFF)
    )
    assert await refused(api, people["organizer"], "approveImport", job=job_id(1)) == ["SECOND_ORGANIZER"]
    assert not (await read(api, people["organizer"], 1))["approvable"]
    seen = await read(api, people["organizer"], 2)
    assert (seen["approvable"], seen["mine"]) == (True, False)
    assert await refused(api, people["auditor"], "approveImport", job=job_id(2)) == ["FORBIDDEN"]
    assert not (await read(api, people["auditor"], 2))["approvable"]
    assert await refused(api, people["chen"], "approveImport", job=job_id(2)) == ["FORBIDDEN"]  # no organizer any more
    assert await refused(api, people["organizer"], "approveImport", job=job_id(3)) == ["WRONG_STATE"]
    assert await refused(api, people["organizer"], "approveImport", job="job/none") == ["NOT_FOUND"]


async def test_whoever_requested_a_job_or_organizes_the_campaign_cancels_it(
    api: Client, url: str, people: People
) -> None:
    await store(url, *(batch(number, people.id("chen"), state=WAITING) for number in (1, 2, 3)))
    assert await refused(api, people["auditor"], "cancelJob", job=job_id(1)) == ["FORBIDDEN"]
    assert not (await read(api, people["auditor"], 1))["cancellable"]
    for number, name in ((1, "chen"), (2, "organizer")):
        assert (await read(api, people[name], number))["cancellable"]
        job = await done(api, people[name], "cancelJob", job=job_id(number))
        assert (job["state"], job["cancellable"], job["uploadUrl"]) == ("CANCELLED", False, None)
        assert await refused(api, people[name], "cancelJob", job=job_id(number)) == ["WRONG_STATE"]
    assert (await read(api, people["chen"], 3))["state"] == "WAITING_FOR_FILE"


async def test_a_running_job_that_is_cancelled_cannot_be_cancelled_again(api: Client, url: str, people: People) -> None:
    await store(url, a_job(1, people.id("wang"), terms=ExportTerms(ExportContent.PROJECTS, FileFormat.CSV)))
    job = await done(api, people["wang"], "cancelJob", job=job_id(1))
    assert (job["state"], job["cancellable"]) == ("RUNNING", False)


async def test_what_a_page_of_jobs_asks_for_is_bounded(api: Client, people: People) -> None:
    query = "{ jobs(first: 100) { nodes { problems(first: 1000) { code message path } } } }"
    response = await api.post({"query": query}, **_as(people["wang"]))
    assert codes(response.json) == ["QUERY_TOO_LARGE"]
