"""Does what a stage has decided appear with its announcement, whole and everywhere at once, and to nobody before?"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import pytest

from api.domain.campaigns.states import ResultsVisibility
from api.domain.selection.terms import StageKind
from api.storage.database.connection import open_database
from tests.api.test_suspicions import A_SECOND, signed_in
from tests.campaigns import SLUG
from tests.selecting import ONE, THREE, a_stage, prepared, selected_campaign
from tests.servers import Client, Json, codes, project_ids, serving_together
from tests.sockets import talk

VOTES = {1: 5, 2: 4, 3: 3, 4: 3, 5: 1}
CLOCK, UNTIL = "2017-03-31T13:00:00+08:00", "2017-04-07T13:00:00+08:00"
STAGE = {"campaign": SLUG, "stage": THREE}
PROBLEMS = "problems { code path message(language: EN) }"
ROWS = "rows { project { number outcome } score rank selected inputs { source weight value normalised weighted } }"
TIES = "ties { step resolved free explanation(language: EN) projects { number } order { number } equal { number } }"
SELECTED = f"""selection {{ version state digest seats vacant decisionReason(language: EN)
  decidedAt announcedAt {ROWS} {TIES} unreviewed {{ number }}
  objections {{ id by text answer(language: EN) project {{ number }} }}
  annexes {{ at reason(language: EN) before after
    changes {{ project {{ number }} wasSelected isSelected wasRank isRank }} }} }}"""
GIVEN = "$campaign: String!, $stage: String!, $decisions: [TieDecision!]"
PLAN = f"""mutation({GIVEN}) {{ planSelection(campaign: $campaign, stage: $stage, decisions: $decisions) {{
  plan {{ digest unresolved trace record seats vacant {ROWS} {TIES} changes {{ project {{ number }} }} stage {{ code }} }}
  {PROBLEMS} }} }}"""
DECIDE = """mutation($campaign: String!, $stage: String!, $decision: StageDecision) {{
  {act}(campaign: $campaign, stage: $stage, decision: $decision, {digest}) {{
    {made} {{ digest decisionReason(language: EN) chinese: decisionReason(tag: "zh") }} problems {{ code message }} }} }}"""
COMMIT = f"""mutation({GIVEN}, $digest: String!) {{
  commitSelection(campaign: $campaign, stage: $stage, digest: $digest, decisions: $decisions) {{ {SELECTED} {PROBLEMS} }} }}"""
CORRECT = f"""mutation({GIVEN}, $digest: String!, $reason: TextInput!) {{
  correctSelection(campaign: $campaign, stage: $stage, digest: $digest, decisions: $decisions, reason: $reason) {{
    {SELECTED} {PROBLEMS} }} }}"""
ANNOUNCE = f"""mutation($campaign: String!, $stage: String!, $until: DateTime!) {{
  announceSelection(campaign: $campaign, stage: $stage, objectionsUntil: $until) {{
    {SELECTED} campaign {{ phase }} {PROBLEMS} }} }}"""
OBJECT = f"""mutation($campaign: String!, $stage: String!, $input: ObjectionInput!) {{
  recordObjection(campaign: $campaign, stage: $stage, input: $input) {{ {SELECTED} {PROBLEMS} }} }}"""
ANSWER = f"""mutation($objection: ID!, $answer: TextInput!) {{
  answerObjection(objection: $objection, answer: $answer) {{ {SELECTED} {PROBLEMS} }} }}"""
CONFIRM = f"""mutation($campaign: String!, $stage: String!) {{
  confirmSelection(campaign: $campaign, stage: $stage) {{ {SELECTED} {PROBLEMS} }} }}"""
ROUND = "query($slug: String!, $passed: String) { campaignInput(campaign: $slug, passed: $passed) }"
CREATE = f"mutation($input: CampaignInput!) {{ createCampaign(input: $input) {{ campaign {{ slug }} {PROBLEMS} }} }}"
PUT = f"""mutation($projects: [ProjectInput!]!) {{
  putProjects(campaign: "second-round", projects: $projects) {{ projects {{ number }} {PROBLEMS} }} }}"""
PRESENT = f'mutation {{ presentCampaign(campaign: "second-round") {{ campaign {{ phase }} {PROBLEMS} }} }}'
SEEN = f"""query($slug: String!) {{ campaign(slug: $slug) {{
  phase revision
  stages {{ code status decidedAt {SELECTED} }}
  publication {{ state objectionsUntil stage {{ code }} objections {{ text by }} }}
  awards {{ code projects {{ number }} }}
  projects(first: 50) {{ nodes {{ number outcome award {{ code }} }} }}
  results(first: 50, orderBy: {{field: FINAL_SCORE, direction: DESC}}) {{
    nodes {{ finalScore expertScore project {{ number }} }} }}
}} }}"""
TEXTS = "query($slug: String!) { campaign(slug: $slug) { stages { selection { digest trace record } } } }"
WATCH = f'subscription {{ resultsChanged(campaign: "{SLUG}", first: 2) {{ nodes {{ finalScore project {{ outcome }} }} }} }}'
FOUR_FIRST = [
    {"step": "RECORDED_DECISION", "order": project_ids((4, 3)), "reason": {"zh": "经讨论决定", "en": "As was decided"}}
]


@pytest.fixture
async def two(http: aiohttp.ClientSession, database_url: str) -> AsyncIterator[tuple[Client, Client]]:
    """Clients of two server processes on one database, an hour after voting has closed. The last stage is a DECISION."""
    stages = (selected_campaign().stages[0], a_stage(ONE, 1, StageKind.DECISION))

    async def run() -> None:
        async with open_database(database_url) as database:
            campaign = selected_campaign(visibility=ResultsVisibility.AFTER_CLOSE, stages=stages)
            await prepared(database, campaign, VOTES)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()
    with serving_together(database_url, 2, clocks=(CLOCK,), PINGXUAN_DATABASE_TIMEOUT="20") as servers:
        first, second = (Client(http, server) for server in servers)
        yield first, second


async def act(api: Client, token: str, document: str, **variables: Any) -> Json:
    """The payload of a mutation that went well."""
    answer = await api.ask(document, {**STAGE, **variables} if "$stage" in document else variables, token)
    assert "errors" not in answer, answer
    (payload,) = answer["data"].values()
    assert payload["problems"] == [], payload
    return payload


async def refused(api: Client, token: str, document: str, **variables: Any) -> list[str]:
    answer = await api.ask(document, {**STAGE, **variables} if "$stage" in document else variables, token)
    (payload,) = answer["data"].values()
    assert next(iter(payload.values())) is None
    return [each["code"] for each in payload["problems"]]


async def seen(api: Client, token: str | None = None) -> Json:
    campaign: Json = (await api.data(SEEN, {"slug": SLUG}, token))["campaign"]
    return campaign


def outcomes(campaign: Json) -> dict[int, str]:
    return {each["number"]: each["outcome"] for each in campaign["projects"]["nodes"]}


def pushed(told: Json) -> list[tuple[float | None, str]]:
    nodes = told["payload"]["data"]["resultsChanged"]["nodes"]
    return [(node["finalScore"], node["project"]["outcome"]) for node in nodes]


async def test_an_outcome_appears_with_its_announcement_on_every_server_and_to_nobody_before(
    two: tuple[Client, Client],
) -> None:
    one, other = two
    organizer, auditor = await signed_in(one, "ORGANIZER", "--campaign", SLUG), await signed_in(one, "AUDITOR")
    stranger = await one.sign_in()
    before = await seen(one)
    assert await seen(other) == before
    open_plan = (await act(one, organizer, PLAN))["plan"]
    (tie,) = open_plan["ties"]
    assert (tie["step"], tie["resolved"], [each["number"] for each in tie["equal"]]) == (
        "RECORDED_DECISION",
        False,
        [3, 4],
    )
    assert open_plan["unresolved"] is True
    plan = (await act(one, organizer, PLAN, decisions=FOUR_FIRST))["plan"]
    assert plan["digest"] == hashlib.sha256(plan["trace"].encode()).hexdigest()
    committed = (await act(one, organizer, COMMIT, digest=plan["digest"], decisions=FOUR_FIRST))["selection"]
    assert (committed["state"], committed["version"]) == ("PROVISIONAL", 1)
    assert [(row["score"], row["rank"]) for row in committed["rows"]][:3] == [("5", 1), ("4", 2), ("3", 3)]

    await asyncio.sleep(A_SECOND)
    for server in two:
        for token in (None, stranger):
            assert {**await seen(server, token), "revision": before["revision"]} == before, (
                "as if nothing had been committed"
            )
            texts = await server.data(TEXTS, {"slug": SLUG}, token)
            assert [stage["selection"] for stage in texts["campaign"]["stages"]] == [None, None]
        for token in (organizer, auditor):
            shown = await seen(server, token)
            assert shown["stages"][0]["selection"] == committed
            assert {**shown, "stages": before["stages"], "revision": before["revision"]} == before

    async with talk(other.server) as watching:
        await watching.greet()
        await watching.begin("scores", WATCH)
        assert pushed(await watching.hear()) == [(None, "CANDIDATE")] * 2
        announced = await act(one, organizer, ANNOUNCE, until=UNTIL)
        assert pushed(await watching.hear()) == [(5.0, "FINALIST"), (4.0, "FINALIST")]
    assert announced["campaign"]["phase"] == "ANNOUNCED"
    at_once = await seen(one)
    await asyncio.sleep(A_SECOND)
    assert await seen(other) == at_once == await seen(one)
    assert outcomes(at_once) == {1: "FINALIST", 2: "FINALIST", 4: "FINALIST"} | dict.fromkeys(
        (3, *range(5, 11)), "NOT_SELECTED"
    )
    results = at_once["results"]["nodes"]
    assert [(each["project"]["number"], each["finalScore"]) for each in results[:4]] == [
        (1, 5.0),
        (2, 4.0),
        (3, 3.0),
        (4, 3.0),
    ]
    assert at_once["publication"]["state"] == "ANNOUNCED"
    (selection, undecided) = (stage["selection"] for stage in at_once["stages"])
    assert (selection["state"], undecided) == ("ANNOUNCED", None)
    texts = (await other.data(TEXTS, {"slug": SLUG}))["campaign"]["stages"][0]["selection"]
    assert hashlib.sha256(texts["trace"].encode()).hexdigest() == selection["digest"]
    assert json.loads(texts["record"])["stage"] == THREE


async def test_objections_are_answered_and_a_correction_shows_what_it_changes(two: tuple[Client, Client]) -> None:
    one, other = two
    organizer = await signed_in(one, "ORGANIZER")
    digest = (await act(one, organizer, PLAN, decisions=FOUR_FIRST))["plan"]["digest"]
    await act(one, organizer, COMMIT, digest=digest, decisions=FOUR_FIRST)
    objection = {"by": "王女士", "text": "三号与四号票数相同。\n为何选四号？", "project": project_ids([3])[0]}
    assert await refused(one, organizer, OBJECT, input=objection) == ["WRONG_STATE"]
    await act(one, organizer, ANNOUNCE, until=UNTIL)
    for wrong, code in (
        ({"by": " "}, "INVALID_INPUT"),
        ({"text": "\u0007"}, "INVALID_INPUT"),
        ({"text": "一行\u2028又一行"}, "INVALID_INPUT"),
        ({"project": "project/elsewhere/3"}, "INVALID_INPUT"),
        ({"at": "2017-03-31T12:30:00+08:00"}, "TOO_EARLY"),
        ({"at": "2017-04-01T12:30:00+08:00"}, "INVALID_INPUT"),
    ):
        assert await refused(one, organizer, OBJECT, input=objection | wrong) == [code]
    (recorded,) = (await act(one, organizer, OBJECT, input=objection))["selection"]["objections"]
    assert (recorded["by"], recorded["project"]["number"]) == ("王女士", 3)
    assert await refused(one, organizer, CONFIRM) == ["TOO_EARLY", "OBJECTIONS_OPEN"]

    three_first = [{**FOUR_FIRST[0], "order": project_ids((3, 4))}]
    corrected = (await act(one, organizer, PLAN, decisions=three_first))["plan"]
    assert [each["project"]["number"] for each in corrected["changes"]] == [3, 4]
    reason = {"zh": "更正并列的处理", "en": "The tie is decided otherwise"}
    selection = (await act(one, organizer, CORRECT, digest=corrected["digest"], decisions=three_first, reason=reason))[
        "selection"
    ]
    (annex,) = selection["annexes"]
    assert (annex["before"], annex["after"], annex["reason"]) == (digest, corrected["digest"], reason["en"])
    answer = {"zh": "已更正。", "en": "It is corrected."}
    assert await refused(one, organizer, ANSWER, objection=f"objection/{SLUG}/{THREE}/9", answer=answer) == [
        "INVALID_INPUT"
    ]
    await act(one, organizer, ANSWER, objection=recorded["id"], answer=answer)
    assert await refused(one, organizer, ANSWER, objection=recorded["id"], answer=answer) == ["NO_CHANGE"]

    await asyncio.sleep(A_SECOND)
    public = await seen(other, await other.sign_in())
    assert outcomes(public)[3] == "FINALIST"
    assert outcomes(public)[4] == "NOT_SELECTED"
    shown = public["stages"][0]["selection"]
    assert [(each["by"], each["answer"]) for each in shown["objections"]] == [(None, "It is corrected.")]
    assert shown["annexes"] == selection["annexes"]
    assert public["publication"]["objections"] == [{"text": objection["text"], "by": None}]


async def test_the_reason_of_a_decision_is_read_with_the_outcome(two: tuple[Client, Client]) -> None:
    one, other = two
    organizer = await signed_in(one, "ORGANIZER")
    digest = (await act(one, organizer, PLAN, decisions=FOUR_FIRST))["plan"]["digest"]
    await act(one, organizer, COMMIT, digest=digest, decisions=FOUR_FIRST)
    assert (await act(one, organizer, ANNOUNCE, until=UNTIL))["selection"]["decisionReason"] is None
    open_plan = (await act(one, organizer, DECIDE.format(act="planSelection", made="plan", digest=""), stage=ONE))[
        "plan"
    ]
    assert open_plan["decisionReason"] is None
    decision = {"selected": project_ids([4]), "reason": {"zh": "评委一致推荐", "en": "As the jury advised"}}
    document = DECIDE.format(act="planSelection", made="plan", digest="")
    plan = (await act(one, organizer, document, stage=ONE, decision=decision))["plan"]
    document = DECIDE.format(act="commitSelection", made="selection", digest=f'digest: "{plan["digest"]}"')
    committed = (await act(one, organizer, document, stage=ONE, decision=decision))["selection"]
    assert plan == committed
    assert [plan["decisionReason"], plan["chinese"]] == ["As the jury advised", "评委一致推荐"]
    await act(one, organizer, ANNOUNCE, stage=ONE, until=UNTIL)
    await asyncio.sleep(A_SECOND)
    reasons = [stage["selection"]["decisionReason"] for stage in (await seen(other))["stages"]]
    assert reasons == [None, "As the jury advised"]


async def test_a_second_round_begins_with_those_that_passed(two: tuple[Client, Client]) -> None:
    one, _ = two
    organizer = await signed_in(one, "ORGANIZER")
    digest = (await act(one, organizer, PLAN, decisions=FOUR_FIRST))["plan"]["digest"]
    await act(one, organizer, COMMIT, digest=digest, decisions=FOUR_FIRST)
    assert codes(await one.ask(ROUND, {"slug": SLUG, "passed": THREE}, organizer)) == ["BAD_INPUT"], "not announced"
    await act(one, organizer, ANNOUNCE, until=UNTIL)
    tree = (await one.data(ROUND, {"slug": SLUG, "passed": THREE}, organizer))["campaignInput"]
    projects = tree.pop("projects")
    assert [(each["number"], each["outcome"]) for each in projects] == [
        (1, "CANDIDATE"),
        (2, "CANDIDATE"),
        (4, "CANDIDATE"),
    ]
    assert "publishedAt" not in tree
    assert [stage["decided"] for stage in tree["stages"]] == [False, False]
    window = {"opensAt": "2017-05-01T00:00:00+08:00", "closesAt": "2017-05-08T00:00:00+08:00"}
    rules = {**tree["rules"], "choices": {"minimum": 1, "maximum": 2}}
    stages = [{**tree["stages"][1], "ties": ["RECORDED_DECISION"]}]
    again = {**tree, "slug": "second-round", "votingWindow": window, "rules": rules, "stages": stages}
    await act(one, organizer, CREATE, input=again)
    await act(one, organizer, PUT, projects=projects)
    await act(one, organizer, PRESENT)


async def test_every_act_of_a_selection_needs_the_role_in_its_campaign(two: tuple[Client, Client]) -> None:
    one, _ = two
    voter, auditor = await one.sign_in(), await signed_in(one, "AUDITOR")
    objection = {"objection": f"objection/{SLUG}/{THREE}/1", "answer": {"zh": "好"}}
    for document, variables in (
        (PLAN, {}),
        (COMMIT, {"digest": "0" * 64}),
        (CORRECT, {"digest": "0" * 64, "reason": {"zh": "更正"}}),
        (ANNOUNCE, {"until": UNTIL}),
        (OBJECT, {"input": {"by": "王", "text": "异议"}}),
        (ANSWER, objection),
        (CONFIRM, {}),
    ):
        given = {**STAGE, **variables} if "$stage" in document else variables
        for token, code in ((None, "UNAUTHENTICATED"), (voter, "FORBIDDEN"), (auditor, "FORBIDDEN")):
            assert codes(await one.ask(document, given, token)) == [code], document
    casting = (
        "mutation($ids: [ID!]!) { castExpertBallot(campaign: %s, stage: %s, projects: $ids) { ballot { revision } } }"
    )
    document = casting % (json.dumps(SLUG), json.dumps(THREE))
    assert codes(await one.ask(document, {"ids": project_ids([1])}, voter)) == ["FORBIDDEN"]
    assert (await one.data("{ viewer { expertBallots { revision } } }", token=voter))["viewer"] == {"expertBallots": []}
