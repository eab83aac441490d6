"""Is each kind of selection that notices state written in a small file, and do its rules hold in the API?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.testing.sandbox import SandboxServer, SandboxVoter, running
from tests.every_kind.files import projects, themes, written

DAY_QUOTA = 'quota = { limit = 1, period = "DAY" }\n'
NOON = "2020-03-01T12:00:00+08:00"
CAST = """mutation Cast($campaign: String!, $ids: [ID!]!) {
  castBallot(input: {campaign: $campaign, projectIds: $ids}) { ballot { id } violations { code } }
}"""


@pytest.fixture(scope="module")
def files(pingxuan_sandbox: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """A file for each of the selections. The jury is lin: every sandbox knows the same people by the same ids."""
    folder = tmp_path_factory.mktemp("every-kind")
    (folder / "jury.txt").write_text(f"# the jury\n{pingxuan_sandbox.voters['lin'].id}\n", "utf-8")
    one = "choices = { minimum = 1, maximum = 1 }\n"
    five_each = 'groups = [{ group_by = "THEME", minimum = 5, maximum = 5 }]'
    lists = [f'{{ group_by = "THEME", group = "{group}", maximum = 100 }}' for group in "AB"]
    two_lists = f"groups = [{', '.join(lists)}]"
    budget = "choices = { minimum = 1, maximum = 60 }\nbudget = { limit = 450000 }\n"
    in_two = projects(240, 'themes = ["{theme}"]').replace('"C"', '"A"').replace('"D"', '"B"').replace('"E"', '"A"')
    claim = (
        'eligibility = { claims = [{ claim = "residence", values = ["310115"] }], description = { zh = "本区居民" } }'
    )
    return (
        written(
            folder,
            "five-of-each",
            f"choices = {{ minimum = 25, maximum = 25 }}\n{five_each}\n{DAY_QUOTA}",
            themes("ABCDE"),
            projects(40, 'themes = ["{theme}"]'),
        ),
        written(folder, "ten-a-day", 'votes = { limit = 10, per_project = 1, period = "DAY" }', projects(20)),
        written(folder, "open-9-to-22", f'{one}{DAY_QUOTA}hours = {{ from = "09:00", until = "22:00" }}', projects(5)),
        written(
            folder,
            "budget",
            budget + DAY_QUOTA,
            projects(60, 'cost = "{number}0000.00"', 'code = "P/{number}"'),
            more='currency = "PLN"',
        ),
        written(
            folder,
            "two-lists",
            f"choices = {{ minimum = 1, maximum = 200 }}\n{two_lists}\n{DAY_QUOTA}",
            themes("AB"),
            in_two,
        ),
        written(folder, "hourly", f'{one}quota = {{ limit = 1, period = "HOUR" }}', projects(5)),
        written(folder, "residents", f"{one}{DAY_QUOTA}{claim}", projects(5)),
        written(folder, "jury", f'{one}{DAY_QUOTA}eligibility = {{ list = "jury.txt" }}', projects(5)),
        written(
            folder,
            "five-thousand",
            f"choices = {{ minimum = 1, maximum = 10 }}\n{DAY_QUOTA}",
            projects(5_000).replace("number = 5000\n", "number = 999999\n"),
        ),
    )


@pytest.fixture(scope="module")
def server(files: Sequence[Path], pingxuan_settings: Mapping[str, str]) -> Iterator[SandboxServer]:
    with running(files, NOON, pingxuan_settings) as server:
        yield server


@pytest.fixture
def noon(server: SandboxServer) -> SandboxServer:
    """The server at noon of the first day, with no ballot."""
    server.reset()
    return server


def cast(voter: SandboxVoter, campaign: str, *numbers: int) -> list[str]:
    """Cast a ballot; return the codes of what is wrong with it."""
    ids = [f"project/{campaign}/{number}" for number in numbers]
    payload = voter.ask(CAST, {"campaign": campaign, "ids": ids})["castBallot"]
    codes = [violation["code"] for violation in payload["violations"]]
    assert (payload["ballot"] is None) == bool(codes)
    return codes


def test_exactly_25_with_five_from_each_of_five_categories(noon: SandboxServer) -> None:
    lin = noon.voters["lin"]
    assert cast(lin, "five-of-each", *range(1, 25)) == ["TOO_FEW_CHOICES", "TOO_FEW_IN_GROUP"]
    assert set(cast(lin, "five-of-each", *range(1, 25), 26)) == {"TOO_FEW_IN_GROUP", "TOO_MANY_IN_GROUP"}
    assert cast(lin, "five-of-each", *range(1, 26)) == []


def test_ten_votes_a_day_each_work_once_from_two_devices_at_once(noon: SandboxServer) -> None:
    lin, device = noon.voters["lin"], noon.sign_in("lin")
    with ThreadPoolExecutor(8) as pool:
        tried = [(voter, number) for number in range(1, 13) for voter in (lin, device)]
        codes = list(pool.map(lambda each: tuple(cast(each[0], "ten-a-day", each[1])), tried))
    votes = noon.ask('{ results(campaign: "ten-a-day", first: 20) { nodes { votes } } }')["results"]["nodes"]
    assert Counter(codes)[()] == 10
    assert Counter(node["votes"] for node in votes)[1] == 10
    assert {code for found in codes for code in found} == {"VOTES_EXHAUSTED", "PROJECT_VOTES_EXHAUSTED"}
    assert "TOO_MANY_CHOICES" in cast(lin, "ten-a-day", 1, 2)
    noon.clock.set("2020-03-02T12:00:00+08:00")
    assert cast(lin, "ten-a-day", 1) == []


def test_open_from_9_to_22_every_day(noon: SandboxServer) -> None:
    lin = noon.voters["lin"]
    noon.clock.set("2020-03-01T22:00:00+08:00")
    assert cast(lin, "open-9-to-22", 1) == ["OUTSIDE_VOTING_HOURS"]
    noon.clock.set("2020-03-02T08:59:59+08:00")
    assert cast(lin, "open-9-to-22", 1) == ["OUTSIDE_VOTING_HOURS"]
    noon.clock.set("2020-03-02T09:00:00+08:00")
    assert cast(lin, "open-9-to-22", 1) == []


def test_a_budget_of_450000_over_sixty_projects(noon: SandboxServer) -> None:
    lin = noon.voters["lin"]
    assert cast(lin, "budget", 1, 45) == ["BUDGET_EXCEEDED"]
    assert cast(lin, "budget", 1, 2, 42) == []  # 10,000 + 20,000 + 420,000
    found = noon.ask(
        '{ projects(campaign: "budget", orderBy: {field: COST, direction: DESC}, filter: {cost: {max: "30000"}}) '
        '{ nodes { code cost } } project(campaign: "budget", code: "P/7") { number } }'
    )
    assert [node["cost"] for node in found["projects"]["nodes"]] == ["30000.00", "20000.00", "10000.00"]
    assert found["project"] == {"number": 7}


def test_at_most_100_in_each_of_two_lists(noon: SandboxServer) -> None:
    lin = noon.voters["lin"]
    nodes = noon.ask(
        '{ a: projects(campaign: "two-lists", filter: {themes: "A"}, first: 100) { nodes { number } } '
        'b: projects(campaign: "two-lists", filter: {themes: "B"}, first: 100) { nodes { number } totalCount } '
        'rest: projects(campaign: "two-lists", filter: {themes: "A"}, last: 1) { nodes { number } } }'
    )
    first, second, [extra] = ([node["number"] for node in nodes[name]["nodes"]] for name in ("a", "b", "rest"))
    assert cast(lin, "two-lists", *first, extra, *second) == ["TOO_MANY_IN_GROUP"]
    assert cast(lin, "two-lists", *first, *second) == []


def test_one_ballot_an_hour(noon: SandboxServer) -> None:
    lin = noon.voters["lin"]
    assert cast(lin, "hourly", 1) == []
    assert cast(lin, "hourly", 1) == ["QUOTA_EXHAUSTED"]
    noon.clock.set("2020-03-01T13:00:00+08:00")
    assert cast(lin, "hourly", 1) == []


def test_only_holders_of_a_residence_claim(noon: SandboxServer) -> None:
    """Those who have it are let in by tests/api/test_sign_in_providers.py, where there is a provider that says so."""
    assert cast(noon.voters["lin"], "residents", 1) == ["NOT_ELIGIBLE"]


def test_a_jury_by_its_list(noon: SandboxServer) -> None:
    assert cast(noon.voters["wang"], "jury", 1) == ["NOT_ELIGIBLE"]
    assert cast(noon.voters["lin"], "jury", 1) == []


def test_five_thousand_candidates_with_numbers_to_999999(noon: SandboxServer) -> None:
    lin = noon.voters["lin"]
    assert cast(lin, "five-thousand", 1, 2_500, 999_999) == []
    data = noon.ask(
        '{ results(campaign: "five-thousand", first: 4) { totalCount nodes { votes project { number } } } '
        'projects(campaign: "five-thousand", filter: {search: "999999"}) { nodes { title } } }'
    )
    nodes = data["results"]["nodes"]
    assert data["results"]["totalCount"] == 5_000
    assert [(node["project"]["number"], node["votes"]) for node in nodes][:3] == [(1, 1), (2_500, 1), (999_999, 1)]
    assert data["projects"]["nodes"] == [{"title": "第5000号"}]
