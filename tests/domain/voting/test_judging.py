"""Is a ballot refused for everything that is wrong with it, at once, and for nothing else?"""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.parts import ChoiceRange
from api.domain.voting.ballots import Draft
from api.domain.voting.judging import CastAttempt, judge, rules_of
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules import RuleCode
from api.domain.voting.rules.base import Rule, Violation
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.choices import ChoiceCountRule, TooFewChoices, TooManyChoices
from api.domain.voting.rules.distinct import RepeatedChoices
from api.domain.voting.rules.eligibility import EligibilityRule
from api.domain.voting.rules.eligible_projects import UnknownProjects
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.hours import VotingHoursRule
from api.domain.voting.rules.idempotency_key import IdempotencyKeyReused
from api.domain.voting.rules.quota import QuotaExhausted, next_ballot_at
from api.domain.voting.rules.votes import VoteQuotaRule
from api.domain.voting.rules.window import VotingClosed, VotingNotOpen
from tests.campaigns import CLOSES, DURING, OPENS, SLUG, a_campaign, at, project_ids

CAMPAIGN = a_campaign()
TEN = project_ids(*range(1, 11))
MIDNIGHT = at("2017-03-26 00:00")
EXHAUSTED = QuotaExhausted(1, QuotaPeriod.DAY, MIDNIGHT)
OTHER = "project/shanghai-2015/1"


def judged(ids: tuple[str, ...], now: datetime = DURING, ballots_cast: int | None = 0) -> tuple[Violation, ...]:
    return judge(CastAttempt(Draft(ids), CAMPAIGN, now, ballots_cast))


CHOICES = [
    (TEN, ()),
    (project_ids(*range(50, 40, -1)), ()),
    (project_ids(*range(1, 21)), ()),
    (project_ids(*range(1, 31)), ()),
    ((), (TooFewChoices(10, 0),)),
    (TEN[:9], (TooFewChoices(10, 9),)),
    (project_ids(*range(1, 32)), (TooManyChoices(30, 31),)),
    (project_ids(*range(1, 51)), (TooManyChoices(30, 50),)),
    ((*TEN, TEN[0]), (RepeatedChoices((TEN[0],)),)),
    ((*TEN, TEN[3], TEN[0], TEN[3]), (RepeatedChoices((TEN[0], TEN[3])),)),
    ((*TEN[:9], TEN[0]), (TooFewChoices(10, 9), RepeatedChoices((TEN[0],)))),
    ((*TEN, OTHER), (UnknownProjects((OTHER,)),)),
    ((*TEN, *project_ids(51, 0)), (UnknownProjects(project_ids(51, 0)),)),
    (
        (*TEN, "", "project/", "1", "campaign/shanghai-2017"),
        (UnknownProjects(("", "project/", "1", f"campaign/{SLUG}")),),
    ),
    ((*TEN, f"project/{SLUG}/01"), (UnknownProjects((f"project/{SLUG}/01",)),)),
    ((OTHER, OTHER), (TooFewChoices(10, 1), RepeatedChoices((OTHER,)), UnknownProjects((OTHER,)))),
]


@pytest.mark.parametrize(("ids", "violations"), CHOICES)
def test_choices_are_refused_for_exactly_what_is_wrong_with_them(
    ids: tuple[str, ...], violations: tuple[Violation, ...]
) -> None:
    assert judged(ids) == violations


MOMENTS = [
    ("2017-03-21 23:59:59", (VotingNotOpen(OPENS),)),
    ("2017-03-22 00:00:00", ()),
    ("2017-03-31 11:59:59", ()),
    ("2017-03-31 11:59:59.999999", ()),
    ("2017-03-31 12:00:00", (VotingClosed(CLOSES),)),
    ("2018-03-25 12:00:00", (VotingClosed(CLOSES),)),
]


@pytest.mark.parametrize(("moment", "violations"), MOMENTS)
def test_ballots_are_accepted_from_the_opening_until_just_before_the_close(
    moment: str, violations: tuple[Violation, ...]
) -> None:
    assert judged(TEN, at(moment)) == violations


QUOTAS = [
    ("2017-03-25 09:30", None, ()),
    ("2017-03-25 09:30", 0, ()),
    ("2017-03-25 09:30", 1, (EXHAUSTED,)),
    ("2017-03-25 23:59:59", 1, (EXHAUSTED,)),
    ("2017-03-30 23:59:59", 1, (QuotaExhausted(1, QuotaPeriod.DAY, at("2017-03-31 00:00")),)),
    ("2017-03-31 00:00:00", 1, (QuotaExhausted(1, QuotaPeriod.DAY, None),)),
    ("2017-03-31 12:00:00", 1, (VotingClosed(CLOSES),)),
    ("2017-03-21 12:00:00", 1, (VotingNotOpen(OPENS),)),
]


@pytest.mark.parametrize(("moment", "ballots_cast", "violations"), QUOTAS)
def test_a_spent_quota_is_refused_until_the_next_midnight(
    moment: str, ballots_cast: int | None, violations: tuple[Violation, ...]
) -> None:
    assert judged(TEN, at(moment), ballots_cast) == violations


def test_a_ballot_wrong_in_four_ways_has_four_violations_in_the_order_of_the_rules() -> None:
    violations = judged((TEN[0], TEN[0], OTHER), DURING, ballots_cast=1)
    assert violations == (
        TooFewChoices(10, 2),
        RepeatedChoices((TEN[0],)),
        UnknownProjects((OTHER,)),
        QuotaExhausted(1, QuotaPeriod.DAY, MIDNIGHT),
    )


def test_rules_are_listed_in_the_order_of_their_violations() -> None:
    rules = rules_of(CAMPAIGN)
    own = ["CHOICE_COUNT", "DISTINCT_CHOICES", "ELIGIBLE_PROJECTS", "QUOTA", "VOTING_WINDOW"]
    assert [rule.code for rule in rules] == own
    assert all(rule.description(CAMPAIGN).zh and rule.description(CAMPAIGN).en.endswith(".") for rule in rules)


FURTHER = (
    EligibilityRule((), listed=True),
    VotingHoursRule(time(9), time(22)),
    BudgetRule(Decimal(0)),
    GroupChoiceRule(Grouping.DISTRICT, "310101", 3, 5),
    GroupChoiceRule(Grouping.LEVEL, None, None, 30),
)


@pytest.mark.parametrize("votes", [(), (VoteQuotaRule(10, 1, QuotaPeriod.DAY),)])
def test_further_rules_stand_in_their_places_whatever_the_order_of_the_campaign(votes: tuple[Rule, ...]) -> None:
    codes = [rule.code for rule in rules_of(a_campaign(rules=(*FURTHER, *votes), revision=len(votes)))]
    own = {"VOTE_QUOTA" if votes else "QUOTA", *codes} - {"QUOTA" if votes else "VOTE_QUOTA"}
    assert codes == [code.name for code in RuleCode for _ in range(codes.count(code.name))]
    assert {*codes} == own == {code.name for code in RuleCode} - {"QUOTA" if votes else "VOTE_QUOTA", "IDEMPOTENCY_KEY"}
    assert codes.count("GROUP_CHOICE") == 2


def test_votes_cast_one_by_one_name_one_project_each() -> None:
    campaign = a_campaign(rules=(VoteQuotaRule(10, 1, QuotaPeriod.DAY),))
    assert judge(CastAttempt(Draft(TEN[:1]), campaign, DURING)) == ()
    assert judge(CastAttempt(Draft(TEN[:2]), campaign, DURING)) == (TooManyChoices(1, 2),)
    assert judge(CastAttempt(Draft(()), campaign, DURING)) == (TooFewChoices(1, 0),)


def test_descriptions_name_the_numbers_and_times_of_the_campaign() -> None:
    count, _, _, quota, window = (rule.description(CAMPAIGN) for rule in rules_of(CAMPAIGN))
    assert "10至30" in count.zh
    assert "10 to 30" in count.en
    assert "每天限投1次" in quota.zh
    assert quota.en == "A voter casts at most 1 ballot per voting day."
    assert "2017-03-22 00:00至2017-03-31 12:00（北京时间" in window.zh
    assert "from 2017-03-22 00:00 until just before 2017-03-31 12:00 (Asia/Shanghai)" in window.en


MESSAGES = [
    (TooFewChoices(10, 9), ("10", "9", "1"), ("10", "9", "1 too few")),
    (TooManyChoices(30, 33), ("30", "33", "3"), ("30", "33", "3 too many")),
    (RepeatedChoices(TEN[:2]), TEN[:2], TEN[:2]),
    (UnknownProjects(TEN[:7]), (*TEN[:5], "7个"), (*TEN[:5], "2 more")),
    (
        QuotaExhausted(2, QuotaPeriod.DAY, MIDNIGHT),
        ("每天限投2次", "2017年3月26日00:00（北京时间）"),
        ("already cast 2 ballots, the most per voting day", "2017-03-26 00:00 (Asia/Shanghai)"),
    ),
    (
        QuotaExhausted(1, QuotaPeriod.CAMPAIGN, None),
        ("在本次评选中限投1次", "不能再"),
        ("already cast 1 ballot, the most in this campaign", "no further"),
    ),
    (VotingNotOpen(OPENS), ("2017年3月22日00:00（北京时间）",), ("2017-03-22 00:00 (Asia/Shanghai)",)),
    (VotingClosed(CLOSES), ("2017年3月31日12:00（北京时间）",), ("2017-03-31 12:00 (Asia/Shanghai)",)),
    (IdempotencyKeyReused("ballot/abc"), ("idempotencyKey", "ballot/abc"), ("new key", "ballot/abc")),
]


ONES = [
    (TooFewChoices(1, 0), "Choose at least 1 project; this ballot has 0, 1 too few."),
    (TooManyChoices(1, 2), "Choose at most 1 project; this ballot has 2, 1 too many."),
    (
        UnknownProjects(TEN[:1]),
        f"This id names no project of this campaign: {TEN[0]}. Fetch its projects and use their ids.",
    ),
]


@pytest.mark.parametrize(("violation", "message"), ONES)
def test_one_of_a_thing_is_singular(violation: Violation, message: str) -> None:
    assert violation.message.en == message


@pytest.mark.parametrize(
    ("count", "zh", "en"), [(1, "1个项目", "1 project"), (3, "3个不同的项目", "3 different projects")]
)
def test_a_range_of_one_number_is_that_number(count: int, zh: str, en: str) -> None:
    description = ChoiceCountRule(count, count).description(CAMPAIGN)
    assert description.en == f"A ballot names exactly {en}."
    assert description.zh == f"每张选票须选择{zh}。"


@pytest.mark.parametrize(("violation", "zh", "en"), MESSAGES)
def test_a_message_names_the_limit_and_the_value_in_both_languages(
    violation: Violation, zh: tuple[str, ...], en: tuple[str, ...]
) -> None:
    assert all(part in violation.message.zh for part in zh)
    assert all(part in violation.message.en for part in en)


def test_a_message_shortens_an_endless_id() -> None:
    message = UnknownProjects(("x" * 10_000,)).message
    assert len(message.en) < 250
    assert len(message.zh) < 250


def test_a_violation_belongs_to_the_rule_that_reports_it() -> None:
    attempts = [
        CastAttempt(Draft((TEN[0], TEN[0], OTHER)), CAMPAIGN, now, 1) for now in (OPENS - timedelta(1), DURING, CLOSES)
    ]
    attempts.append(CastAttempt(Draft(project_ids(*range(1, 40))), CAMPAIGN, DURING))
    reported = [
        (rule.code, v.rule) for attempt in attempts for rule in rules_of(CAMPAIGN) for v in rule.violations(attempt)
    ]
    assert {code for code, _ in reported} == {rule.code for rule in rules_of(CAMPAIGN)}
    assert all(code is own for code, own in reported)


def test_a_quota_for_the_whole_campaign_never_returns() -> None:
    campaign = a_campaign(quota=Quota(2, QuotaPeriod.CAMPAIGN))
    assert next_ballot_at(campaign, DURING) is None
    assert judge(CastAttempt(Draft(TEN), campaign, DURING, ballots_cast=1)) == ()
    assert judge(CastAttempt(Draft(TEN), campaign, DURING, ballots_cast=2)) == (
        QuotaExhausted(2, QuotaPeriod.CAMPAIGN, None),
    )


def test_the_rules_follow_the_campaign() -> None:
    campaign = a_campaign(choices=ChoiceRange(1, 2))
    assert judge(CastAttempt(Draft(TEN[:1]), campaign, DURING)) == ()
    assert judge(CastAttempt(Draft(TEN[:3]), campaign, DURING)) == (TooManyChoices(2, 3),)


drafts = st.lists(
    st.sampled_from([*project_ids(*range(1, 51)), *project_ids(0, 51), OTHER, "x"]), max_size=35
) | st.sets(st.sampled_from(project_ids(*range(1, 51))), min_size=8, max_size=32).map(list)
moments = st.datetimes(OPENS.replace(tzinfo=None) - timedelta(1), CLOSES.replace(tzinfo=None) + timedelta(1))


@given(ids=drafts, moment=moments, ballots_cast=st.none() | st.integers(0, 2))
def test_a_ballot_passes_exactly_when_it_meets_the_notice(
    ids: list[str], moment: datetime, ballots_cast: int | None
) -> None:
    now = moment.replace(tzinfo=OPENS.tzinfo)
    candidates = {f"project/{SLUG}/{number}" for number in range(1, 51)}
    meets_the_notice = (
        10 <= len(ids) <= 30
        and len(ids) == len(set(ids))
        and set(ids) <= candidates
        and at("2017-03-22 00:00") <= now < at("2017-03-31 12:00")
        and (ballots_cast is None or ballots_cast < 1)
    )
    assert (judged(tuple(ids), now, ballots_cast) == ()) == meets_the_notice
