"""Are votes that are cast one by one refused when they are used up, in all or for a project?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.votes import ProjectVotesExhausted, VoteQuotaRule, VotesExhausted
from tests.campaigns import CLOSES, DURING, OPENS, a_campaign, at, project_ids
from tests.domain.voting.rules.judged import reported

RULE = VoteQuotaRule(10, 2, QuotaPeriod.DAY)
CAMPAIGN = a_campaign(rules=(RULE,), quota=Quota(10, QuotaPeriod.DAY))
[ONE] = project_ids(1)
TITLE = CAMPAIGN.by_id[ONE].title
MIDNIGHT = at("2017-03-26 00:00")


def test_votes_may_be_cast_until_they_are_used_up() -> None:
    assert reported(RULE, CAMPAIGN, ONE, ballots_cast=9, votes_for={ONE: 1}) == []
    assert reported(RULE, CAMPAIGN, ONE, ballots_cast=10, votes_for={ONE: 1}) == [
        VotesExhausted(10, QuotaPeriod.DAY, MIDNIGHT)
    ]
    assert reported(RULE, CAMPAIGN, ONE, ballots_cast=9, votes_for={ONE: 2}) == [
        ProjectVotesExhausted(2, QuotaPeriod.DAY, ONE, TITLE, MIDNIGHT)
    ]
    assert len(reported(RULE, CAMPAIGN, ONE, ballots_cast=10, votes_for={ONE: 2})) == 2


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert reported(RULE, CAMPAIGN, ONE) == []
    assert reported(RULE, CAMPAIGN, ONE, ballots_cast=3, votes_for={}) == []


@pytest.mark.parametrize("now", [OPENS.replace(day=21), CLOSES])
def test_while_voting_is_not_open_votes_are_not_mentioned(now) -> None:
    assert reported(RULE, CAMPAIGN, ONE, now=now, ballots_cast=10, votes_for={ONE: 2}) == []


def test_words_say_how_many_and_when_again() -> None:
    assert RULE.description(CAMPAIGN).zh == "每位投票人每天最多投10票，逐票投出，其中同一项目最多2票。"
    assert RULE.description(CAMPAIGN).en == (
        "A voter casts at most 10 votes per voting day, one by one, at most 2 of them for the same project."
    )
    last = VotesExhausted(1, QuotaPeriod.CAMPAIGN, None).message
    assert last.en == "You have already cast 1 vote, the most in this campaign; no further ballot will be accepted."
    assert last.zh == "在本次评选中限投1票，您已投满，不能再投票。"
    again = ProjectVotesExhausted(1, QuotaPeriod.DAY, ONE, TITLE, MIDNIGHT).message
    assert "“项目1”" in again.zh
    assert "2017年3月26日00:00（北京时间）" in again.zh
    assert again.en == (
        "You have already cast 1 vote for “Project 1”, the most per voting day. Vote for another project; for this one, "
        "vote again from 2017-03-26 00:00 (Asia/Shanghai)."
    )


counts = st.none() | st.integers(0, 5)


@given(limit=st.integers(1, 5), per_project=st.integers(1, 5), cast=counts, own=counts, other=st.integers(0, 5))
def test_a_vote_passes_exactly_while_both_counts_are_below_their_limits(
    limit: int, per_project: int, cast: int | None, own: int | None, other: int
) -> None:
    rule = VoteQuotaRule(limit, per_project, QuotaPeriod.DAY)
    votes = None if own is None else {ONE: own, project_ids(2)[0]: other}
    found = reported(rule, CAMPAIGN, ONE, now=DURING, ballots_cast=cast, votes_for=votes)
    assert [type(violation) for violation in found] == [
        *([VotesExhausted] if cast is not None and cast >= limit else []),
        *([ProjectVotesExhausted] if own is not None and own >= per_project else []),
    ]
