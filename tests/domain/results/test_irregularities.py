"""Is every stored ballot that the rules forbid, and every vote for what does not stand, told with its day?"""

from datetime import date, timedelta

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.parts import ChoiceRange
from api.domain.results.irregularities import DailyBallots, Irregularity, irregularities, voting_days
from api.domain.results.tallies import NOTHING, Counts
from tests.campaigns import CLOSES, DAYS, OPENS, a_campaign, a_project, at

TEN = DailyBallots(3, dict.fromkeys(range(1, 11), 3), {10: 3})
DAY = DAYS[0]


def test_ballots_within_the_rules_are_not_told() -> None:
    assert irregularities(a_campaign(), {DAY: TEN}, {}, Counts({DAY: 3}, {DAY: dict.fromkeys(range(1, 11), 3)})) == ()
    assert irregularities(a_campaign(), {}, {}, NOTHING) == ()


def test_votes_for_what_does_not_stand_are_told_whoever_has_them() -> None:
    smaller = a_campaign(projects=tuple(a_project(number) for number in range(1, 51) if number != 5))
    assert irregularities(smaller, {DAY: TEN}, {}, Counts({}, {DAYS[1]: {5: 2, 60: 0, 99: 1}})) == (
        Irregularity(DAY, "no project has position 5, but 3 ballots name it and the tallies give it 0 votes"),
        Irregularity(DAYS[1], "no project has position 5, but 0 ballots name it and the tallies give it 2 votes"),
        Irregularity(DAYS[1], "no project has position 99, but 0 ballots name it and the tallies give it 1 votes"),
    )


def test_ballots_of_a_wrong_size_or_time_are_told() -> None:
    campaign, other_day = a_campaign(choices=ChoiceRange(11, 30)), date(2018, 1, 1)
    assert irregularities(campaign, {DAY: TEN}, {DAY: 2, other_day: 7}, NOTHING) == (
        Irregularity(DAY, "ballots that name 10 projects, where 11 to 30 are allowed: 3"),
        Irregularity(DAY, "ballots cast before 2017-03-21T16:00:00+00:00 or not before 2017-03-22T16:00:00+00:00: 2"),
        Irregularity(other_day, "no voting day, but the ballots of this day are 7"),
    )


def test_the_window_cuts_the_first_and_the_last_day_short() -> None:
    campaign = a_campaign(window=Window(OPENS + timedelta(hours=9), CLOSES))
    days = voting_days(campaign)
    assert tuple(days) == DAYS
    assert days[DAYS[0]] == (at("2017-03-22 09:00"), at("2017-03-23 00:00"))
    assert days[DAYS[-1]] == (at("2017-03-31 00:00"), CLOSES)
    one_day = a_campaign(window=Window(OPENS + timedelta(hours=9), OPENS + timedelta(hours=10)))
    assert list(voting_days(one_day).values()) == [(at("2017-03-22 09:00"), at("2017-03-22 10:00"))]
