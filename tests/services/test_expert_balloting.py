"""Does every expert have one ballot in a stage, while it is open, and does the stage go by those that are left?"""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.problems import ActFailed
from api.domain.review.terms import Aggregation, AggregationMethod, PanelTerms
from api.domain.selection.terms import StageKind
from api.services.stage_acts import StageAct
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from tests.campaigns import SLUG, project_ids
from tests.selecting import (
    AFTER,
    BALLOT_CLOSES,
    BALLOT_OPENS,
    ONE,
    THREE,
    Selector,
    a_stage,
    join,
    prepared,
    problems,
    selected_campaign,
)

ANN, BOB, CID = (letter * 26 for letter in "bcd")
VOTES = {1: 4, 2: 3, 3: 2, 4: 1}


def with_jury(**changes: Any) -> Campaign:
    jury = a_stage(
        *(ONE, 1, StageKind.EXPERT_BALLOT),
        opens_at=BALLOT_OPENS,
        closes_at=BALLOT_CLOSES,
        choices=ChoiceRange(1, 2),
        **changes,
    )
    panel = PanelTerms(AFTER, AFTER, Aggregation(AggregationMethod.MEAN), quorum=2)
    return selected_campaign(stages=(a_stage(THREE, 3), jury), panel=panel)


async def cast(selector: Selector, viewer: str, *numbers: int, expected: int | None = None) -> int:
    """Cast a ballot, and return its revision."""
    return (await selector.balloting.cast(StageAct(SLUG, ONE, viewer, expected), project_ids(*numbers))).revision


async def refusal(selector: Selector, viewer: str, *numbers: int, **more: Any) -> list[tuple[str, tuple[str, ...]]]:
    with pytest.raises(ActFailed) as failed:
        await cast(selector, viewer, *numbers, **more)
    return problems(failed.value)


@pytest.fixture
async def selector(database: Database) -> Selector:
    """The public has chosen 1, 2 and 3, and the experts vote on them."""
    selector = await prepared(database, with_jury(), VOTES)
    await join(database, ANN, BOB, CID)
    assert await refusal(selector, ANN, 1) == [("EARLIER_STAGE", ("stage",))]
    await selector.commit()
    await selector.announce()
    assert await refusal(selector, ANN, 1) == [("TOO_EARLY", ("stage",))]
    selector.now = BALLOT_OPENS
    return selector


async def test_an_expert_has_one_ballot_and_may_cast_it_anew(selector: Selector) -> None:
    assert await cast(selector, ANN, 2, 1) == 1
    assert await cast(selector, ANN, 1, 2, expected=1) == 1, "nothing has changed"
    assert await cast(selector, ANN, 3, expected=1) == 2
    assert await refusal(selector, ANN, 1, expected=1) == [("STALE_REVISION", ("expectedRevision",))]
    (ballot,) = await selector.balloting.own(ANN)
    assert (ballot.projects, ballot.cast_at, ballot.expert) == ((3,), BALLOT_OPENS, 1)
    assert await selector.balloting.own(BOB) == ()
    assert (await selector.kinds()).count("EXPERT_BALLOT_CAST") == 2
    details = await selector.database.rows("select details from trail where kind = 'EXPERT_BALLOT_CAST'")
    assert all(each["details"] in ({"stage": ONE}, '{"stage": "ONE"}') for each in details), "nobody's choices"


async def test_what_is_no_ballot_is_refused_with_its_places(selector: Selector) -> None:
    assert await refusal(selector, "z" * 26, 1) == [("NOT_ON_PANEL", ("campaign",))]
    assert await refusal(selector, ANN) == [("INVALID_INPUT", ("projects",))]
    assert await refusal(selector, ANN, 4, 1, 1) == [
        ("INVALID_INPUT", ("projects", "0")),
        ("INVALID_INPUT", ("projects", "2")),
        ("INVALID_INPUT", ("projects",)),
    ]
    with pytest.raises(ActFailed) as failed:
        await selector.balloting.cast(StageAct(SLUG, THREE, ANN), project_ids(1))
    assert problems(failed.value) == [("INVALID_INPUT", ("stage",))]
    await selector.database.rows(
        "insert into reviews (campaign_id, expert, project, state, assigned, scores, by_organizer, revision, updated_at) "
        "values ($1, 1, 2, 'RECUSED', $3, '{}', $3, 1, $2)",
        *(SLUG, AFTER, False),
    )
    assert await refusal(selector, ANN, 2) == [("INVALID_INPUT", ("projects", "0"))]
    assert await cast(selector, BOB, 2) == 1
    selector.now = BALLOT_CLOSES
    assert await refusal(selector, ANN, 1) == [("TOO_LATE", ("stage",))]


INVITED_AND_DROPPED = """
    insert into experts (campaign_id, number, name, invited_at, expires_at, dropped_at) values ($1, 4, 'Dan', $2, $2, $2)
"""


async def test_the_stage_goes_by_the_ballots_of_those_who_were_not_dropped(selector: Selector) -> None:
    await asyncio.gather(cast(selector, ANN, 2), cast(selector, BOB, 2, 3), cast(selector, CID, 3, 1))
    with pytest.raises(ActFailed) as failed:
        await selector.digest(ONE)
    assert problems(failed.value) == [("TOO_EARLY", ("stage",))]
    selector.now = BALLOT_CLOSES
    await selector.database.rows("update experts set dropped_at = $1 where number = 3", BALLOT_OPENS)
    await selector.database.rows(INVITED_AND_DROPPED, SLUG, BALLOT_OPENS)
    assert await refusal(selector, CID, 1) == [("NOT_ON_PANEL", ("campaign",))]
    await selector.commit(ONE)
    await selector.announce(ONE, until=BALLOT_CLOSES + timedelta(days=1))
    outcome = (await selector.campaign()).selections[1].current.outcome
    assert [(row.number, row.score) for row in outcome.rows] == [(2, 2), (3, 1), (1, 0)]
    assert outcome.selected == {2}
    texts = await SqlCampaigns(selector.database).selections.texts(SLUG, ONE, 1)
    assert texts is not None
    assert '"dropped":1' in texts.record, "who never accepted lowers no quorum"
    assert "quorum 1\n" in texts.trace
