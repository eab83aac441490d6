"""May projects go only as long as people can still vote?"""

from dataclasses import replace

import pytest

from api.domain.campaigns.acts import Removal, archived, removed
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.parts import Announcement, ChoiceRange
from api.domain.campaigns.problems import ActFailed, ProblemCode
from api.domain.campaigns.projects import Replacement, Standing
from api.domain.voting.rules.groups import GroupChoiceRule
from tests.campaigns import CLOSES, DURING, a_campaign, both

REMOVAL = Removal(Standing.WITHDRAWN, Replacement.REFILL)
REASON = both("撤回", "Withdrawn")
FIRST_TWELVE = a_campaign().projects[:12]


def without(campaign: Campaign, *numbers: int, closed: bool = False) -> Campaign:
    for number in numbers:
        now = CLOSES if closed else DURING
        campaign = removed(campaign, now, REASON, campaign.by_number[number], REMOVAL)
    return campaign


def refusal(campaign: Campaign, *numbers: int) -> str:
    with pytest.raises(ActFailed) as refused:
        without(campaign, *numbers)
    [problem] = refused.value.problems
    assert (problem.code, problem.path) == (ProblemCode.TOO_FEW_STANDING, ("project",))
    return problem.message.en


def test_as_many_projects_stand_as_a_ballot_names_at_least() -> None:
    campaign = a_campaign(projects=FIRST_TWELVE, choices=ChoiceRange(10, 12))
    ten = without(campaign, 1, 2)
    assert "9 would still stand, and a ballot names 10 at least" in refusal(ten, 3)
    assert len(without(ten, 3, closed=True).standing_ids) == 9, "nobody votes any more"


@pytest.mark.parametrize("group", [None, "310101"])
def test_and_as_many_of_each_group(group: str | None) -> None:
    rule = GroupChoiceRule(Grouping.DISTRICT, group, 14, None)
    campaign = without(a_campaign(rules=(rule,)), 21)
    assert "13 of “Huangpu District” would still stand" in refusal(campaign, 22)
    assert without(replace(campaign, rules=(replace(rule, minimum=None, maximum=20),)), 22)
    assert without(campaign, 1, 2, 3)


def test_after_an_announcement_a_project_may_still_go_because_a_correction_says_what_that_changes() -> None:
    published = a_campaign(published_at=CLOSES)
    with pytest.raises(ActFailed) as refused:
        without(published, 1, closed=True)
    assert refused.value.problems[0].code is ProblemCode.WRONG_PHASE
    for confirmed_at in (None, CLOSES):
        announcement = Announcement("FINALIST", CLOSES, CLOSES, confirmed_at)
        corrected = replace(published, announcements=(announcement,))
        assert len(without(corrected, 1, closed=True).standing_ids) == 49
        if confirmed_at is None:
            with pytest.raises(ActFailed, match="ANNOUNCED"):
                archived(corrected, CLOSES)
    assert archived(corrected, CLOSES)
