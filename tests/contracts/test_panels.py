"""Are a panel, its reviews and their history stored whole or not at all, on both databases?"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from api.domain.audit_trail import TrailFilter, TrailKind
from api.domain.campaigns.parts import Criterion
from api.domain.campaigns.problems import ActFailed, ProblemCode
from api.domain.people.identity import Role, Voter
from api.domain.review.aggregation import Scored
from api.domain.review.invitations import Invitation
from api.domain.review.terms import ExpertState, PanelTerms, ReviewState
from api.domain.texts import localized
from api.services.audit_trail import AuditRecorder
from api.services.invitations import Invitations
from api.services.panel_management import AssignmentWish, PanelManagement
from api.services.reviewing import ReviewDraft, Reviewing, ReviewKey
from api.storage.audit_trail import SqlAuditTrail
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.experts import dropped_experts, experts
from api.storage.reviews import SqlPanels, reviews, scored_reviews
from api.storage.roles import SqlAccessStore
from tests.campaigns import LOADED, SLUG, a_campaign, a_project, both

OPENS, CLOSES = datetime(2017, 3, 25, tzinfo=UTC), datetime(2017, 4, 5, tzinfo=UTC)
RUBRIC = (
    Criterion("CRAFT", both("技艺", "Craft"), maximum=Decimal(100), weight=Decimal("0.6")),
    Criterion("IDEA", both("创意", "Idea"), maximum=Decimal(10), step=Decimal("0.5")),
)
SCORES = [("IDEA", Decimal("9.50")), ("CRAFT", Decimal(80))]
LU, XU = Voter("l" * 26), Voter("x" * 26, claims={"employee": ("7", "8")})
ORGANIZER = "o" * 26
WHY = {"zh": "因故退出"}


@dataclass
class Stored:
    """The services on one database, at a time that tests set."""

    database: Database
    now: datetime

    def __post_init__(self) -> None:
        audit = AuditRecorder(SqlAuditTrail(self.database, self.clock), b"a secret")
        self.panels, codes = SqlPanels(self.database), iter(range(1000))
        parts = (self.panels, audit, self.clock, lambda: f"code {next(codes)}")
        self.invitations, self.management = Invitations(*parts), PanelManagement(*parts)
        self.reviewing = Reviewing(*parts)

    def clock(self) -> datetime:
        return self.now

    async def kinds(self) -> list[TrailKind]:
        events = await SqlAuditTrail(self.database, self.clock).events(TrailFilter(campaign=SLUG), 100)
        return [each.event.kind for each in reversed(events)]


@pytest.fixture
async def stored(database: Database) -> Stored:
    projects = tuple(a_project(number) for number in range(1, 4))
    campaign = a_campaign(projects=projects, criteria=RUBRIC, panel=PanelTerms(OPENS, CLOSES, quorum=2))
    await SqlCampaigns(database).save(campaign, campaign.districts, LOADED)
    return Stored(database, OPENS - timedelta(days=1))


async def joined(stored: Stored) -> None:
    """Lu accepts by a code, Xu by a claim; Lu must not review number 3."""
    invited = [Invitation("Lu", "A bureau", conflicts=(3, 3)), Invitation("Xu", claim=("employee", "8"))]
    lu, xu = await stored.invitations.invite(SLUG, ORGANIZER, invited, dry_run=False)
    assert (lu.code, lu.conflicts, xu.code) == ("code 0", (3,), None)
    await stored.invitations.accept_code(LU, "CODE-0")
    await stored.invitations.accept_claim(XU, SLUG)
    stored.now = OPENS


async def test_experts_and_their_reviews_come_back_as_they_were_stored(stored: Stored) -> None:
    await joined(stored)
    found = await experts(stored.database, SLUG)
    assert [(each.number, each.name, each.viewer, each.claim, each.state) for each in found] == [
        (1, "Lu", LU.pseudonym, None, ExpertState.ACCEPTED),
        (2, "Xu", XU.pseudonym, ("employee", "8"), ExpertState.ACCEPTED),
    ]
    assert (found[0].organization, found[0].invited_at, found[0].accepted_at) == (
        "A bureau",
        OPENS - timedelta(days=1),
        OPENS - timedelta(days=1),
    )
    access = await SqlAccessStore(stored.database).access()
    assert access.roles_in(LU, SLUG) == (Role.VOTER, Role.EXPERT)
    assert access.roles_in(LU, "elsewhere") == (Role.VOTER,)
    key = ReviewKey(SLUG, 1)
    assert await stored.reviewing.save(LU.pseudonym, key, ReviewDraft(SCORES, "Two\nlines")) == 1
    await stored.reviewing.submit(LU.pseudonym, ReviewKey(SLUG, 1, expected=1))
    await stored.reviewing.abstain(XU.pseudonym, key, "Not my field")
    exact = {"CRAFT": Decimal(80), "IDEA": Decimal("9.5")}
    assert [(r.pair, r.state, r.scores, r.comment, r.reason) for r in await reviews(stored.database, SLUG)] == [
        ((1, 1), ReviewState.SUBMITTED, exact, "Two\nlines", None),
        ((1, 3), ReviewState.RECUSED, {}, None, None),
        ((2, 1), ReviewState.ABSTAINED, {}, None, "Not my field"),
    ]
    assert await scored_reviews(stored.database, SLUG) == (Scored(1, 1, exact),)
    history = await stored.panels.history(SLUG, 1)
    assert [(each.project, each.revision, each.state) for each in history] == [
        (3, 1, ReviewState.RECUSED),
        (1, 1, ReviewState.DRAFT),
        (1, 2, ReviewState.SUBMITTED),
    ]
    assert len(await stored.panels.history(SLUG)) == 4
    assert await stored.panels.campaigns_of(LU.pseudonym) == (SLUG,)
    assert (await stored.kinds())[1:] == [
        TrailKind.EXPERTS_INVITED,
        TrailKind.INVITATION_ACCEPTED,
        TrailKind.INVITATION_ACCEPTED,
        TrailKind.REVIEW_SUBMITTED,
        TrailKind.REVIEW_ABSTAINED,
    ]


async def test_who_has_no_claim_to_an_invitation_makes_nobody_wait(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stored.invitations.invite(SLUG, ORGANIZER, [Invitation("Xu", claim=("employee", "8"))], dry_run=False)
    monkeypatch.setattr(SqlPanels, "locked", None)
    with pytest.raises(ActFailed) as refusal:
        await stored.invitations.accept_claim(LU, SLUG)
    assert [problem.code for problem in refusal.value.problems] == [ProblemCode.INVALID_INVITATION]


async def test_a_dropped_expert_s_reviews_are_void_and_the_role_is_gone(stored: Stored) -> None:
    await joined(stored)
    await stored.reviewing.save(LU.pseudonym, ReviewKey(SLUG, 1), ReviewDraft(SCORES))
    await stored.reviewing.submit(LU.pseudonym, ReviewKey(SLUG, 1))
    await stored.management.drop(SLUG, ORGANIZER, 1, WHY)
    assert {each.state for each in await reviews(stored.database, SLUG)} == {ReviewState.VOIDED}
    assert (await scored_reviews(stored.database, SLUG), await dropped_experts(stored.database, SLUG)) == ((), 1)
    assert (await SqlAccessStore(stored.database).access()).roles_in(LU, SLUG) == (Role.VOTER,)
    [lu, _] = await experts(stored.database, SLUG)
    assert lu.dropped_reason == localized(WHY)
    with pytest.raises(ActFailed) as refusal:
        await stored.reviewing.save(LU.pseudonym, ReviewKey(SLUG, 1), ReviewDraft(SCORES))
    assert [problem.code for problem in refusal.value.problems] == [ProblemCode.NOT_ON_PANEL]


async def test_assigning_anew_replaces_what_was_not_begun(stored: Stored) -> None:
    await joined(stored)
    both_review = AssignmentWish(per_project=1, most_per_expert=2, seed="s")
    first = await stored.management.assign(SLUG, ORGANIZER, both_review)
    begun = first[1][0]
    await stored.reviewing.save(LU.pseudonym, ReviewKey(SLUG, begun), ReviewDraft(SCORES))
    for seed in "abc":
        assigned = await stored.management.assign(SLUG, ORGANIZER, AssignmentWish(1, 3, seed))
        panel = await stored.panels.panel(a_campaign())
        assert panel is not None
        rows = {each.pair: each for each in panel.reviews if each.assigned}
        assert rows.keys() == {(e, p) for e, projects in assigned.items() for p in projects}
        assert (rows[1, begun].state, rows[1, begun].revision) == (ReviewState.DRAFT, 1)


async def test_the_database_itself_keeps_the_history(stored: Stored) -> None:
    await joined(stored)
    for sql in ("update review_revisions set comment = 'other'", "delete from review_revisions"):
        with pytest.raises(Exception, match="never changed"):
            await stored.database.rows(sql)
    assert len(await stored.panels.history(SLUG)) == 1


async def test_what_is_refused_leaves_nothing_behind(stored: Stored) -> None:
    await joined(stored)
    before = (await reviews(stored.database, SLUG), await stored.panels.history(SLUG), await stored.kinds())
    draft, key = ReviewDraft(SCORES), ReviewKey(SLUG, 3)
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: stored.reviewing.save(LU.pseudonym, key, draft),
        lambda: stored.reviewing.submit(XU.pseudonym, key),
        lambda: stored.reviewing.abstain(XU.pseudonym, key, " "),
        lambda: stored.management.drop(SLUG, ORGANIZER, 1, {}),
        lambda: stored.management.extend(SLUG, ORGANIZER, CLOSES, WHY),
        lambda: stored.management.assign(SLUG, ORGANIZER, AssignmentWish(3, 3, "s")),
        lambda: stored.management.declare_conflict(SLUG, ORGANIZER, (1, 3), "again"),
        lambda: stored.invitations.invite(SLUG, ORGANIZER, [Invitation("Wu"), Invitation("")], dry_run=False),
    ]
    for attempt in attempts:
        with pytest.raises(ActFailed):
            await attempt()
    after = (await reviews(stored.database, SLUG), await stored.panels.history(SLUG), await stored.kinds())
    assert after == before
    assert len(await experts(stored.database, SLUG)) == 2


async def test_a_panel_of_one_expert_is_read_without_the_others(stored: Stored) -> None:
    await joined(stored)
    await stored.reviewing.save(LU.pseudonym, ReviewKey(SLUG, 1), ReviewDraft(SCORES))
    own = await stored.panels.panel(a_campaign(), XU.pseudonym)
    assert own is not None
    assert ([each.number for each in own.experts], own.reviews) == ([2], ())


async def test_of_many_saves_of_one_revision_one_is_stored(stored: Stored) -> None:
    await joined(stored)

    async def save(craft: int) -> None:
        draft = ReviewDraft([("CRAFT", Decimal(craft))])
        await stored.reviewing.save(LU.pseudonym, ReviewKey(SLUG, 1, expected=0), draft)

    tasks = [Context().run(asyncio.create_task, save(craft)) for craft in range(8)]
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in outcomes if each is not None] == [ActFailed] * 7
    assert len(await stored.panels.history(SLUG, 1)) == 2
