"""Are the standings shown to those who may see them, and are ballots looked for only where that makes the difference?"""

from dataclasses import replace

import pytest

from api.domain.campaigns.directory import Directory
from api.domain.campaigns.states import ResultsVisibility
from api.domain.errors import ApiError, ErrorCode
from api.domain.integrity.suspicions import parse_detection_config
from api.domain.people.identity import Voter
from api.domain.voting.ballots import Draft
from api.identity.tokens import SignedTokens
from api.services.audit_trail import AuditRecorder
from api.services.authorization import Viewer
from api.services.casting import BallotCasting
from api.services.snapshots import Snapshot
from api.services.suspicions import SuspicionDetector
from api.services.visibility import VisibleResults
from api.services.voter_ballots import VoterBallots
from tests.campaigns import DURING, a_campaign, project_ids
from tests.memory import MemoryBallots, MemoryElectors, MemorySignals, MemoryTrail

SECRET = b"a secret"
CAMPAIGN = a_campaign(voter_salt="a salt")
TOKEN = SignedTokens([SECRET]).issue(Voter("lin"), "guest", DURING).token
AFTER_CASTING = replace(CAMPAIGN, visibility=ResultsVisibility.AFTER_CASTING)


class World:
    """A viewer with this token, who has cast a ballot or not."""

    def __init__(self, token: str | None) -> None:
        audit = AuditRecorder(MemoryTrail(), SECRET)
        self.box = MemoryBallots()
        detector = SuspicionDetector(MemorySignals(), SECRET, parse_detection_config(""))
        self.casting = BallotCasting(VoterBallots(self.box, SECRET), MemoryElectors(), audit, detector)
        snapshot = Snapshot(Directory({CAMPAIGN.slug: CAMPAIGN}, {}), {}, DURING)
        self.viewer = Viewer(token, SignedTokens([SECRET]), audit, snapshot, DURING)
        self.results = VisibleResults(self.viewer, snapshot, DURING, self.casting)


@pytest.mark.parametrize(
    ("visibility", "visible"), [(ResultsVisibility.LIVE, True), (ResultsVisibility.AFTER_CLOSE, False)]
)
async def test_where_a_ballot_makes_no_difference_nobody_is_asked_for_one(visibility, visible) -> None:
    world, campaign = World(TOKEN), replace(CAMPAIGN, visibility=visibility)
    assert await world.results.are_visible(campaign) is visible
    assert world.results.visible == {campaign.slug: visible}
    assert (world.box.reads, world.viewer.was_asked) == (0, False)


async def test_who_has_cast_sees_the_standings_and_is_looked_up_once() -> None:
    world = World(TOKEN)
    await world.casting.cast(AFTER_CASTING, Voter("lin"), Draft(project_ids(*range(1, 13))), DURING, None)
    for _ in range(3):
        assert (await world.results.standings(AFTER_CASTING)).campaign == AFTER_CASTING
    assert (world.box.reads, world.viewer.was_asked) == (1, True)


@pytest.mark.parametrize("token", [TOKEN, None, "no token of ours"])
async def test_who_has_not_cast_or_is_not_known_does_not_see_them(token: str | None) -> None:
    with pytest.raises(ApiError) as refusal:
        await World(token).results.standings(AFTER_CASTING)
    assert refusal.value.code is ErrorCode.RESULTS_HIDDEN
