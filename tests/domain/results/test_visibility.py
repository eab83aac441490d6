"""May the standings be seen by this viewer at this moment, and if not, from when?"""

from datetime import UTC, datetime

import pytest

from api.domain.campaigns.campaign import CampaignPhase, ResultsVisibility
from api.domain.errors import ErrorCode
from api.domain.results.visibility import results_hidden, results_visible, visible_from
from tests.campaigns import CLOSES, DURING, OPENS, a_campaign, at

PUBLISHED = at("2017-05-01 10:00")
MOMENTS = {
    CampaignPhase.UPCOMING: at("2017-03-01 00:00"),
    CampaignPhase.VOTING: DURING,
    CampaignPhase.CLOSED: CLOSES,
    CampaignPhase.PUBLISHED: PUBLISHED,
}
NOBODY, CASTERS, EVERYBODY = (False, False), (False, True), (True, True)  # without a ballot, with one
POLICIES = {
    ResultsVisibility.LIVE: (EVERYBODY, EVERYBODY, EVERYBODY, EVERYBODY),
    ResultsVisibility.AFTER_CASTING: (CASTERS, CASTERS, EVERYBODY, EVERYBODY),
    ResultsVisibility.AFTER_CLOSE: (NOBODY, NOBODY, EVERYBODY, EVERYBODY),
    ResultsVisibility.AFTER_PUBLICATION: (NOBODY, NOBODY, NOBODY, EVERYBODY),
}
TABLE = [
    (policy, phase, has_cast, row[place][has_cast])
    for policy, row in POLICIES.items()
    for place, phase in enumerate(MOMENTS)
    for has_cast in (False, True)
]


@pytest.mark.parametrize(("policy", "phase", "has_cast", "visible"), TABLE)
def test_the_policy_decides_who_sees_the_standings_in_each_phase(
    policy: ResultsVisibility, phase: CampaignPhase, has_cast: bool, visible: bool
) -> None:
    campaign = a_campaign(visibility=policy, published_at=PUBLISHED)
    assert campaign.phase(MOMENTS[phase]) is phase
    assert results_visible(campaign, MOMENTS[phase], has_cast=has_cast) is visible


def test_a_table_of_every_policy_and_phase() -> None:
    assert len(TABLE) == len(ResultsVisibility) * len(CampaignPhase) * 2


LIFTS = [
    (ResultsVisibility.AFTER_CASTING, None, CLOSES),
    (ResultsVisibility.AFTER_CLOSE, PUBLISHED, CLOSES),
    (ResultsVisibility.AFTER_PUBLICATION, None, None),
    (ResultsVisibility.AFTER_PUBLICATION, PUBLISHED, PUBLISHED),
    (ResultsVisibility.AFTER_PUBLICATION, OPENS, CLOSES),
]


@pytest.mark.parametrize(("policy", "published_at", "lifts"), LIFTS)
def test_a_refusal_says_from_when_everybody_may_see(
    policy: ResultsVisibility, published_at: datetime | None, lifts: datetime | None
) -> None:
    campaign = a_campaign(visibility=policy, published_at=published_at)
    fault = results_hidden(campaign)
    assert visible_from(campaign) == lifts
    assert fault.code is ErrorCode.RESULTS_HIDDEN
    assert fault.details == {"visibleFrom": lifts.isoformat() if lifts else None, "visibility": policy.name}
    assert ("(Asia/Shanghai)" in fault.message.en) == (lifts is not None)
    if lifts:
        assert results_visible(campaign, lifts, has_cast=False)


def test_the_moment_is_told_in_the_campaigns_zone() -> None:
    campaign = a_campaign(visibility=ResultsVisibility.AFTER_PUBLICATION, published_at=PUBLISHED.astimezone(UTC))
    lifts = visible_from(campaign)
    assert lifts is not None
    assert lifts.isoformat() == "2017-05-01T10:00:00+08:00"
    message = results_hidden(campaign).message
    assert "2017年5月1日10:00（北京时间）" in message.zh
    assert "2017-05-01 10:00 (Asia/Shanghai)" in message.en
