"""Is a campaign's voter secret destroyed once its vote is over, never before, and is that put on record once?"""

from datetime import timedelta

import pytest

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.errors import ApiError
from api.domain.voting.channels import Channel
from api.ports.exchange import PaperBatch
from api.services.erasure import BallotsUncountedError, Erasure, VoteNotClosedError, forget
from tests.campaigns import CLOSES, SLUG, a_campaign
from tests.memory import MemoryCampaigns, MemoryPaper, MemorySalts


@pytest.fixture
def campaigns() -> MemoryCampaigns:
    return MemoryCampaigns({SLUG: a_campaign()})


@pytest.fixture
def salts(campaigns: MemoryCampaigns) -> MemorySalts:
    return MemorySalts(campaigns)


async def test_once_the_vote_is_over_the_secret_is_destroyed_and_that_is_recorded(campaigns, salts) -> None:
    assert await forget(campaigns, SLUG, CLOSES) == Erasure(True, "nowhere")
    assert campaigns.campaigns[SLUG].anonymised
    assert salts.recorded == [AuditEvent(CLOSES, TrailKind.CAMPAIGN_FORGOTTEN, SLUG)]


async def test_a_second_time_only_the_leftovers_are_removed(campaigns, salts) -> None:
    await forget(campaigns, SLUG, CLOSES)
    assert await forget(campaigns, SLUG, CLOSES) == Erasure(False, "nowhere")
    assert (len(salts.recorded), salts.scrubbed) == (1, 2)


async def test_while_people_vote_it_is_refused(campaigns, salts) -> None:
    with pytest.raises(VoteNotClosedError, match=r"is voted on until 2017-03-31T12:00:00\+08:00"):
        await forget(campaigns, SLUG, CLOSES - timedelta(seconds=1))
    assert (campaigns.campaigns[SLUG].voter_salt, salts.recorded, salts.scrubbed) == ("salt", [], 0)


async def test_an_unknown_campaign_is_refused(campaigns, salts) -> None:
    with pytest.raises(ApiError, match=SLUG):
        await forget(campaigns, "nowhere", CLOSES)


async def test_while_approved_ballots_are_counted_it_is_refused(campaigns, salts) -> None:
    day = CLOSES.date()
    campaigns.paper = MemoryPaper((PaperBatch(SLUG, "d", "p", day, Channel.PAPER, "j", "b", CLOSES, 3),))
    with pytest.raises(BallotsUncountedError, match="are being counted in shanghai-2017"):
        await forget(campaigns, SLUG, CLOSES)
    assert not campaigns.campaigns[SLUG].anonymised
