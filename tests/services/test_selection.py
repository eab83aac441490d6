"""Is a stage decided by what is stored, once, whole, and only while nothing stands in the way?"""

import asyncio
import json
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ActFailed
from api.domain.campaigns.projects import Outcome, Replacement, Standing
from api.domain.campaigns.stages import TieStep
from api.domain.campaigns.states import CampaignPhase
from api.domain.integrity.rulings import RulingKind
from api.domain.review.terms import Aggregation, AggregationMethod, PanelTerms
from api.domain.selection.decided import Decided, decide
from api.domain.selection.lot import seed_digest
from api.domain.selection.organizer_inputs import Sent, SentStageDecision, SentTieDecision
from api.domain.selection.record import Record
from api.domain.selection.terms import StageKind
from api.services.stage_acts import StageAct
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.moderation import SqlRulings
from tests.campaigns import CLOSES, LOADED, SLUG, project_ids
from tests.contracts.test_ballot_box import key
from tests.contracts.test_moderation import ruling
from tests.selecting import (
    AFTER,
    ONE,
    ORGANIZER,
    SEED,
    THREE,
    UNTIL,
    a_stage,
    prepared,
    problems,
    selected_campaign,
)

VOTES = {1: 5, 2: 4, 3: 3, 4: 3, 5: 1}  # two are equal at the cut line of three
REASON = {"zh": "经评审会讨论决定", "en": "As the board has decided"}
FOUR_FIRST = SentTieDecision(TieStep.RECORDED_DECISION, project_ids(4, 3), (), REASON)
CORRECTION = {"zh": "更正", "en": "A correction"}


async def refusal(doing: Any) -> list[tuple[str, tuple[str, ...]]]:
    with pytest.raises(ActFailed) as failed:
        await doing
    return problems(failed.value)


def act(stage: str = THREE, expected: int | None = None) -> StageAct:
    return StageAct(SLUG, stage, ORGANIZER, expected)


def outcomes(campaign: Campaign) -> dict[str, list[int]]:
    return {
        outcome.name: [each.number for each in campaign.projects if each.outcome is outcome]
        for outcome in Outcome
        if any(each.outcome is outcome for each in campaign.projects)
    }


async def test_a_plan_writes_nothing_and_says_what_is_open(database: Database) -> None:
    selector = await prepared(database, selected_campaign(), VOTES)
    before = await selector.campaign()
    plan = await selector.selecting.plan(act(), Sent())
    assert [(row.number, row.rank, row.selected) for row in plan.decided.outcome.rows][:5] == [
        (1, 1, True),
        (2, 2, True),
        (3, 3, False),
        (4, 3, False),
        (5, 5, False),
    ]
    (tie,) = plan.decided.outcome.ties
    assert (tie.equal, tie.missing, plan.decided.outcome.unresolved) == ({3, 4}, TieStep.RECORDED_DECISION, True)
    assert await selector.selecting.plan(act(), Sent()) == plan
    assert await selector.campaign() == before
    assert await selector.kinds() == ["CAMPAIGN_LOADED"]
    assert await refusal(selector.commit()) == [("TIE_UNRESOLVED", ("decisions",))]


async def test_a_chain_of_two_stages_from_the_vote_to_the_winner(database: Database) -> None:
    campaign = selected_campaign(lot_digest=seed_digest(SEED))
    selector = await prepared(database, campaign, {**VOTES, 1: 4})
    await selector.commit(decisions=[FOUR_FIRST])
    committed = await selector.campaign()
    assert (outcomes(committed), committed.announcements) == ({"CANDIDATE": [*range(1, 11)]}, ()), "nothing shows yet"
    assert await refusal(selector.digest(ONE)) == [("EARLIER_STAGE", ("stage",))]

    await selector.announce()
    announced = await selector.campaign()
    assert outcomes(announced) == {"FINALIST": [1, 2, 4], "NOT_SELECTED": [3, 5, 6, 7, 8, 9, 10]}
    assert (announced.published_at, announced.phase(AFTER)) == (AFTER, CampaignPhase.ANNOUNCED)
    assert [(stage.decided, stage.decided_at) for stage in announced.stages] == [(True, AFTER), (False, None)]
    assert announced.published(AFTER - timedelta(seconds=1)).selections == ()

    selector.now = AFTER + timedelta(days=1)
    assert await refusal(selector.commit(ONE)) == [("TIE_UNRESOLVED", ("decisions",))]
    await selector.commit(ONE, seed=SEED)
    assert await refusal(selector.digest(decisions=[FOUR_FIRST])) == [("LATER_STAGE", ("stage",))]
    await selector.announce(ONE)
    ended = await selector.campaign()
    (winner,) = [each for each in ended.projects if each.outcome is Outcome.WINNER]
    assert winner.number in {1, 2}
    assert winner.award == "BEST"
    assert [row.number for row in ended.selections[1].current.outcome.rows if row.rank == 1] == [1, 2]
    assert "FINALIST" not in outcomes(ended)

    assert await refusal(selector.publishing.confirm(act(ONE))) == [
        ("TOO_EARLY", ("stage",)),
        ("EARLIER_STAGE", ("stage",)),
    ]
    selector.now = UNTIL
    await selector.publishing.confirm(act())
    assert (await selector.campaign()).phase(UNTIL) is CampaignPhase.ANNOUNCED
    await selector.publishing.confirm(act(ONE))
    assert (await selector.campaign()).phase(UNTIL) is CampaignPhase.PUBLISHED
    assert await refusal(selector.publishing.confirm(act(ONE))) == [("NO_CHANGE", ("stage",))]
    once = ["SELECTION_COMMITTED", "SELECTION_ANNOUNCED"]
    assert await selector.kinds() == ["CAMPAIGN_LOADED", *once, *once, "SELECTION_CONFIRMED", "SELECTION_CONFIRMED"]


async def test_a_correction_is_an_annex_and_nothing_is_overwritten(database: Database) -> None:
    selector = await prepared(database, selected_campaign(), VOTES)
    assert await refusal(selector.selecting.correct(act(), "0" * 64, Sent(), CORRECTION)) == [
        ("WRONG_STATE", ("stage",))
    ]
    await selector.commit(decisions=[FOUR_FIRST])
    await selector.announce()
    selector.now = AFTER + timedelta(days=1)
    same = await selector.digest(decisions=[FOUR_FIRST])
    sent = Sent(decisions=[FOUR_FIRST])
    assert await refusal(selector.selecting.correct(act(), same, sent, CORRECTION)) == [("NO_CHANGE", ("digest",))]
    assert await refusal(selector.selecting.commit(act(), same, sent)) == [("WRONG_STATE", ("stage",))]

    await SqlRulings(database).rule(SLUG, [key(10), key(11)], ruling(RulingKind.VOID))  # of number 3, which had three
    plan = await selector.selecting.plan(act(), Sent())
    assert [change.number for change in plan.changes] == [3, 5], "3 is behind 4 now, and equal with 5"
    assert await refusal(selector.selecting.correct(act(), same, sent, CORRECTION)) == [("STALE_PLAN", ("digest",))]
    assert await refusal(selector.selecting.correct(act(), plan.decided.digest, Sent(), {"en": ""})) == [
        ("INVALID_INPUT", ("reason",))
    ]
    await selector.selecting.correct(act(), plan.decided.digest, Sent(), CORRECTION)
    (selection,) = (await selector.campaign()).selections
    (annex,) = selection.annexes
    assert (annex.before.digest, annex.version.digest) == (same, plan.decided.digest)
    assert annex.changes == plan.changes
    assert [each.version for each in selection.versions] == [1, 2]
    assert len(await database.rows("select 1 from selections")) == 2


async def test_only_what_was_committed_last_is_announced_and_only_while_it_holds(database: Database) -> None:
    selector = await prepared(database, selected_campaign(), VOTES)
    assert await refusal(selector.announce()) == [("WRONG_STATE", ("stage",))]
    three_first = replace(FOUR_FIRST, order=project_ids(3, 4))
    await selector.commit(decisions=[three_first])
    assert await refusal(selector.commit(decisions=[three_first])) == [("NO_CHANGE", ("digest",))]
    await selector.commit(decisions=[FOUR_FIRST])
    assert await refusal(selector.announce(until=AFTER)) == [("INVALID_INPUT", ("objectionsUntil",))]
    await SqlRulings(database).rule(SLUG, [key(1)], ruling(RulingKind.HOLD))
    assert await refusal(selector.announce()) == [("BALLOTS_HELD", ("stage",))]
    await SqlRulings(database).rule(SLUG, [key(1)], ruling(RulingKind.VOID))
    assert await refusal(selector.announce()) == [("STALE_PLAN", ("stage",))], "it takes no digest"
    await selector.commit(decisions=[FOUR_FIRST])
    await selector.announce()
    assert await refusal(selector.announce()) == [("WRONG_STATE", ("stage",))]
    (selection,) = (await selector.campaign()).selections
    assert [each.version for each in selection.versions] == [3], "what was never announced is no correction"
    assert outcomes(await selector.campaign())["FINALIST"] == [1, 2, 4]


async def test_of_two_organizers_at_once_one_commits(database: Database) -> None:
    selector = await prepared(database, selected_campaign(), VOTES)
    digest, sent = await selector.digest(decisions=[FOUR_FIRST]), Sent(decisions=[FOUR_FIRST])
    revision = (await selector.campaign()).revision
    answers = await asyncio.gather(
        *(selector.selecting.commit(act(expected=each), digest, sent) for each in (revision, None, None, None)),
        return_exceptions=True,
    )
    refused = [problems(each)[0][0] for each in answers if isinstance(each, ActFailed)]
    assert len(refused) == 3
    assert {*refused} <= {"NO_CHANGE", "STALE_REVISION"}
    assert len(await database.rows("select 1 from selections")) == 1


@pytest.mark.parametrize(
    ("replacement", "finalists", "vacant"),
    [(Replacement.REFILL, [2, 3, 4], 0), (Replacement.LEAVE_VACANT, [2], 1)],
)
async def test_a_seat_of_a_project_that_was_taken_out_is_refilled_or_vacant(
    database: Database, replacement: Replacement, finalists: list[int], vacant: int
) -> None:
    campaign = selected_campaign()
    first = replace(campaign.projects[0], standing=Standing.DISQUALIFIED, replacement=replacement)
    selector = await prepared(database, replace(campaign, projects=(first, *campaign.projects[1:])), {**VOTES, 4: 2})
    if vacant:
        finalists = [2, 3]
    await selector.commit(decisions=[])
    await selector.announce()
    ended = await selector.campaign()
    assert outcomes(ended)["FINALIST"] == finalists
    assert ended.selections[0].current.outcome.vacant == vacant


async def test_what_a_project_was_chosen_in_that_is_out_since_is_corrected_before_it_is_final(
    database: Database,
) -> None:
    selector = await prepared(database, selected_campaign(), {**VOTES, 4: 2})
    await selector.commit()
    await selector.announce()
    before = await selector.campaign()
    out = replace(before.projects[1], standing=Standing.DISQUALIFIED, replacement=Replacement.REFILL)
    after = replace(before, projects=(before.projects[0], out, *before.projects[2:]))
    await SqlCampaigns(database).save(after, after.districts, LOADED)
    selector.now = UNTIL
    assert await refusal(selector.publishing.confirm(act())) == [("WRONG_STATE", ("stage",))]
    await selector.selecting.correct(act(), await selector.digest(), Sent(), CORRECTION)
    await selector.publishing.confirm(act())
    assert outcomes(await selector.campaign())["FINALIST"] == [1, 3, 4]


async def test_everything_that_stands_in_the_way_is_told_at_once(database: Database) -> None:
    score = PanelTerms(AFTER, AFTER + timedelta(days=3), Aggregation(AggregationMethod.MEAN), quorum=1)
    stages = (
        a_stage("SUBMITTED", 10, StageKind.SUBMISSION),
        a_stage(THREE, 3, StageKind.DECISION),
        a_stage("JURY", 2, StageKind.EXPERT_SCORES),
        a_stage(ONE, 1, StageKind.EXPERT_BALLOT, closes_at=AFTER + timedelta(days=4)),
    )
    selector = await prepared(database, selected_campaign(stages=stages, panel=score), VOTES)
    assert await refusal(selector.digest("SUBMITTED")) == [("WRONG_STATE", ("stage",))]
    assert await refusal(selector.digest("NOWHERE")) == [("INVALID_INPUT", ("stage",))]
    assert await refusal(selector.digest("JURY")) == [("EARLIER_STAGE", ("stage",)), ("TOO_EARLY", ("stage",))]
    both_earlier = [("EARLIER_STAGE", ("stage",)), ("EARLIER_STAGE", ("stage",)), ("TOO_EARLY", ("stage",))]
    assert await refusal(selector.digest(ONE)) == both_earlier
    selector.now = CLOSES - timedelta(seconds=1)
    assert await refusal(selector.digest()) == [("WRONG_PHASE", ("campaign",))]

    selector.now = AFTER + timedelta(days=5)
    assert await refusal(selector.commit()) == [("TIE_UNRESOLVED", ("decision",))]
    await selector.commit(decision=SentStageDecision(project_ids(9, 8), REASON))
    await selector.announce(until=selector.now + timedelta(days=1))
    assert await refusal(selector.digest("JURY")) == [("QUORUM_NOT_MET", ("stage",))] * 2, "nobody has reviewed them"


WRONG: tuple[tuple[dict[str, Any], list[tuple[str, ...]]], ...] = (
    ({"seed": SEED}, [("seed",)]),
    ({"decision": SentStageDecision(project_ids(1), REASON)}, [("decision",)]),
    (
        {"decisions": [replace(FOUR_FIRST, order=["project/elsewhere/4", *project_ids(3, 3)])]},
        [("0", "order", "0"), ("0", "order", "2")],
    ),
    ({"decisions": [replace(FOUR_FIRST, order=project_ids(4))]}, [("0", "order")]),
    ({"decisions": [replace(FOUR_FIRST, votes=(2, 1))]}, [("0", "votes")]),
    ({"decisions": [replace(FOUR_FIRST, step=TieStep.LOT)]}, [("0", "step")]),
    ({"decisions": [replace(FOUR_FIRST, reason={"en": "No Chinese"})]}, [("0", "reason")]),
    ({"decisions": [FOUR_FIRST, replace(FOUR_FIRST, order=project_ids(3, 4))]}, [("1",)]),
)


async def test_what_is_sent_with_a_plan_is_read_or_refused_with_its_place(database: Database) -> None:
    selector = await prepared(database, selected_campaign(), VOTES)
    for sent, places in WRONG:
        name = next(iter(sent))
        paths = [path if path[0] == name else (name, *path) for path in places]
        assert await refusal(selector.digest(**sent)) == [("INVALID_INPUT", path) for path in paths], sent


async def test_the_record_has_the_votes_that_count_and_is_replayed_to_the_same_trace(database: Database) -> None:
    selector = await prepared(database, selected_campaign(), VOTES)
    await SqlRulings(database).rule(SLUG, [key(1)], ruling(RulingKind.VOID))
    await selector.commit(decisions=[FOUR_FIRST])
    texts = await SqlCampaigns(database).selections.texts(SLUG, THREE, 1)
    assert texts is not None
    record = json.loads(texts.record)
    assert record["ballots"] == {"WEB": 15}
    assert {each["number"]: each["votes"].get("WEB", 0) for each in record["candidates"]}[1] == 4
    assert record["decisions"][0]["order"] == [4, 3]
    version = (await SqlCampaigns(database).selections.versions(SLUG, THREE))[0]
    assert (await selector.selecting.plan(act(), Sent(decisions=[FOUR_FIRST]))).decided.outcome == version.outcome


async def test_others_are_served_while_a_stage_is_decided(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    selector = await prepared(database, selected_campaign(), VOTES)
    begun, served = threading.Event(), threading.Event()

    def waiting(record: Record) -> Decided:
        begun.set()
        assert served.wait(timeout=180), "the loop stands still"
        return decide(record)

    monkeypatch.setattr("api.services.stage_acts.decide", waiting)
    planning = asyncio.create_task(selector.digest())
    assert await asyncio.to_thread(begun.wait, 30)
    served.set()
    assert await planning


async def test_the_campaign_is_not_locked_while_what_is_committed_is_decided(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    selector, sent = await prepared(database, selected_campaign(), VOTES), Sent(decisions=[FOUR_FIRST])
    digest = await selector.digest(decisions=sent.decisions)
    begun, served, decided = threading.Event(), threading.Event(), []

    def waiting(record: Record) -> Decided:
        decided.append(record)
        begun.set()
        assert served.wait(timeout=180), "the campaign is locked"
        return decide(record)

    monkeypatch.setattr("api.services.stage_acts.decide", waiting)
    committing = asyncio.create_task(selector.selecting.commit(act(), digest, sent))
    assert await asyncio.to_thread(begun.wait, 30)
    async with SqlCampaigns(database).locked(SLUG):
        served.set()
    await committing
    await selector.announce()
    assert len(decided) == 1, "what is committed and announced is what was decided first"


async def test_what_is_committed_is_decided_anew_if_something_has_changed_meanwhile(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    selector, sent = await prepared(database, selected_campaign(), VOTES), Sent(decisions=[FOUR_FIRST])
    digest = await selector.digest(decisions=sent.decisions)
    begun, changed = threading.Event(), threading.Event()

    def waiting(record: Record) -> Decided:
        begun.set()
        assert changed.wait(timeout=180)
        return decide(record)

    monkeypatch.setattr("api.services.stage_acts.decide", waiting)
    committing = asyncio.create_task(selector.selecting.commit(act(), digest, sent))
    assert await asyncio.to_thread(begun.wait, 30)
    await database.rows("update tallies set votes = votes + 1 where project = 5")
    changed.set()
    assert await refusal(committing) == [("STALE_PLAN", ("digest",))]


@pytest.mark.parametrize("seed", ["another", "", "\ud800"])
async def test_a_seed_that_was_not_promised_is_refused(database: Database, seed: str) -> None:
    selector = await prepared(database, selected_campaign(lot_digest=seed_digest(SEED)), VOTES)
    assert await refusal(selector.digest(seed=seed)) == [("INVALID_INPUT", ("seed",))]
