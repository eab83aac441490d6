"""How do tests have stages decided? By the services on a real database, with a clock that they set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Award
from api.domain.campaigns.problems import ActFailed
from api.domain.campaigns.stages import Stage, TieStep
from api.domain.selection.organizer_inputs import Sent
from api.domain.selection.terms import StageKind
from api.formats.campaign.inputs import CampaignTrees
from api.services.audit_trail import AuditRecorder
from api.services.expert_balloting import ExpertBalloting
from api.services.publication import Publishing
from api.services.selection import Selecting
from api.services.snapshots import Snapshots
from api.services.stage_acts import StageAct
from api.storage.audit_trail import SqlAuditTrail
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.database.migrator import migrate
from api.storage.roles import SqlAccessStore
from api.storage.tallies import SqlTallies
from tests.campaigns import CLOSES, LOADED, SLUG, a_campaign, both
from tests.contracts.test_ballot_box import admission

AFTER = CLOSES + timedelta(hours=1)
UNTIL = AFTER + timedelta(days=7)
ORGANIZER = "a" * 26
SEED = "0x5eed"
THREE, ONE = "THREE", "ONE"
BALLOT_OPENS, BALLOT_CLOSES = AFTER + timedelta(days=1), AFTER + timedelta(days=2)


def a_stage(code: str, seats: int, kind: StageKind = StageKind.PUBLIC_VOTE, **changes: Any) -> Stage:
    return Stage(code, both(f"阶段{code}", f"Stage {code}"), seats, decided=False, kind=kind, **changes)


def selected_campaign(**changes: Any) -> Campaign:
    """Ten candidates, of whom the public chooses three, and of these one, which wins."""
    values = {
        "projects": a_campaign().projects[:10],
        "stages": (a_stage(THREE, 3, ties=(TieStep.RECORDED_DECISION,)), a_stage(ONE, 1, ties=(TieStep.LOT,))),
        "awards": (Award("BEST", both("最佳", "Best"), 1),),
        **changes,
    }
    return a_campaign(**values)


@dataclass
class Selector:
    """The services on a database. now: what time it is for them."""

    database: Database
    now: datetime = AFTER

    def __post_init__(self) -> None:
        audit = AuditRecorder(SqlAuditTrail(self.database, self.clock), b"a secret")
        campaigns = SqlCampaigns(self.database)
        snapshots = Snapshots(campaigns, SqlTallies(self.database), SqlAccessStore(self.database))
        acts = (campaigns, CampaignTrees(), audit, snapshots, self.clock, lambda: "salt")
        self.selecting, self.publishing = Selecting(*acts), Publishing(*acts)
        self.balloting = ExpertBalloting(*acts)

    def clock(self) -> datetime:
        return self.now

    async def campaign(self) -> Campaign:
        found = await SqlCampaigns(self.database).campaign(SLUG)
        assert found is not None
        return found

    async def digest(self, stage: str = THREE, **sent: Any) -> str:
        """The digest of a plan."""
        return (await self.selecting.plan(StageAct(SLUG, stage, ORGANIZER), Sent(**sent))).decided.digest

    async def commit(self, stage: str = THREE, **sent: Any) -> None:
        digest = await self.digest(stage, **sent)
        await self.selecting.commit(StageAct(SLUG, stage, ORGANIZER), digest, Sent(**sent))

    async def announce(self, stage: str = THREE, until: datetime = UNTIL) -> None:
        await self.publishing.announce(StageAct(SLUG, stage, ORGANIZER), until)

    async def kinds(self) -> list[str]:
        """What the trail has recorded, the earliest first."""
        return [row["kind"] for row in await self.database.rows("select kind from trail order by number")]


async def prepared(database: Database, campaign: Campaign, votes: Mapping[int, int], **changes: Any) -> Selector:
    """Store a campaign in which each project, by position, has so many votes, each on a ballot of its own."""
    await migrate(database)
    await SqlCampaigns(database).save(campaign, campaign.districts, LOADED)
    box, number = SqlBallotBox(database), 0
    for position, count in votes.items():
        for _ in range(count):
            number += 1
            assert await box.admit(admission(number, positions=frozenset({position}), **changes))
    return Selector(database)


def problems(refusal: ActFailed) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.code.name, each.path) for each in refusal.problems]


async def join(database: Database, *viewers: str) -> None:
    """Have viewers be experts of the campaign, numbered from 1 on."""
    for number, viewer in enumerate(viewers, 1):
        await database.rows(
            "insert into experts (campaign_id, number, name, viewer, invited_at, expires_at, accepted_at) "
            "values ($1, $2, $3, $4, $5, $5, $5)",
            *(SLUG, number, f"Expert {number}", viewer, AFTER),
        )
