"""Is a ballot accepted exactly when it keeps every rule, and is everything that is wrong said at once?"""

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from api.testing.sandbox import SandboxClock, SandboxServer
from tests.servers import CAST, TEN, Client, Json, codes, project_ids, refusals

CHECK = """
query Check($input: CastBallotInput!) {
  checkBallot(input: $input) {
    __typename code rule message path
    ... on TooFewChoices { minimum chosen }
    ... on TooManyChoices { maximum chosen }
    ... on RepeatedChoices { projectIds }
    ... on UnknownProjects { projectIds }
    ... on QuotaExhausted { limit period nextAllowedAt }
    ... on VotingNotOpen { opensAt }
    ... on VotingClosed { closedAt }
  }
}
"""
CHOICES = ["input", "projectIds"]
CLOSES = "2017-03-31T12:00:00+08:00"
MIDNIGHT = "2017-03-23T00:00:00+08:00"
SPENT = {"canCast": False, "remaining": 0, "limit": 1, "period": "DAY", "nextAllowedAt": MIDNIGHT}


async def check(api: Client, ids: list[str], token: str | None = None, **more: Any) -> list[Json]:
    found: list[Json] = (await api.data(CHECK, {"input": {"projectIds": ids, **more}}, token, "en"))["checkBallot"]
    return found


async def both(api: Client, ids: list[str], token: str | None = None, **more: Any) -> list[Json]:
    """What is wrong with a ballot, as castBallot and checkBallot say alike."""
    token = token or await api.sign_in()
    checked = await check(api, ids, token, **more)
    payload = await api.cast(token, projectIds=ids, language="en", **more)
    assert payload["violations"] == checked
    return checked


@pytest.mark.parametrize("count", [10, 20, 30])
async def test_a_ballot_that_keeps_the_rules_is_accepted(api: Client, count: int) -> None:
    chosen = list(range(50, 50 - count, -1))
    payload = await api.cast(await api.sign_in(), chosen)
    assert payload["violations"] == []
    assert [project["number"] for project in payload["ballot"]["projects"]] == sorted(chosen)
    assert payload["ballot"]["day"] == "2017-03-22"
    assert payload["ballot"]["castAt"].startswith("2017-03-22T09")
    assert payload["ballot"]["castAt"].endswith("+08:00")


async def test_a_ballot_that_is_cast_uses_up_the_day_and_is_the_viewers(api: Client) -> None:
    token = await api.sign_in()
    before = await api.data(
        "{ viewer { id allowance { canCast remaining nextAllowedAt } ballots { id } } }", token=token
    )
    assert before["viewer"]["allowance"] == {"canCast": True, "remaining": 1, "nextAllowedAt": None}
    assert before["viewer"]["ballots"] == []
    payload = await api.cast(token)
    assert payload["viewer"]["id"] == before["viewer"]["id"]
    assert payload["viewer"]["allowance"] == SPENT
    assert payload["viewer"]["ballots"] == [{"id": payload["ballot"]["id"]}]
    again = await api.data(
        '{ viewer { ballots { id } ballotsThen: ballots(campaign: "trial-2016") { id } } }', token=token
    )
    assert again["viewer"] == {"ballots": [{"id": payload["ballot"]["id"]}], "ballotsThen": []}


async def test_whoever_holds_a_ballots_id_finds_it(api: Client) -> None:
    ballot = (await api.cast(await api.sign_in(), range(41, 51)))["ballot"]
    query = """query Find($id: ID!) {
      ballot(id: $id) { id day castAt projects { number } campaign { slug } }
      node(id: $id) { __typename id ... on Ballot { day } } }"""
    found = await api.data(query, {"id": ballot["id"]})
    assert found["ballot"] == ballot | {"campaign": {"slug": "shanghai-2017"}}
    assert found["node"] == {"__typename": "Ballot", "id": ballot["id"], "day": "2017-03-22"}


async def test_a_ballot_is_shown_even_where_the_database_has_lost_one_of_its_projects(
    api: Client, pingxuan_server: SandboxServer
) -> None:
    ballot = (await api.cast(await api.sign_in(), range(1, 11)))["ballot"]
    with closing(sqlite3.connect(pingxuan_server.database_url.removeprefix("sqlite://"))) as connection:
        connection.execute("delete from projects where campaign_id = 'shanghai-2017' and number = 5")
        connection.execute("update campaigns set revision = revision + 1")
        connection.commit()
    found = await api.data("query Find($id: ID!) { ballot(id: $id) { projects { number } } }", {"id": ballot["id"]})
    assert [project["number"] for project in found["ballot"]["projects"]] == [1, 2, 3, 4, 6, 7, 8, 9, 10]


async def test_an_id_that_is_no_ballots_finds_none(api: Client) -> None:
    query = "query Find($id: ID!) { ballot(id: $id) { id } }"
    assert await api.data(query, {"id": "ballot/" + "a" * 26}) == {"ballot": None}
    for other in ("project/shanghai-2017/17", "ballot/short", "ballot/" + "A" * 26, "", "x\0"):
        answer = await api.ask(query, {"id": other})
        assert (codes(answer), answer["data"]) == (["BAD_INPUT"], {"ballot": None})


@pytest.mark.parametrize("count", [0, 1, 9])
async def test_too_few_choices_are_refused(api: Client, count: int) -> None:
    [violation] = await both(api, project_ids(range(1, count + 1)))
    assert violation == {
        "__typename": "TooFewChoices",
        "code": "TOO_FEW_CHOICES",
        "rule": "CHOICE_COUNT",
        "message": f"Choose at least 10 different projects; this ballot has {count}, {10 - count} too few.",
        "path": CHOICES,
        "minimum": 10,
        "chosen": count,
    }


@pytest.mark.parametrize("count", [31, 50])
async def test_too_many_choices_are_refused(api: Client, count: int) -> None:
    [violation] = await both(api, project_ids(range(1, count + 1)))
    assert violation == {
        "__typename": "TooManyChoices",
        "code": "TOO_MANY_CHOICES",
        "rule": "CHOICE_COUNT",
        "message": f"Choose at most 30 projects; this ballot has {count}, {count - 30} too many.",
        "path": CHOICES,
        "maximum": 30,
        "chosen": count,
    }


async def test_repeated_choices_are_refused_and_count_once(api: Client) -> None:
    [violation] = await both(api, project_ids([*range(1, 11), 7, 3, 7]))
    assert violation["__typename"] == "RepeatedChoices"
    assert (violation["code"], violation["rule"], violation["path"]) == (
        "REPEATED_CHOICES",
        "DISTINCT_CHOICES",
        CHOICES,
    )
    assert violation["projectIds"] == project_ids([3, 7])
    few, _ = await both(api, project_ids([*range(1, 10), 9]))
    assert (few["code"], few["chosen"]) == ("TOO_FEW_CHOICES", 9)


@pytest.mark.parametrize(
    "foreign",
    [
        "project/shanghai-2017/51",
        "project/shanghai-2017/0",
        "project/shanghai-2017/011",
        "project/trial-2016/11",
        "PROJECT/shanghai-2017/11",
        " project/shanghai-2017/11",
        "district/310115",
        "campaign/shanghai-2017",
        "ballot/" + "a" * 26,
        "viewer/" + "a" * 26,
        "11",
        "",
        "garbage",
        "\0",
        "'; drop table ballots; --",
    ],
)
async def test_ids_that_name_no_project_of_the_campaign_are_refused(api: Client, foreign: str) -> None:
    [violation] = await both(api, [*project_ids(TEN), foreign])
    assert violation["__typename"] == "UnknownProjects"
    assert (violation["code"], violation["rule"], violation["path"]) == (
        "UNKNOWN_PROJECTS",
        "ELIGIBLE_PROJECTS",
        CHOICES,
    )
    assert violation["projectIds"] == [foreign]
    assert foreign in violation["message"]


async def test_a_number_is_an_id_like_any_text(api: Client) -> None:
    [few, unknown] = await both(api, [11, 12])  # type: ignore[list-item]
    assert (few["chosen"], unknown["projectIds"]) == (2, ["11", "12"])


async def test_four_things_wrong_are_four_violations(api: Client) -> None:
    token = await api.sign_in()
    await api.cast(token)
    ids = [*project_ids([1, 2, 3, 2]), "project/shanghai-2017/99"]
    few, repeated, unknown, quota = await both(api, ids, token)
    assert (few["code"], few["minimum"], few["chosen"]) == ("TOO_FEW_CHOICES", 10, 4)
    assert (repeated["code"], repeated["projectIds"]) == ("REPEATED_CHOICES", project_ids([2]))
    assert (unknown["code"], unknown["projectIds"]) == ("UNKNOWN_PROJECTS", project_ids([99]))
    del quota["message"]
    assert quota == {
        "__typename": "QuotaExhausted",
        "code": "QUOTA_EXHAUSTED",
        "rule": "QUOTA",
        "path": ["input"],
        "limit": 1,
        "period": "DAY",
        "nextAllowedAt": MIDNIGHT,
    }


async def test_too_late_and_three_things_wrong_are_four_violations(api: Client, pingxuan_clock: SandboxClock) -> None:
    pingxuan_clock.set(CLOSES)
    violations = await both(api, [*project_ids([*range(1, 32), 2]), "garbage"])
    assert [v["code"] for v in violations] == [
        "TOO_MANY_CHOICES",
        "REPEATED_CHOICES",
        "UNKNOWN_PROJECTS",
        "VOTING_CLOSED",
    ]
    assert violations[0]["chosen"] == 32
    assert violations[3]["path"] == ["input"]
    assert violations[3]["closedAt"] == "2017-03-31T12:00:00+08:00"


async def test_another_campaign_has_its_own_projects_and_window(api: Client) -> None:
    violations = await both(api, project_ids(TEN), campaign="trial-2016")
    assert [v["code"] for v in violations] == ["UNKNOWN_PROJECTS", "VOTING_CLOSED"]
    violations = await both(api, project_ids(TEN, "trial-2016"), campaign="trial-2016")
    assert [v["code"] for v in violations] == ["VOTING_CLOSED"]


async def test_a_campaign_may_be_named(api: Client) -> None:
    payload = await api.cast(await api.sign_in(), campaign="shanghai-2017")
    assert payload["ballot"]


MESSAGES = {
    "TOO_FEW_CHOICES": ("10", "9"),
    "TOO_MANY_CHOICES": ("30", "31"),
    "REPEATED_CHOICES": ("project/shanghai-2017/2",),
    "UNKNOWN_PROJECTS": ("project/shanghai-2017/99",),
    "QUOTA_EXHAUSTED": ("1",),
}


@pytest.mark.parametrize("language", ["zh", "en", None])
async def test_messages_name_limit_and_actual_in_the_callers_language(api: Client, language: str | None) -> None:
    token = await api.sign_in()
    await api.cast(token)
    few = await api.cast(token, range(1, 10), language=language)
    ids = [*project_ids([*range(1, 31), 2]), "project/shanghai-2017/99"]
    many = await api.cast(token, projectIds=ids, language=language)
    violations = {v["code"]: v["message"] for v in few["violations"] + many["violations"]}
    assert violations.keys() == MESSAGES.keys()
    for code, named in MESSAGES.items():
        assert all(words in violations[code] for words in named), violations[code]
        assert violations[code].isascii() == (language == "en")
    tomorrow = "2017-03-23 00:00 (Asia/Shanghai)" if language == "en" else "2017年3月23日00:00（北京时间）"
    assert tomorrow in violations["QUOTA_EXHAUSTED"]


async def test_a_message_takes_a_language_of_its_own(api: Client) -> None:
    query = """mutation Cast($input: CastBallotInput!, $l: Language) { castBallot(input: $input) { violations {
      zh: message(language: ZH) en: message(language: EN) message asked: message(language: $l)
      ... on TooFewChoices { few: message(language: EN) } } } }"""
    given = {"input": {"projectIds": project_ids(range(1, 10))}, "l": None}
    for language in ("zh", "en"):
        answer = await api.data(query, given, await api.sign_in(), language)
        [violation] = answer["castBallot"]["violations"]
        assert violation["message"] == violation["asked"] == violation[language]
        assert (
            violation["en"]
            == violation["few"]
            == "Choose at least 10 different projects; this ballot has 9, 1 too few."
        )
        assert violation["zh"] == "至少须选择10个不同的项目，目前为9个，还差1个。"
    checked = "query Check($input: CastBallotInput!) { checkBallot(input: $input) { message(language: EN) } }"
    assert (await api.data(checked, {"input": given["input"]}))["checkBallot"][0]["message"].startswith(
        "Choose at least"
    )


async def test_a_message_spells_out_a_few_ids_and_the_list_has_all(api: Client) -> None:
    [few, unknown] = await check(api, [f"x{number}" for number in range(9)])
    assert few["chosen"] == 9
    assert unknown["projectIds"] == [f"x{number}" for number in range(9)]
    assert "x4 and 4 more" in unknown["message"]
    assert len((await check(api, ["y" * 5000]))[1]["message"]) < 300


async def test_casting_needs_a_voter(api: Client) -> None:
    answer = await api.ask(CAST, {"input": {"projectIds": project_ids(TEN)}}, language="en")
    assert codes(answer) == ["UNAUTHENTICATED"]
    assert answer["data"] == {"castBallot": None}
    assert "signIn" in answer["errors"][0]["message"]


@pytest.mark.parametrize("field", ["castBallot", "checkBallot"])
async def test_a_campaign_that_does_not_exist_is_not_found(api: Client, field: str) -> None:
    answer = await api.ask(
        CAST if field == "castBallot" else CHECK,
        {"input": {"projectIds": project_ids(TEN), "campaign": "none"}},
        await api.sign_in(),
    )
    assert codes(answer) == ["NOT_FOUND"]
    assert answer["errors"][0]["path"] == [field]


async def test_checking_writes_nothing(api: Client) -> None:
    token = await api.sign_in()
    for _ in range(3):
        assert await check(api, project_ids(TEN), token) == []
    assert (await api.cast(token))["ballot"]


async def test_the_quota_is_checked_only_for_a_known_voter(api: Client) -> None:
    token = await api.sign_in()
    await api.cast(token)
    assert await check(api, project_ids(TEN)) == []
    assert [v["code"] for v in await check(api, project_ids(TEN), token)] == ["QUOTA_EXHAUSTED"]


async def test_mutations_of_one_request_run_one_after_the_other(api: Client) -> None:
    query = """mutation Twice($input: CastBallotInput!) {
      first: castBallot(input: $input) { ballot { id } violations { code } }
      second: castBallot(input: $input) { ballot { id } violations { code } } }"""
    data = await api.data(query, {"input": {"projectIds": project_ids(TEN)}}, await api.sign_in())
    assert refusals(data["first"]) == []
    assert refusals(data["second"]) == ["QUOTA_EXHAUSTED"]


async def test_before_voting_opens_a_ballot_is_refused_with_the_hour(api: Client, pingxuan_clock: SandboxClock) -> None:
    pingxuan_clock.set("2017-03-21T23:59:59.999999+08:00")
    [violation] = await both(api, project_ids(TEN), campaign="shanghai-2017")
    assert violation["code"] == "VOTING_NOT_OPEN"
    assert violation["rule"] == "VOTING_WINDOW"
    assert violation["opensAt"] == "2017-03-22T00:00:00+08:00"
    assert "2017-03-22 00:00" in violation["message"]


async def test_allowances_before_and_after_the_vote(api: Client, pingxuan_clock: SandboxClock) -> None:
    query = '{ viewer { allowance(campaign: "shanghai-2017") { canCast remaining nextAllowedAt } } }'
    closed = {"canCast": False, "remaining": 0}
    token = await api.sign_in()
    for moment, again in (("2017-03-21T23:59:59+08:00", "2017-03-22T00:00:00+08:00"), (CLOSES, None)):
        pingxuan_clock.set(moment)
        data = await api.data(query, token=token)
        assert data["viewer"]["allowance"] == closed | {"nextAllowedAt": again}


async def test_different_voters_never_stand_in_each_others_way(api: Client) -> None:
    tokens = await asyncio.gather(*(api.sign_in() for _ in range(20)))
    payloads = await asyncio.gather(*(api.cast(token) for token in tokens))
    assert len({payload["ballot"]["id"] for payload in payloads}) == 20
