"""Is what stages decide kept as it was, on either database, and read together with the campaign that it is of?"""

from dataclasses import replace

import pytest

from api.domain.campaigns.stages import TieStep
from api.domain.selection.lot import seed_digest
from api.domain.selection.versions import Objection, SelectionTexts
from api.domain.texts import localized
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from tests.campaigns import SLUG
from tests.selecting import AFTER, ONE, SEED, THREE, UNTIL, Selector, a_stage, join, prepared, selected_campaign

TIED = {1: 2, 2: 2, 3: 2, 4: 2, 5: 1}


@pytest.fixture
async def selector(database: Database) -> Selector:
    """A stage in which four are equal for three seats, to be settled by lot."""
    stages = (a_stage(THREE, 3, ties=(TieStep.LOT,)), a_stage(ONE, 1, ties=(TieStep.LOT,)))
    return await prepared(database, selected_campaign(stages=stages, lot_digest=seed_digest(SEED)), TIED)


async def test_a_version_is_read_as_it_was_stored_ties_and_all(selector: Selector) -> None:
    await selector.commit(seed=SEED)
    selections = SqlCampaigns(selector.database).selections
    (version,) = await selections.versions(SLUG, THREE)
    (tie,) = version.outcome.ties
    assert (tie.step, tie.free, tie.numbers, len(tie.details[0].values)) == (TieStep.LOT, 3, {1, 2, 3, 4}, 4)
    assert await selections.stages(SLUG) == {THREE}
    assert await selections.texts(SLUG, THREE, 2) is None
    again = replace(version, version=2, reason=localized(zh="更正"))
    await selections.add(SLUG, again, SelectionTexts("{}", ""))
    assert await selections.versions(SLUG, THREE) == (version, again)
    assert await selections.versions(SLUG, ONE) == ()


async def test_versions_are_neither_changed_nor_deleted(selector: Selector) -> None:
    await selector.commit(seed=SEED)
    for statement in ("update selections set digest = 'another'", "delete from selections"):
        with pytest.raises(Exception, match=r"never changed|refuse|history"):
            await selector.database.rows(statement)
    assert len(await selector.database.rows("select 1 from selections")) == 1


async def test_the_directory_has_what_was_announced_and_nothing_else(selector: Selector) -> None:
    campaigns = SqlCampaigns(selector.database)
    await selector.commit(seed=SEED)
    assert (await campaigns.directory()).campaigns[SLUG].selections == ()
    revision = (await selector.campaign()).revision
    await selector.announce()
    await campaigns.selections.add_objection(SLUG, Objection(THREE, 1, AFTER, "王", "理由不足", 3))
    answered = Objection(THREE, 1, AFTER, "王", "理由不足", 3, localized(zh="已核对"), UNTIL)
    await campaigns.selections.answer(SLUG, answered)
    await selector.commit(ONE, seed=SEED)
    read = (await campaigns.directory()).campaigns[SLUG]
    (selection,) = read.selections
    assert (selection.stage, selection.objections) == (THREE, (answered,))
    assert read == await selector.campaign()
    assert read.revision == revision + 2
    async with campaigns.locked(SLUG) as locked:
        assert await locked.campaign(SLUG) == read


async def test_of_those_who_were_dropped_only_they_count_who_had_accepted(selector: Selector) -> None:
    await join(selector.database, "a", "b", "c")
    await selector.database.rows("update experts set dropped_at = $1 where number < 3", AFTER)
    await selector.database.rows("update experts set viewer = null, accepted_at = null where number = 1")
    assert await SqlCampaigns(selector.database).selections.dropped(SLUG) == 1
