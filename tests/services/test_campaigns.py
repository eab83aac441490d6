"""Does loading a campaign change what may change, and nothing that ballots were cast under?"""

from datetime import timedelta

import pytest

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.projects import District
from api.domain.campaigns.states import ResultsVisibility
from api.services.campaigns import CampaignFile, FrozenCampaignError, load
from tests.campaigns import DURING, OPENS, SLUG, a_campaign, both
from tests.memory import MemoryCampaigns

BEFORE = OPENS - timedelta(days=1)
FILE = CampaignFile("spring.toml", "5" * 64)


@pytest.fixture
async def store() -> MemoryCampaigns:
    store = MemoryCampaigns()
    assert await load(store, a_campaign(), a_campaign().districts, FILE, BEFORE)
    return store


async def test_loading_the_same_again_changes_nothing(store) -> None:
    assert not await load(store, a_campaign(), a_campaign().districts, FILE, DURING)
    assert store.campaigns[SLUG].revision == 1


async def test_before_the_vote_anything_may_change_but_the_salt(store) -> None:
    salt = store.campaigns[SLUG].voter_salt
    assert await load(store, a_campaign(choices=ChoiceRange(5, 6)), (), FILE, BEFORE)
    assert store.campaigns[SLUG].choices == ChoiceRange(5, 6)
    assert store.campaigns[SLUG].voter_salt == salt


async def test_during_the_vote_texts_may_change(store) -> None:
    assert await load(store, a_campaign(title=both("新标题", "A new title")), (), FILE, DURING)
    assert await load(store, a_campaign(), [District("310101", both("黄浦", "Huangpu"))], FILE, DURING)


async def test_during_the_vote_what_ballots_were_cast_under_may_not(store) -> None:
    changed = a_campaign(choices=ChoiceRange(5, 30), visibility=ResultsVisibility.AFTER_CLOSE)
    with pytest.raises(FrozenCampaignError) as caught:
        await load(store, changed, (), FILE, DURING)
    assert caught.value.names == ("choices", "visibility")
    assert store.campaigns[SLUG].choices == ChoiceRange(10, 30)


async def test_a_stored_ballot_freezes_the_rules_whatever_the_clock_says(store) -> None:
    store.voted.add(SLUG)
    with pytest.raises(
        FrozenCampaignError, match=r"shanghai-2017: ballots have been cast, .*: choices \(10 to 30 would become"
    ):
        await load(store, a_campaign(choices=ChoiceRange(5, 30)), (), FILE, BEFORE)
    assert await load(store, a_campaign(title=both("新标题", "A new title")), (), FILE, BEFORE)


async def test_what_was_loaded_is_put_on_record_and_what_was_not_is_not(store) -> None:
    await load(store, a_campaign(), (), FILE, DURING)
    with pytest.raises(FrozenCampaignError):
        await load(store, a_campaign(choices=ChoiceRange(5, 30)), (), FILE, DURING)
    details = {"file": "spring.toml", "sha256": "5" * 64}
    assert store.recorded == [AuditEvent(BEFORE, TrailKind.CAMPAIGN_LOADED, SLUG, details=details)]
