"""How a developer tests code of their own against a Pingxuan server, with the fixtures that come with the package.

`pip install path/to/pingxuan pytest`, then `pytest`: nothing is to be configured. See docs/sandbox.md.
"""

from collections.abc import Sequence
from datetime import timedelta

import pytest

CAST = """mutation Cast($ids: [ID!]!) {
  castBallot(input: {projectIds: $ids}) { ballot { id day } violations { code message } } }"""
IDS = [f"project/shanghai-2017/{number}" for number in range(1, 11)]


def refusals(voter, ids: Sequence[str] = IDS) -> list[str]:
    """The code under test would be yours: this one casts a ballot and says why it was not taken."""
    return [violation["code"] for violation in voter.ask(CAST, {"ids": ids})["castBallot"]["violations"]]


def turnout(server) -> int:
    return server.ask("{ campaign { turnout { ballots } } }")["campaign"]["turnout"]["ballots"]


def test_a_ballot_is_counted_at_once(pingxuan_server, pingxuan_voter) -> None:
    assert refusals(pingxuan_voter) == []
    assert turnout(pingxuan_server) == 1


def test_nothing_is_left_of_the_test_before(pingxuan_server) -> None:
    assert turnout(pingxuan_server) == 0


@pytest.mark.parametrize("name", ["lin", "wang", "chen"])
def test_the_named_voters_are_signed_in(pingxuan_server, name: str) -> None:
    assert refusals(pingxuan_server.voters[name]) == []


def test_the_next_ballot_may_be_cast_at_midnight(pingxuan_voter, pingxuan_clock) -> None:
    assert refusals(pingxuan_voter) == []
    pingxuan_clock.set("2017-03-22T23:59:59+08:00")
    assert refusals(pingxuan_voter) == ["QUOTA_EXHAUSTED"]
    pingxuan_clock.move(timedelta(seconds=1))
    assert refusals(pingxuan_voter) == []


def test_after_the_vote_nobody_may_cast(pingxuan_server, pingxuan_clock) -> None:
    pingxuan_clock.set("2017-03-31T12:00:00+08:00")
    assert refusals(pingxuan_server.sign_in("somebody new")) == ["VOTING_CLOSED"]


def test_an_auditor_reads_the_trail_and_a_voter_does_not(pingxuan_server) -> None:
    query = "{ trail { totalCount } }"
    assert pingxuan_server.voters["auditor"].ask(query)["trail"]["totalCount"] >= 1
    [error] = pingxuan_server.voters["lin"].answer(query)["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
