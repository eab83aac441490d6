"""An organizer's campaign from nothing: drafted, presented, voted in, paused, extended, with a project withdrawn, put away."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.api.test_suspicions import A_SECOND, signed_in
from tests.servers import (
    CAST,
    Client,
    Json,
    assert_audit_agrees,
    codes,
    pingxuan,
    project_ids,
    refusals,
    serving,
)

SLUG = "volunteers"
TRIAL = "trial-2016"
PROBLEMS = "problems { __typename code message(language: EN) path ... on StaleRevision { expected present } }"
CAMPAIGN = "campaign { slug phase revision }"
PROJECT = "project { id number }"
ACTS = {
    "createCampaign": ("$input: CampaignInput!", CAMPAIGN),
    "amendCampaign": ("$campaign: String!, $input: CampaignAmendment!, $expectedRevision: Int", CAMPAIGN),
    "putProjects": (
        "$campaign: String!, $projects: [ProjectInput!]!, $expectedRevision: Int, $errorPolicy: ErrorPolicy! = ALL_OR_NOTHING",
        f"projects {{ id number }} {CAMPAIGN}",
    ),
    "removeProjects": ("$campaign: String!, $numbers: [Int!]!, $expectedRevision: Int", CAMPAIGN),
    "presentCampaign": ("$campaign: String!, $expectedRevision: Int", CAMPAIGN),
    "pauseVoting": ("$campaign: String!, $reason: TextInput!", CAMPAIGN),
    "resumeVoting": ("$campaign: String!, $closesAt: DateTime, $reason: TextInput!", CAMPAIGN),
    "extendVoting": ("$campaign: String!, $closesAt: DateTime!, $reason: TextInput!", CAMPAIGN),
    "archiveCampaign": ("$campaign: String!", CAMPAIGN),
    "withdrawProject": ("$project: ID!, $reason: TextInput!, $replacement: Replacement!", PROJECT),
    "disqualifyProject": ("$project: ID!, $reason: TextInput!, $replacement: Replacement!", PROJECT),
    "voidVotes": ("$project: ID!, $from: DateTime!, $until: DateTime, $reason: TextInput!", PROJECT),
    "grantRole": ("$viewer: ID!, $role: Role!, $campaign: String", "grant { viewer role campaign }"),
    "withdrawRole": ("$viewer: ID!, $role: Role!, $campaign: String", "grant { viewer role campaign }"),
}
REASON = {"zh": "系统维护", "en": "Maintenance"}
NUMBERS = (1, 3, 7, 20)
OPENED, CLOSING, LATER = "2017-03-22T00:00:00+08:00", "2017-03-31T12:00:00+08:00", "2017-04-02T12:00:00+08:00"
SEVEN = f"project/{SLUG}/7"
SEEN = """query Seen($slug: String!) { campaign(slug: $slug) {
  phase state revision rulesDigest languages votingWindow { closesAt }
  pauses { from until reason } extensions { was closesAt reason(language: EN) }
  stages { ties { steps description(language: EN) } }
  turnout { ballots choices }
  projects(first: 50) { nodes { number standing standingReason(language: EN) } }
  results(first: 50) { cutLine { seats votes crossesTie } nodes { project { number } votes rank tiedCount } } } }"""


async def ask(api: Client, token: str | None, name: str, **arguments: Any) -> Json:
    """The answer to one of the organizers' mutations."""
    variables, selection = ACTS[name]
    handed = ", ".join(f"{each[1:]}: {each}" for each in re.findall(r"\$\w+", variables))
    document = f"mutation({variables}) {{ {name}({handed}) {{ {selection} {PROBLEMS} }} }}"
    return await api.ask(document, arguments, token)


async def act(api: Client, token: str, name: str, **arguments: Any) -> Json:
    """The payload of one of the organizers' mutations."""
    answer = await ask(api, token, name, **arguments)
    assert "errors" not in answer, answer
    payload: Json = answer["data"][name]
    return payload


def text(zh: str, en: str) -> Json:
    return {"zh": zh, "en": en}


def a_campaign(**changes: Any) -> Json:
    """Open all day on 25 March 2017, two of four to be chosen."""
    return {
        "slug": SLUG,
        "title": text("最美志愿者", "Finest volunteers"),
        "organizer": text("区文明办", "District office"),
        "timeZone": "Asia/Shanghai",
        "resultsVisibility": "LIVE",
        "votingWindow": {"opensAt": "2017-03-22T00:00:00+08:00", "closesAt": "2017-03-31T12:00:00+08:00"},
        "rules": {"choices": {"minimum": 1, "maximum": 2}, "quota": {"limit": 1, "period": "DAY"}},
        "themes": [{"code": "CARE", "name": text("关爱", "Care")}],
        "stages": [{"code": "WINNER", "name": text("最美", "Finest"), "seats": 2, "ties": ["LOT"]}],
        **changes,
    }


def a_project(number: int, **changes: Any) -> Json:
    return {
        "number": number,
        "title": text(f"志愿者{number}", f"Volunteer {number}"),
        "summary": text("事迹", "What they did"),
        "level": "MUNICIPAL",
        "themes": ["CARE"],
        **changes,
    }


@pytest.fixture
async def api(http: aiohttp.ClientSession, seeded_url: str) -> AsyncIterator[Client]:
    with serving(seeded_url) as server:
        yield Client(http, server)


async def presented(api: Client, token: str, **changes: Any) -> None:
    """Have the campaign made and presented."""
    for name, arguments in {
        "createCampaign": {"input": a_campaign(**changes)},
        "putProjects": {"campaign": SLUG, "projects": [a_project(number) for number in NUMBERS]},
        "presentCampaign": {"campaign": SLUG},
    }.items():
        assert (await act(api, token, name, **arguments))["problems"] == []


async def seen(api: Client, token: str | None = None) -> Json:
    campaign: Json = (await api.data(SEEN, {"slug": SLUG}, token))["campaign"]
    return campaign


async def cast(api: Client, *numbers: int) -> list[str]:
    """Cast a ballot of somebody new; return what was wrong with it."""
    given = {"campaign": SLUG, "projectIds": project_ids(numbers, SLUG)}
    payload = (await api.data(CAST, {"input": given}, await api.sign_in()))["castBallot"]
    return refusals(payload)


def votes(campaign: Json) -> dict[int, tuple[int, int]]:
    """The votes and the rank of each project, by its number."""
    return {each["project"]["number"]: (each["votes"], each["rank"]) for each in campaign["results"]["nodes"]}


async def test_a_campaign_lives_by_mutations_from_its_draft_to_the_archive(api: Client) -> None:
    token = await signed_in(api, "ORGANIZER")
    assert (await act(api, token, "createCampaign", input=a_campaign()))["campaign"]["phase"] == "DRAFT"
    incomplete = await act(api, token, "presentCampaign", campaign=SLUG)
    assert [(each["code"], each["path"]) for each in incomplete["problems"]] == [("INCOMPLETE", ["projects"])]
    assert await seen(api) is None, "nobody else sees a draft"
    put = await act(api, token, "putProjects", campaign=SLUG, projects=[a_project(n) for n in (20, 3, 7)])
    assert [project["number"] for project in put["projects"]] == [20, 3, 7]
    more = {"campaign": SLUG, "projects": [a_project(1), a_project(9)], "expectedRevision": put["campaign"]["revision"]}
    assert (await act(api, token, "putProjects", **more))["problems"] == []
    stale = (await act(api, token, "removeProjects", campaign=SLUG, numbers=[9], expectedRevision=1))["problems"]
    assert [(each["code"], each["expected"], each["present"]) for each in stale] == [("STALE_REVISION", 1, 3)]
    assert (await act(api, token, "removeProjects", campaign=SLUG, numbers=[9], expectedRevision=3))["problems"] == []
    assert (await act(api, token, "presentCampaign", campaign=SLUG))["campaign"]["phase"] == "VOTING"
    before = await seen(api)
    assert [each["number"] for each in before["projects"]["nodes"]] == list(NUMBERS)
    assert before["stages"][0]["ties"]["steps"] == ["LOT"]

    assert [await cast(api, *numbers) for numbers in ((1, 7), (7, 20), (7,), (20,), (20, 3))] == [[]] * 5
    assert votes(await seen_after_a_second(api)) == {7: (3, 1), 20: (3, 1), 1: (1, 3), 3: (1, 3)}
    assert (await act(api, token, "pauseVoting", campaign=SLUG, reason=REASON))["campaign"]["phase"] == "PAUSED"
    assert await cast(api, 1) == ["VOTING_PAUSED"]
    resumed = await act(api, token, "resumeVoting", campaign=SLUG, closesAt=LATER, reason=REASON)
    assert resumed["campaign"]["phase"] == "VOTING"
    withdrawn = await act(api, token, "withdrawProject", project=SEVEN, reason=REASON, replacement="LEAVE_VACANT")
    assert withdrawn["problems"] == []
    assert await cast(api, 7) == ["PROJECTS_NOT_STANDING"]
    await act(api, token, "voidVotes", project=f"project/{SLUG}/1", **{"from": OPENED}, reason=REASON)
    assert await cast(api, 1, 3) == []

    now = await seen_after_a_second(api)
    assert votes(now) == {20: (3, 1), 3: (2, 2), 1: (0, 3), 7: (0, 4)}
    assert now["turnout"] == {"ballots": 6, "choices": 10}, "how much was voided or withdrawn is not told"
    assert now["results"]["cutLine"] == {"seats": 1, "votes": 3, "crossesTie": False}, "one of two seats stays vacant"
    assert [(each["was"], each["closesAt"]) for each in now["extensions"]] == [(CLOSING, LATER)]
    assert now["pauses"][0]["until"] is not None
    assert now["rulesDigest"] == before["rulesDigest"] is not None
    standing = {each["number"]: (each["standing"], each["standingReason"]) for each in now["projects"]["nodes"]}
    assert standing[7] == ("WITHDRAWN", "Maintenance")
    await asyncio.to_thread(assert_audit_agrees, api.server.database_url)

    kinds = '{ trail(campaign: "volunteers") { nodes { kind actor details { name value } } } }'
    entries = (await api.data(kinds, token=token))["trail"]["nodes"]
    told = [each["kind"] for each in entries if each["actor"]]
    assert {"CAMPAIGN_CREATED", "PROJECTS_CHANGED", "CAMPAIGN_PRESENTED", "VOTING_PAUSED"} <= {*told}
    assert {"VOTING_RESUMED", "PROJECT_WITHDRAWN", "VOTES_VOIDED"} <= {*told}


async def seen_after_a_second(api: Client) -> Json:
    await asyncio.sleep(A_SECOND)
    return await seen(api)


# What is done to a presented campaign in which voting is open, and the problem when it is done once more.
ONCE: tuple[tuple[str, Json, str], ...] = (
    ("presentCampaign", {"campaign": SLUG}, "WRONG_PHASE"),
    ("amendCampaign", {"campaign": SLUG, "input": {"timeZone": "UTC"}}, "FROZEN"),
    ("putProjects", {"campaign": SLUG, "projects": [a_project(99)]}, "FROZEN"),
    ("removeProjects", {"campaign": SLUG, "numbers": [1]}, "FROZEN"),
    ("resumeVoting", {"campaign": SLUG, "reason": REASON}, "WRONG_PHASE"),
    ("archiveCampaign", {"campaign": SLUG}, "WRONG_PHASE"),
    ("extendVoting", {"campaign": SLUG, "closesAt": OPENED, "reason": REASON}, "INVALID_INPUT"),
    ("pauseVoting", {"campaign": SLUG, "reason": {"en": " "}}, "INVALID_INPUT"),
    ("voidVotes", {"project": SEVEN, "from": LATER, "reason": REASON}, "INVALID_INPUT"),
    ("createCampaign", {"input": a_campaign()}, "SLUG_IN_USE"),
    ("grantRole", {"viewer": "viewer/nobody", "role": "EXPERT", "campaign": SLUG}, "INVALID_INPUT"),
    ("withdrawRole", {"viewer": f"viewer/{'a' * 26}", "role": "EXPERT", "campaign": SLUG}, "NO_CHANGE"),
)
AT_ONCE: tuple[tuple[str, Json, str], ...] = (
    ("createCampaign", {"input": a_campaign(slug="another")}, "SLUG_IN_USE"),
    (
        "amendCampaign",
        {"campaign": SLUG, "input": {"organizer": text("新", "New")}, "expectedRevision": 3},
        "STALE_REVISION",
    ),
    ("pauseVoting", {"campaign": SLUG, "reason": REASON}, "WRONG_PHASE"),
    ("resumeVoting", {"campaign": SLUG, "reason": REASON}, "WRONG_PHASE"),
    ("extendVoting", {"campaign": SLUG, "closesAt": LATER, "reason": REASON}, "INVALID_INPUT"),
    ("voidVotes", {"project": SEVEN, "from": OPENED, "reason": REASON}, "NO_CHANGE"),
    ("disqualifyProject", {"project": SEVEN, "reason": REASON, "replacement": "REFILL"}, "NOT_STANDING"),
    ("grantRole", {"viewer": f"viewer/{'a' * 26}", "role": "EXPERT", "campaign": SLUG}, "NO_CHANGE"),
    ("withdrawRole", {"viewer": f"viewer/{'a' * 26}", "role": "EXPERT", "campaign": SLUG}, "NO_CHANGE"),
)


async def test_every_act_is_refused_whole_without_the_role_out_of_order_twice_and_at_once(api: Client) -> None:
    token, voter = await signed_in(api, "ORGANIZER"), await api.sign_in()
    await presented(api, token)
    before = await seen(api)
    for name, arguments, code in ONCE:
        for stranger, error in ((None, "UNAUTHENTICATED"), (voter, "FORBIDDEN")):
            answer = await ask(api, stranger, name, **arguments)
            assert (codes(answer), answer["data"]) == ([error], {name: None})
        payload = await act(api, token, name, **arguments)
        assert {problem["code"] for problem in payload["problems"]} == {code}, (name, payload)
        assert next(iter(payload.values())) is None
    assert await seen(api) == before, "nothing is half done"
    for name, arguments, code in AT_ONCE:
        payloads = await asyncio.gather(*(act(api, token, name, **arguments) for _ in range(4)))
        outcomes = sorted(each["code"] for payload in payloads for each in payload["problems"])
        assert outcomes == [code] * 3, (name, payloads)
    assert (await seen(api))["revision"] == before["revision"] + 6
    missing = {"project": f"project/{SLUG}/8", "reason": REASON, "replacement": "REFILL"}
    assert codes(await ask(api, token, "withdrawProject", **missing)) == ["NOT_FOUND"]


async def test_an_organizer_of_one_campaign_runs_it_alone(api: Client) -> None:
    token = await signed_in(api, "ORGANIZER")
    await presented(api, token)
    helper = await api.sign_in()
    name = (await api.data("{ viewer { id } }", token=helper))["viewer"]["id"]
    grant = {"viewer": name, "role": "ORGANIZER", "campaign": SLUG}
    assert (await act(api, token, "grantRole", **grant))["grant"] == grant
    viewer = "{ viewer { grants { role campaign } campaigns { slug } } }"
    assert (await api.data(viewer, token=helper))["viewer"] == {
        "grants": [{"role": "ORGANIZER", "campaign": SLUG}],
        "campaigns": [{"slug": SLUG}],
    }
    assert (await act(api, helper, "pauseVoting", campaign=SLUG, reason=REASON))["problems"] == []
    elsewhere = {"project": "project/shanghai-2017/7", "reason": REASON, "replacement": "REFILL"}
    assert codes(await ask(api, helper, "withdrawProject", **elsewhere)) == ["FORBIDDEN"]
    assert codes(await ask(api, helper, "createCampaign", input=a_campaign(slug="own"))) == ["FORBIDDEN"]
    assert (await act(api, token, "withdrawRole", **grant))["grant"] == grant
    assert codes(await ask(api, helper, "resumeVoting", campaign=SLUG, reason=REASON)) == ["FORBIDDEN"]
    assert await api.data("mutation { signOut }", token=helper) == {"signOut": True}
    assert codes(await api.ask("{ viewer { id } }", token=helper)) == ["UNAUTHENTICATED"]


async def test_what_was_put_in_is_checked_and_read_back_whole(api: Client) -> None:
    token = await signed_in(api, "ORGANIZER")
    check = """query Check($input: CampaignInput!, $projects: [ProjectInput!]) {
      checkCampaign(input: $input, projects: $projects) { code path message(language: ZH) } }"""
    wrong = a_campaign(rules={"choices": {"minimum": 5, "maximum": 2}, "quota": {"limit": 1, "period": "DAY"}})
    found = (await api.data(check, {"input": wrong}, token))["checkCampaign"]
    assert [each["path"] for each in found] == [["input", "rules", "choices", "minimum"]]
    await presented(api, token)
    read = "query Read($slug: String!) { campaignInput(campaign: $slug) }"
    first = (await api.data(read, {"slug": SLUG}, token))["campaignInput"]
    projects = first.pop("projects")
    assert (await act(api, token, "createCampaign", input={**first, "slug": "copy"}))["problems"] == []
    assert (await act(api, token, "putProjects", campaign="copy", projects=projects))["problems"] == []
    assert (await act(api, token, "presentCampaign", campaign="copy"))["problems"] == []
    digests = '{ a: campaign(slug: "volunteers") { rulesDigest } b: campaign(slug: "copy") { rulesDigest } }'
    found = await api.data(digests)
    assert found["a"] == found["b"] != {"rulesDigest": None}


async def test_projects_that_are_refused_may_be_skipped(api: Client) -> None:
    token = await signed_in(api, "ORGANIZER")
    await act(api, token, "createCampaign", input=a_campaign())
    projects = [a_project(1), a_project(2, themes=["NONE"]), a_project(3)]
    refused = await act(api, token, "putProjects", campaign=SLUG, projects=projects)
    assert (refused["projects"], [each["path"] for each in refused["problems"]]) == (
        None,
        [["projects", "1", "themes", "0"]],
    )
    skipped = await act(api, token, "putProjects", campaign=SLUG, projects=projects, errorPolicy="SKIP_REFUSED")
    assert [project["number"] for project in skipped["projects"]] == [1, 3]
    assert [each["path"] for each in skipped["problems"]] == [["projects", "1", "themes", "0"]]


async def test_names_that_no_campaign_has_are_not_found_whatever_is_in_them(api: Client) -> None:
    token = await signed_in(api, "ORGANIZER")
    for name in ("nul\x00", "a" * 100, "", "Not-a-slug", "\ud7ff"):
        assert codes(await ask(api, token, "presentCampaign", campaign=name)) == ["NOT_FOUND"]
        made = await act(api, token, "createCampaign", input=a_campaign(slug=name))
        assert [(each["code"], each["path"]) for each in made["problems"]] == [("INVALID_INPUT", ["input", "slug"])]
    far = {"project": f"project/{'a' * 100}/1", "reason": REASON, "replacement": "REFILL"}
    assert codes(await ask(api, token, "withdrawProject", **far)) == ["NOT_FOUND"]


UPCOMING = {"opensAt": "2017-03-25T00:00:00+08:00", "closesAt": CLOSING}


async def test_what_everybody_sees_stays_complete(api: Client) -> None:
    token = await signed_in(api, "ORGANIZER")
    await presented(api, token, votingWindow=UPCOMING)
    without_ties = {"code": "WINNER", "name": text("最美", "Finest"), "seats": 2}
    past = {"opensAt": "2017-03-01T00:00:00+08:00", "closesAt": "2017-03-02T00:00:00+08:00"}
    for change, path in (
        ({"stages": [without_ties]}, ["stages", "0", "ties"]),
        ({"stages": None}, ["stages"]),
        ({"votingWindow": past}, ["votingWindow", "closesAt"]),
    ):
        payload = await act(api, token, "amendCampaign", campaign=SLUG, input=change)
        assert [(each["code"], each["path"]) for each in payload["problems"]] == [("INCOMPLETE", path)]
    payload = await act(api, token, "removeProjects", campaign=SLUG, numbers=list(NUMBERS))
    assert payload["campaign"] is None
    assert payload["problems"] != []
    payload = await act(api, token, "removeProjects", campaign=SLUG, numbers=[3])
    assert payload["problems"] == []
    assert [each["number"] for each in (await seen(api))["projects"]["nodes"]] == [1, 7, 20]


async def test_no_project_goes_that_every_ballot_needs(api: Client) -> None:
    token = await signed_in(api, "ORGANIZER")
    rules = {"choices": {"minimum": 3, "maximum": 4}, "quota": {"limit": 1, "period": "DAY"}}
    await presented(api, token, rules=rules)
    one, three = ({"project": f"project/{SLUG}/{n}", "reason": REASON, "replacement": "REFILL"} for n in (1, 3))
    assert (await act(api, token, "withdrawProject", **one))["problems"] == []
    for name in ("withdrawProject", "disqualifyProject"):
        refused = await act(api, token, name, **three)
        assert [(each["code"], each["path"]) for each in refused["problems"]] == [("TOO_FEW_STANDING", ["project"])]
    assert await cast(api, 3, 7, 20) == []


FILE = """
slug = "filed"
title = { zh = "最美志愿者", en = "Finest volunteers" }
organizer = { zh = "区文明办", en = "District office" }
time_zone = "Asia/Shanghai"
results_visibility = "LIVE"
currency = "CNY"
[voting_window]
opens_at = 2017-03-22T00:00:00+08:00
closes_at = 2017-03-31T12:00:00+08:00
[rules]
choices = { minimum = 1, maximum = 2 }
quota = { limit = 1, period = "DAY" }
groups = [{ group_by = "THEME", group = "CARE", maximum = 2 }]
budget = { limit = "2000.50" }
hours = { from = "08:00", until = "22:00" }
[rules.eligibility]
claims = [{ claim = "residence", values = ["310101", "310104"] }]
description = { zh = "居民", en = "Residents" }
[[themes]]
code = "CARE"
name = { zh = "关爱", en = "Care" }
[[stages]]
code = "WINNER"
name = { zh = "最美", en = "Finest" }
seats = 2
decided = false
formula = "votes"
ties = ["FURTHER_CRITERION", "LOT"]
"""
FILED_PROJECT = """
[[projects]]
number = {number}
title = {{ zh = "志愿者{number}", en = "Volunteer {number}" }}
level = "MUNICIPAL"
themes = ["CARE"]
cost = "{number}.50"
"""
FILED: Json = {
    "currency": "CNY",
    "rules": {
        "choices": {"minimum": 1, "maximum": 2},
        "quota": {"limit": 1, "period": "DAY"},
        "groups": [{"groupBy": "THEME", "group": "CARE", "maximum": 2}],
        "budget": {"limit": "2000.5"},
        "hours": {"from": "08:00", "until": "22:00"},
        "eligibility": {
            "claims": [{"claim": "residence", "values": ["310101", "310104"]}],
            "description": text("居民", "Residents"),
        },
    },
    "stages": [
        {
            "code": "WINNER",
            "name": text("最美", "Finest"),
            "seats": 2,
            "formula": "votes",
            "ties": ["FURTHER_CRITERION", "LOT"],
        }
    ],
}


async def test_a_campaign_of_a_file_has_the_digest_of_the_same_one_by_mutations(api: Client, tmp_path: Path) -> None:
    token = await signed_in(api, "ORGANIZER")
    file = tmp_path / "filed.toml"
    file.write_text(FILE + "".join(FILED_PROJECT.format(number=number) for number in NUMBERS), "utf-8")
    loaded = await asyncio.to_thread(pingxuan, api.server.database_url, "load", str(file))
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    assert (await act(api, token, "createCampaign", input=a_campaign(**FILED)))["problems"] == []
    for number in (7, 20, 1, 3):
        one = a_project(number, cost=f"{number}.5")
        assert (await act(api, token, "putProjects", campaign=SLUG, projects=[one]))["problems"] == []
    assert (await act(api, token, "presentCampaign", campaign=SLUG))["problems"] == []
    await asyncio.sleep(A_SECOND)
    digests = '{ a: campaign(slug: "filed") { rulesDigest } b: campaign(slug: "volunteers") { rulesDigest } }'
    found = await api.data(digests)
    assert found["a"] == found["b"] != {"rulesDigest": None}


@pytest.mark.parametrize(
    "clash", [{"code": "A"}, {"title": text("志愿者1", "Volunteer 1")}], ids=lambda each: next(iter(each))
)
async def test_what_a_project_has_in_common_with_a_stored_one_is_told_where_it_was_sent(
    api: Client, clash: Json
) -> None:
    token = await signed_in(api, "ORGANIZER")
    await act(api, token, "createCampaign", input=a_campaign())
    stored = [a_project(2), a_project(1, code="A")]
    assert (await act(api, token, "putProjects", campaign=SLUG, projects=stored))["problems"] == []
    sent = [
        a_project(3),
        a_project(4, themes=["NONE"]),
        a_project(5, **clash),
        a_project(1, code="B", title=text("新", "New")),
    ]
    again = {"campaign": SLUG, "projects": sent[:3]}
    refused = await act(api, token, "putProjects", **again)
    assert (refused["projects"], {each["path"][1] for each in refused["problems"]}) == (None, {"1", "2"})
    skipped = await act(api, token, "putProjects", **again, errorPolicy="SKIP_REFUSED")
    assert [project["number"] for project in skipped["projects"]] == [3]
    assert {each["path"][1] for each in skipped["problems"]} == {"1", "2"}
    put = await act(api, token, "putProjects", campaign=SLUG, projects=sent[2:])
    assert put["problems"] == [], "what is replaced is in nobody's way"


async def test_why_a_role_is_given_can_be_read(api: Client) -> None:
    token = await signed_in(api, "ORGANIZER")
    grant = {"viewer": f"viewer/{'a' * 26}", "role": "EXPERT"}
    document = """mutation($viewer: ID!, $role: Role!, $reason: TextInput) {
      grantRole(viewer: $viewer, role: $role, reason: $reason) { grant { role } problems { code path } } }"""
    for wrong in ("nul\x00", "长" * 501, ""):
        payload = (await api.data(document, {**grant, "reason": {"zh": wrong}}, token))["grantRole"]
        assert payload == {"grant": None, "problems": [{"code": "INVALID_INPUT", "path": ["reason"]}]}
    payload = (await api.data(document, {**grant, "reason": REASON}, token))["grantRole"]
    assert payload == {"grant": {"role": "EXPERT"}, "problems": []}


async def test_what_is_over_is_put_away_and_nothing_of_it_changes_any_more(api: Client) -> None:
    token = await signed_in(api, "ORGANIZER")
    one, two = ({"project": f"project/{TRIAL}/{n}", "reason": REASON, "replacement": "REFILL"} for n in (1, 2))
    for name in ("pauseVoting", "resumeVoting"):
        [problem] = (await act(api, token, name, campaign=TRIAL, reason=REASON))["problems"]
        assert problem["code"] == "WRONG_PHASE"
    assert (await act(api, token, "withdrawProject", **one))["problems"] == []
    archived = await act(api, token, "archiveCampaign", campaign=TRIAL)
    assert (archived["problems"], archived["campaign"]["phase"]) == ([], "ARCHIVED")
    acts: dict[str, Json] = {
        "archiveCampaign": {"campaign": TRIAL},
        "presentCampaign": {"campaign": TRIAL},
        "amendCampaign": {"campaign": TRIAL, "input": {"title": text("新", "New")}},
        "putProjects": {"campaign": TRIAL, "projects": []},
        "removeProjects": {"campaign": TRIAL, "numbers": []},
        "pauseVoting": {"campaign": TRIAL, "reason": REASON},
        "resumeVoting": {"campaign": TRIAL, "reason": REASON},
        "extendVoting": {"campaign": TRIAL, "closesAt": LATER, "reason": REASON},
        "withdrawProject": two,
        "disqualifyProject": two,
        "voidVotes": {"project": two["project"], "from": "2016-01-01T00:00:00Z", "reason": REASON},
    }
    for name, arguments in acts.items():
        assert [each["code"] for each in (await act(api, token, name, **arguments))["problems"]] == ["WRONG_PHASE"], (
            name
        )
    read = (
        "query($slug: String!) { campaign(slug: $slug) { phase title(language: EN) results(first: 1) { totalCount } } }"
    )
    campaign = (await api.data(read, {"slug": TRIAL}))["campaign"]
    assert (campaign["phase"], campaign["results"]["totalCount"]) == ("ARCHIVED", 50)


async def test_another_list_of_voters_is_a_revision_and_on_the_trail(api: Client) -> None:
    token = await signed_in(api, "ORGANIZER")
    kinds = '{ trail(campaign: "volunteers") { nodes { kind } } }'

    def rules(*letters: str) -> Json:
        listed = {"viewers": [f"viewer/{letter * 26}" for letter in letters]}
        return {**a_campaign()["rules"], "eligibility": listed}

    async def amended(*letters: str, **more: Any) -> Json:
        return await act(api, token, "amendCampaign", campaign=SLUG, input={"rules": rules(*letters)}, **more)

    await act(api, token, "createCampaign", input=a_campaign(rules=rules("a", "b")))
    assert (await amended("b", "a"))["campaign"]["revision"] == 1, "the order is nothing"
    assert (await amended("a", "c"))["campaign"]["revision"] == 2
    assert [each["code"] for each in (await amended("a", expectedRevision=1))["problems"]] == ["STALE_REVISION"]
    trail = (await api.data(kinds, token=token))["trail"]["nodes"]
    assert [each["kind"] for each in trail] == ["CAMPAIGN_AMENDED", "CAMPAIGN_CREATED"]
