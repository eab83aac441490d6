"""Are ballots of a polling place known again as they have to be, and do they count as cast when they were?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from api.domain.campaigns.parts import Pause
from api.domain.campaigns.problems import ActFailed
from api.domain.campaigns.projects import Standing
from api.domain.exchange.ballot_files import PaperBallot
from api.domain.exchange.paper import as_of, batch_digest, paper_voter, polling_day, polling_moment, takes_votes
from api.domain.selection.terms import CriterionSource, FurtherCriterion, InputSource, StageInput, StageKind
from api.domain.voting.channels import Channel
from tests.campaigns import CLOSES, DURING, OPENS, a_campaign, a_project, at, both
from tests.selecting import a_stage


def test_a_printed_ballot_is_one_voter_however_its_place_is_written() -> None:
    def voter(place: str, number: str) -> str:
        return paper_voter(place, number, Channel.PAPER).pseudonym

    assert voter("徐汇区图书馆", "17") == voter(" 徐匯區 圖書館", "17")
    assert len({voter("a/b", "c"), voter("a", "b/c"), voter("a", "b\x00c"), voter("a", "bc")}) == 4


def test_a_batch_is_known_by_its_rows_in_any_order() -> None:
    rows = [PaperBallot(2, "1", (3, 5)), PaperBallot(3, "2", (4,))]
    assert batch_digest(rows) == batch_digest([PaperBallot(9, "2", (4,)), PaperBallot(8, "1", (5, 3), 4)])
    others = [[PaperBallot(2, "1", (3, 5))], [*rows, PaperBallot(4, "3", (4,))], [rows[0], PaperBallot(3, "2", (5,))]]
    assert len({batch_digest(each) for each in [rows, *others]}) == 4


def test_the_day_is_the_last_that_has_begun() -> None:
    campaign = a_campaign()
    assert polling_day(campaign, None, DURING) == DURING.date()
    assert polling_day(campaign, None, CLOSES + timedelta(days=30)) == CLOSES.date()
    assert polling_day(campaign, date(2017, 3, 22), DURING) == date(2017, 3, 22)
    for day in (date(2017, 3, 26), date(2017, 3, 21), date(2018, 3, 22)):
        with pytest.raises(ActFailed):
            polling_day(campaign, day, DURING)
    with pytest.raises(ActFailed):
        polling_day(campaign, None, OPENS - timedelta(seconds=1))


def test_a_ballot_counts_from_the_first_moment_at_which_voting_was_open() -> None:
    late = Pause(at("2017-03-25 00:00"), at("2017-03-25 09:00"), both("停", "Pause"))
    campaign = a_campaign(pauses=(late,))
    assert polling_moment(campaign, date(2017, 3, 22), CLOSES) == OPENS
    assert polling_moment(campaign, date(2017, 3, 25), CLOSES) == at("2017-03-25 09:00")
    with pytest.raises(ActFailed) as refused:  # the day has begun, and voting not yet
        polling_moment(campaign, date(2017, 3, 25), at("2017-03-25 08:59"))
    assert "09:00" in str(refused.value)


def test_a_project_stood_until_it_was_withdrawn() -> None:
    gone = {"standing": Standing.WITHDRAWN, "standing_since": DURING}
    campaign = a_campaign(projects=(a_project(1, **gone), a_project(2)))
    assert as_of(campaign, DURING - timedelta(seconds=1)).projects[0].standing is Standing.STANDING
    assert as_of(campaign, DURING) is campaign
    plain = replace(campaign, projects=(a_project(2),))
    assert as_of(plain, OPENS) is plain


def test_a_stage_takes_votes_in_its_score_or_to_break_ties() -> None:
    by_votes = FurtherCriterion(CriterionSource.PUBLIC_VOTE)
    assert takes_votes(a_stage("A", 3))
    assert takes_votes(a_stage("A", 3, StageKind.EXPERT_SCORES, inputs=(StageInput(InputSource.PUBLIC_VOTE),)))
    assert takes_votes(a_stage("A", 3, StageKind.EXPERT_BALLOT, further_criteria=(by_votes,)))
    assert not takes_votes(a_stage("A", 3, StageKind.EXPERT_SCORES))
    assert not takes_votes(a_stage("A", 3, StageKind.DECISION))
