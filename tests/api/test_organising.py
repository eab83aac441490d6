"""An organizer's campaign from nothing: drafted, presented, voted in, paused, extended, with a project withdrawn, put away."""

import re
from typing import Any

import aiohttp

from tests.api.test_suspicions import signed_in
from tests.servers import Client, Json, serving

SLUG = "volunteers"
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
}


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


async def test_a_campaign_is_made(http: aiohttp.ClientSession, seeded_url: str) -> None:
    with serving(seeded_url) as server:
        api = Client(http, server)
        token = await signed_in(api, "ORGANIZER")
        made = await act(api, token, "createCampaign", input=a_campaign())
        assert (made["campaign"]["phase"], made["problems"]) == ("DRAFT", [])
        put = await act(api, token, "putProjects", campaign=SLUG, projects=[a_project(n) for n in (3, 1, 7, 20)])
        assert [project["number"] for project in put["projects"]] == [3, 1, 7, 20]
        presented = await act(api, token, "presentCampaign", campaign=SLUG)
        assert presented["campaign"]["phase"] == "VOTING"
