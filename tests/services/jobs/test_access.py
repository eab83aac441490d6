"""Does each viewer see their own jobs, staff those of their campaigns, and nobody else that there are any?"""

import pytest

from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.exchange.jobs import ExportTerms, ImportTerms, JobState
from api.domain.people.identity import Role
from tests.campaigns import SLUG
from tests.job_worlds import JobWorld
from tests.jobs import OTHER, REQUESTER, an_export, an_import, key_of

KEY = key_of(1)


async def test_a_job_is_found_by_its_requester_and_by_staff_of_its_campaign(world: JobWorld) -> None:
    await world.store.add(an_import())
    job = await world.job(KEY)
    for viewer, found in (
        (await world.viewer(REQUESTER), job),
        (await world.viewer(OTHER), None),
        (await world.viewer("c" * 26, Role.AUDITOR), job),
        (await world.viewer("d" * 26, Role.ORGANIZER), job),
        (await world.viewer("e" * 26, Role.EXPERT), None),
        (await world.stranger(), None),
        (None, job),
    ):
        assert await world.jobs.find(viewer, KEY) == found


@pytest.mark.parametrize("key", ["", key_of(2), "A" * 26, "a" * 25 + "\x00", KEY + "a", KEY[:-1] + "1"])
async def test_what_names_no_job_is_none(world: JobWorld, key: str) -> None:
    await world.store.add(an_import())
    assert await world.jobs.find(await world.viewer(REQUESTER, Role.ORGANIZER), key) is None


async def test_a_campaign_that_is_being_made_is_nobody_s_yet(world: JobWorld) -> None:
    terms = ImportTerms(ImportContent.CAMPAIGN, FileFormat.TOML, "a.toml")
    await world.store.add(an_import(1, terms=terms))
    await world.store.add(an_import(2, terms=terms, state=JobState.DONE))
    organizer = await world.viewer(OTHER, Role.ORGANIZER)
    assert await world.jobs.find(organizer, key_of(1)) is None
    assert await world.jobs.find(organizer, key_of(2)) is not None
    assert [job.id for _, job in await world.jobs.listed(organizer, SLUG, (), 9)] == [key_of(2)]


async def test_one_s_own_jobs_are_listed_and_of_a_campaign_only_to_its_staff(world: JobWorld) -> None:
    await world.store.add(an_export(1))
    await world.store.add(an_export(2, requested_by=OTHER, state=JobState.DONE))
    await world.store.add(an_export(3, requested_by=OTHER, campaign="another"))
    viewer, auditor = await world.viewer(REQUESTER), await world.viewer(OTHER, Role.AUDITOR)

    async def listed(*asked: object) -> list[str]:
        found = [job.id for _, job in await world.jobs.listed(*asked, 9)]  # type: ignore[arg-type]
        assert await world.jobs.count(*asked) == len(found)  # type: ignore[arg-type]
        return found

    assert await listed(viewer, None, ()) == [key_of(1)]
    assert await listed(auditor, None, ()) == [key_of(3), key_of(2)]
    assert await listed(auditor, SLUG, ()) == [key_of(2)]
    await world.store.add(an_import(4))
    await world.store.add(an_export(5, terms=ExportTerms(ExportContent.TRAIL, FileFormat.CSV)))
    assert await listed(auditor, SLUG, ()) == [key_of(5), key_of(4), key_of(2)]
    assert await listed(auditor, SLUG, {JobState.DONE}) == [key_of(2)]
    seen = [key_of(n) for n in range(1, 6) if await world.jobs.find(auditor, key_of(n)) is not None]
    assert seen == [key_of(2), key_of(3), key_of(4), key_of(5)]
    for asked, code in (
        ((viewer, SLUG), ErrorCode.FORBIDDEN),
        ((auditor, "another"), ErrorCode.FORBIDDEN),
        ((await world.stranger(), None), ErrorCode.UNAUTHENTICATED),
    ):
        for doing in (world.jobs.listed(*asked, (), 9), world.jobs.count(*asked, ())):
            with pytest.raises(ApiError) as refusal:
                await doing
            assert refusal.value.code is code
    assert await listed(auditor, "no slug\x00", ()) == []
