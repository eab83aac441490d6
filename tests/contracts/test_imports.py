"""Is a campaign that is being imported seen by nobody, then by all, or gone without a trace? On both databases."""

from dataclasses import replace
from typing import Any

import pytest

from api.domain.audit_trail import AuditEvent, TrailFilter, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Standing
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.formats import FileFormat
from api.domain.exchange.jobs import ImportResult
from api.domain.people.access import Grant
from api.domain.people.identity import Role
from api.domain.voting.ballots import AdmissionResult
from api.ports.exchange import ImportedFile
from api.services.campaigns import BeingImportedError, load
from api.storage import imports
from api.storage.audit_trail import read
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.imports import SqlImports
from api.storage.recount import campaigns_with_ballots
from api.storage.roles import SqlAccessStore
from api.storage.tallies import SqlTallies
from tests.campaigns import DURING, HUANGPU, LOADED, PUDONG, SLUG, a_campaign, both
from tests.contracts.test_ballot_box import admission
from tests.contracts.test_campaigns import FILE, LONG_BEFORE
from tests.stored import every_row, wait_for_the_log_once

JOB, OTHER_JOB = "j" * 26, "k" * 26
VIEWER = "v" * 26
EVENT = AuditEvent(DURING, TrailKind.CAMPAIGN_IMPORTED, SLUG)
RESULT = ImportResult(50, 2, {"TOO_FEW_CHOICES": 1}, {"zz": 2, "a": 1}, {"zz": 2, "a": 2})
IMPORTED = ImportedFile(
    SLUG, JOB, FileFormat.PABULIB, "spring.pb", "5" * 64, {"meta": {"comment": "雨；\\u2028"}}, RESULT
)


async def begin(database: Database, **changes: Any) -> Campaign:
    """Begin to import the campaign, whose districts are there."""
    await SqlCampaigns(database).save(a_campaign(slug="other", projects=()), (HUANGPU, PUDONG), LOADED)
    campaign = await SqlImports(database).begin(a_campaign(**changes), (VIEWER,), JOB)
    assert campaign is not None
    return campaign


async def cast(database: Database, campaign: Campaign, numbers: range) -> None:
    box = SqlBallotBox(database)
    for number in numbers:
        ballot = replace(admission(number), judged_by=campaign)
        assert isinstance(await box.admit(ballot), AdmissionResult)


async def test_a_campaign_that_is_being_imported_is_nowhere(database: Database) -> None:
    campaign = await begin(database)
    await cast(database, campaign, range(1, 4))
    assert await wait_for_the_log_once(database)
    store = SqlCampaigns(database)
    assert await store.revisions() == {"other": 1}
    assert (await store.directory()).campaigns.keys() == {"other"}
    assert await store.campaign(SLUG) is None
    assert await store.is_importing(SLUG)
    assert not await store.is_importing("other")
    assert await SqlTallies(database).counts() == {}
    assert await campaigns_with_ballots(database) == frozenset()
    assert (await SqlAccessStore(database).access()).granted == {}
    imports = SqlImports(database)
    assert await imports.begun(JOB) == campaign
    assert await imports.begun(OTHER_JOB) is None
    assert await imports.votes(SLUG) == dict.fromkeys(range(1, 13), 3)


async def test_its_slug_is_in_use(database: Database) -> None:
    await begin(database)
    assert await SqlImports(database).begin(a_campaign(), (), OTHER_JOB) is None
    assert await SqlImports(database).begin(a_campaign(slug="other", projects=()), (), OTHER_JOB) is None
    with pytest.raises(BeingImportedError, match="wait for the end of that import"):
        await load(SqlCampaigns(database), a_campaign(), (HUANGPU, PUDONG), FILE, LONG_BEFORE)


async def reveal(database: Database, before: Campaign, after: Campaign) -> None:
    grant = Grant(VIEWER, Role.ORGANIZER, SLUG)
    await SqlImports(database).reveal(before, after, IMPORTED, grant, EVENT)


async def test_it_is_revealed_whole_with_all_that_is_known_of_its_file(database: Database) -> None:
    before = await begin(database)
    await cast(database, before, range(1, 4))
    reason = both("文件如此写明", "The file says so")
    first = replace(before.projects[0], standing=Standing.WITHDRAWN, standing_reason=reason, standing_since=DURING)
    await reveal(database, before, replace(before, projects=(first, *before.projects[1:])))
    revealed = await SqlCampaigns(database).campaign(SLUG)
    assert revealed is not None
    assert (await SqlCampaigns(database).revisions())[SLUG] == revealed.revision == before.revision + 1
    assert revealed.projects[0].standing_reason == reason
    assert (await SqlTallies(database).counts())[SLUG].cast == 3
    assert await SqlCampaigns(database).electors(SLUG) == (VIEWER,)
    assert (await SqlAccessStore(database).access()).granted == {VIEWER: {Grant(VIEWER, Role.ORGANIZER, SLUG)}}
    [recorded] = await read(database, TrailFilter(kinds=(TrailKind.CAMPAIGN_IMPORTED,)), None)
    assert recorded.event.campaign == SLUG
    store = SqlImports(database)
    assert await store.imported_file("other") is None
    for stored in (await store.imported_file(SLUG), await store.made_by(JOB), await store.imported_as(IMPORTED.sha256)):
        assert stored == IMPORTED
        assert list(stored.result.official or {}) == ["zz", "a"]
    assert await store.made_by(OTHER_JOB) is await store.imported_as("6" * 64) is None


async def test_nobody_reveals_what_is_not_hidden_any_more(database: Database) -> None:
    before = await begin(database)
    await SqlImports(database).discard(JOB)
    with pytest.raises(LookupError):
        await reveal(database, before, before)


async def test_what_is_discarded_leaves_nothing_behind(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    small = imports.PORTION_END.replace(f"offset {imports.PORTION}", "offset 3")
    monkeypatch.setattr(imports, "PORTION_END", small)
    await SqlCampaigns(database).save(a_campaign(slug="other", projects=()), (HUANGPU, PUDONG), LOADED)
    other = await SqlCampaigns(database).campaign("other")
    assert other is not None
    await SqlBallotBox(database).admit(replace(admission(500), campaign="other", judged_by=other))
    before = await every_row(database)
    campaign = await SqlImports(database).begin(a_campaign(), (VIEWER,), JOB)
    assert campaign is not None
    await cast(database, campaign, range(1, 12))
    await SqlImports(database).discard(OTHER_JOB)
    assert await SqlImports(database).votes(SLUG)
    await SqlImports(database).discard(JOB)
    assert await every_row(database) == before
    await SqlImports(database).discard(JOB)
    assert await every_row(database) == before


async def test_who_still_works_at_what_is_being_discarded_adds_nothing_to_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await begin(database)
    await cast(database, campaign, range(1, 3))
    monkeypatch.setattr(imports, "OTHERS", ("no_such_table",))
    with pytest.raises(Exception, match="no_such_table"):  # as if the process ended here
        await SqlImports(database).discard(JOB)
    with pytest.raises(ApiError) as refused:
        await cast(database, campaign, range(3, 4))
    assert refused.value.code is ErrorCode.OVERLOADED
    monkeypatch.undo()
    await SqlImports(database).discard(JOB)
    assert await SqlImports(database).begun(JOB) is None


async def test_what_is_seen_is_never_discarded(database: Database) -> None:
    campaign = await begin(database)
    await reveal(database, campaign, campaign)
    await SqlImports(database).discard(JOB)
    assert await SqlCampaigns(database).campaign(SLUG) is not None
