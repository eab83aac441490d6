"""Is a batch that is stored in one step stored as the careful transaction would, and not at all where that has more to say?"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

import asyncpg
import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ApiError
from api.domain.results.tallies import differences
from api.domain.voting.ballots import Admission, AdmissionResult
from api.domain.voting.channels import Channel
from api.domain.voting.quota import Quota, QuotaPeriod
from api.storage.ballots import ballot_batch, new_ballots
from api.storage.ballots.ballot_batch import BatchAttempt, admit_all
from api.storage.ballots.conflict_backoff import ConflictBackoff
from api.storage.ballots.lookup import find
from api.storage.ballots.new_ballots import store_new_ballots
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, open_database
from api.storage.database.urls import Dialect
from api.storage.recount import recount_stored
from api.storage.tallies import SqlTallies
from tests.campaigns import LOADED, SLUG, a_campaign
from tests.contracts.test_ballot_box import DAY, MOMENT, admission, key, prepare
from tests.databases import in_processes
from tests.properties import with_examples
from tests.stored import wait_for_the_log_once

TABLES = (
    "select * from ballots order by id",
    "select * from retries order by tag",
    "select * from vote_slots order by id",
    "select campaign_id, day, shard, channel, ballots from turnouts order by 1, 2, 3, 4",
    "select campaign_id, day, shard, channel, project, votes from tallies order by 1, 2, 3, 4, 5",
    "select campaign_id, ballots, ruling from log_queue order by id",
)
ELSEWHERE = "elsewhere"
NEVER = ConflictBackoff()
NEVER.give_up()


async def two_campaigns(database: Database) -> dict[str, Campaign]:
    await prepare(database)
    await SqlCampaigns(database).save(a_campaign(slug=ELSEWHERE, projects=()), (), LOADED)
    return dict((await SqlCampaigns(database).directory()).campaigns)


@pytest.fixture
async def steps(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each batch that was tried in one step, whether it was stored."""
    stored: list[bool] = []

    async def noted(database: Database, admissions: tuple[Admission, ...], shard: int) -> bool:
        stored.append(await store_new_ballots(database, admissions, shard))
        return stored[-1]

    monkeypatch.setattr(ballot_batch, "store_new_ballots", noted)
    return stored


class Batches:
    """Batches of ballots of which most are new; in many of them some are not, or are to be stored with care."""

    def __init__(self, random: Random, campaigns: dict[str, Campaign]) -> None:
        self._random = random
        self._campaigns = campaigns
        self._has_strange = self._have_keys_elsewhere = False

    def next(self) -> tuple[Admission, ...]:
        self._has_strange = self._random.random() < 0.6
        self._have_keys_elsewhere = self._random.random() < 0.4
        batch = [self._one() for _ in range(self._random.choice([1, 2, 8, 30]))]
        if self._is_strange():
            batch.append(self._random.choice(batch))
        return tuple(batch)

    def _is_strange(self) -> bool:
        return self._has_strange and self._random.random() < 0.15

    def _one(self) -> Admission:
        random = self._random
        campaign = self._campaigns[random.choice([SLUG, SLUG, ELSEWHERE])]
        number = random.randrange(40 if self._is_strange() else 10**9)
        tags = [f"{random.randrange(30 if self._is_strange() else 10**9)} {name}" for name in ("here", "there")]
        random.shuffle(tags)
        return Admission(
            ids=tuple(key(number + slot) for slot in range(3 if self._is_strange() else 1)),
            campaign=campaign.slug,
            day=random.choice([DAY, date(2017, 3, 23)]),
            cast_at=MOMENT,
            positions=tuple(sorted(random.sample(range(1, 51), random.randint(1, 12)))),
            retry_tag=random.choice([None, tags[0]]),
            other_tags=tuple(tags[1:]) if self._have_keys_elsewhere else (),
            judged_by=self._judged_by(campaign) if self._is_strange() else campaign,
            channel=random.choice(list(Channel)),
            vote_ids=(key(random.randrange(50)),) if self._is_strange() else (),
            client_tag=number.to_bytes(32) if number % 2 else None,
        )

    def _judged_by(self, campaign: Campaign) -> Campaign | None:
        """Not known, the same terms in another revision, or other terms."""
        other = replace(campaign, revision=campaign.revision + 1)
        return self._random.choice([None, other, replace(other, quota=Quota(2, QuotaPeriod.DAY))])


async def outcomes(url: str, examples: int, backoff: Callable[[], ConflictBackoff]) -> list[object]:
    """What a new database tells of the batches, and holds after each."""
    told: list[object] = []
    async with open_database(url) as database:
        batches = Batches(Random(examples), await two_campaigns(database))
        for _ in range(examples):
            attempt = BatchAttempt(batches.next(), shard=3)
            for each in (attempt, attempt.again()):
                results = await admit_all(database, replace(each, backoff=backoff()))
                told.append([str(result) if isinstance(result, ApiError) else result for result in results])
            told.append([await database.rows(select) for select in TABLES])
            assert await wait_for_the_log_once(database)
    return told


@with_examples(few=20, every=60)
async def test_one_step_and_the_careful_transaction_come_to_the_same(
    fresh_url: Callable[..., str], steps: list[bool], examples: int
) -> None:
    quick = await outcomes(fresh_url(migrated=True), examples, ConflictBackoff)
    careful = await outcomes(fresh_url(migrated=True), examples, lambda: NEVER)
    for one, other in zip(quick, careful, strict=True):
        assert one == other
    assert {*steps} == {True, False}


async def test_whatever_is_not_new_stores_nothing_in_one_step(database: Database) -> None:
    known = await two_campaigns(database)
    old = replace(known[SLUG], revision=9)
    assert await store_new_ballots(database, [admission(1, retry_tag="tag"), admission(2)], 3)
    new = admission(3, retry_tag="new", judged_by=known[SLUG])
    for other in (
        admission(2),
        admission(4, retry_tag="tag"),
        admission(4, retry_tag="new"),
        admission(3),
        replace(new, retry_tag="another", client_tag=b"k" * 32),  # the same ballot with a key, and without one
        admission(4, judged_by=old),
        admission(4, campaign=ELSEWHERE, judged_by=replace(known[ELSEWHERE], revision=9)),
        admission(4, campaign="nowhere"),
        admission(4, retry_tag="elsewhere", other_tags=("tag",)),
        admission(4, retry_tag="elsewhere", other_tags=("new",)),
    ):
        assert not await store_new_ballots(database, [new, other], 3), other
    assert (await SqlTallies(database).counts())[SLUG].ballots == {DAY: 2}
    assert await store_new_ballots(database, [new, admission(4, judged_by=known[SLUG])], 3)


@pytest.mark.parametrize("backoff", [ConflictBackoff(), NEVER], ids=["one step", "careful"])
async def test_a_commit_is_one_row_a_campaign_of_what_waits_for_the_log(
    database: Database, backoff: ConflictBackoff
) -> None:
    await two_campaigns(database)
    await admit_all(database, BatchAttempt((admission(4),), 3))
    batch = (admission(3), admission(1, campaign=ELSEWHERE), admission(2), admission(4), admission(5, 6))
    await admit_all(database, BatchAttempt(batch[:3] if backoff.one_step else batch, 3, backoff=backoff))
    rows = await database.rows("select campaign_id, ballots from log_queue order by id")
    ours = [key(2), key(3)] if backoff.one_step else [key(2), key(3), key(5)]
    assert [(row["campaign_id"], row["ballots"]) for row in rows] == [
        (SLUG, key(4)),
        (ELSEWHERE, key(1)),
        (SLUG, "".join(ours)),
    ]


async def test_what_is_stored_with_a_ballot_are_the_new_ones_of_its_commit(database: Database) -> None:
    """Its receipt is made of them."""
    await prepare(database)
    for batch, backoff in (
        ((admission(1), admission(2)), ConflictBackoff()),
        ((admission(3, client_tag=b"t" * 32), admission(2), admission(4)), NEVER),
    ):
        results = await admit_all(database, BatchAttempt(batch, 3, backoff=backoff))
        stored = {r.ballot.id: one for r, one in zip(results, batch, strict=True) if isinstance(r, AdmissionResult)}
        batches = [result.ballot.batch for result in results if isinstance(result, AdmissionResult)]
        assert batches[0] is not None and all(each is batches[0] for each in batches)  # noqa: PT018 - for mypy
        assert batches[0].ballots == stored
    [found] = await find(database, [key(3)])
    assert (found.batch, found.client_tag) == (None, b"t" * 32)


async def test_after_a_conflict_care_is_taken_until_none_has_come_for_a_while(
    database: Database, steps: list[bool]
) -> None:
    await prepare(database)
    backoff = ConflictBackoff()
    for number in (1, 1, 2, 3, 3, 4, 5, 6, 7, 8):
        await admit_all(database, BatchAttempt((admission(number),), 3, backoff=backoff))
    assert steps == [True, False, True]
    assert (await SqlTallies(database).counts())[SLUG].ballots == {DAY: 8}


async def test_a_database_that_cannot_do_it_in_one_step_is_asked_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a distributed one may say that it does not take a statement of this kind."""
    if database.dialect is Dialect.SQLITE:
        return
    await prepare(database)
    asked: list[str] = []

    async def refused(database: Database, sql: str, *values: object) -> object:
        asked.append(sql)
        raise asyncpg.FeatureNotSupportedError("data-modifying statements are not supported in the WITH clauses")

    monkeypatch.setattr(Database, "value", refused)
    backoff = ConflictBackoff()
    for number in range(10):
        assert await admit_all(database, BatchAttempt((admission(number),), 3, backoff=backoff))
    assert asked == [new_ballots.STORE]
    assert (await SqlTallies(database).counts())[SLUG].ballots == {DAY: 10}


def cast_both_ways(url: str) -> tuple[int, int]:
    """One process, every second batch with care: how many of its own were stored, and how many of those that all want."""
    random = Random(os.getpid())

    async def run() -> tuple[int, int]:
        async with open_database(url) as database:
            known = dict((await SqlCampaigns(database).directory()).campaigns)
            own = shared = 0
            for round in range(40):
                wanted = [any_ballot(random, known, None) for _ in range(30)]
                if round % 3 == 0:
                    wanted += [any_ballot(random, known, random.randrange(200)) for _ in range(3)]
                random.shuffle(wanted)
                backoff = NEVER if round % 2 else ConflictBackoff()
                for result in await admit_all(database, BatchAttempt(tuple(wanted), 3, backoff=backoff)):
                    if isinstance(result, AdmissionResult) and result.is_new:
                        is_shared = result.ballot.id in SHARED
                        own, shared = own + (not is_shared), shared + is_shared
            return own, shared

    return asyncio.run(run())


SHARED = {key(number) for number in range(200)}


def any_ballot(random: Random, known: dict[str, Campaign], number: int | None) -> Admission:
    """One of its own, or the one with this number, which other processes cast as well."""
    tag = f"{random.getrandbits(60)}" if number is None else f"{number}"
    campaign = known[random.choice([SLUG, ELSEWHERE])]
    return admission(
        random.getrandbits(120) | 1 << 120 if number is None else number,
        campaign=campaign.slug,
        positions=frozenset(random.sample(range(1, 51), 12)),
        retry_tag=random.choice([None, f"{tag} here"]),
        judged_by=campaign,
    )


async def test_four_processes_both_ways_at_once_wait_in_no_circle_and_count_exactly(
    fresh_url: Callable[..., str],
) -> None:
    url = fresh_url()
    async with open_database(url) as database:
        await two_campaigns(database)
    stored = await asyncio.to_thread(in_processes, 4, cast_both_ways, url)
    assert [own for own, _ in stored] == [1200] * 4
    async with open_database(url) as database, database.snapshot() as view:
        found = await view.rows("select id from ballots")
        assert len(SHARED & {row["id"] for row in found}) == sum(shared for _, shared in stored) > 0
        assert len(found) == sum(map(sum, stored))
        assert await wait_for_the_log_once(view)
        counts = await SqlTallies(view).counts()
        for slug in (SLUG, ELSEWHERE):
            assert differences(counts[slug], (await recount_stored(view, slug))[0]) == ()
