"""Are votes read again only where ballots have come, and are they right all the same, whatever is cast or ruled between?"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

from api.domain.integrity.rulings import RulingKind
from api.domain.results.tallies import differences
from api.domain.voting.channels import Channel
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from api.storage.moderation import SqlRulings
from api.storage.recount import recount_stored, tallied_by_channel
from api.storage.tallies import SqlTallies
from tests.campaigns import SLUG
from tests.contracts.test_ballot_box import DAY, admission, key, prepare
from tests.contracts.test_moderation import ruling

NEXT_DAY = date(2017, 3, 23)


@dataclass(frozen=True)
class Watched:
    """A database that counts the rows it returns."""

    database: Database
    read: list[int] = field(default_factory=list)

    @property
    def dialect(self) -> Dialect:
        return self.database.dialect

    async def write_rows(self, *given: Any) -> list[dict[str, Any]]:
        rows = await self.database.write_rows(*given)
        self.read.append(len(rows))
        return rows


async def test_a_reader_that_remembers_finds_what_a_new_one_finds(database: Database) -> None:
    await prepare(database)
    box, rulings, tallies = SqlBallotBox(database, shard=2), SqlRulings(database), SqlTallies(database)
    assert await tallies.counts() == {}
    changes: list[Callable[[], Awaitable[object]]] = [
        lambda: box.admit(admission(1, positions=frozenset({1, 2}))),
        lambda: box.admit(admission(2, positions=frozenset({2, 3}), day=NEXT_DAY)),
        lambda: SqlBallotBox(database, shard=7).admit(admission(3, positions=frozenset({3, 50}))),
        lambda: rulings.rule(SLUG, [key(1)], ruling(RulingKind.HOLD)),
        lambda: rulings.rule(SLUG, [key(3)], ruling(RulingKind.HOLD)),
        lambda: rulings.rule(SLUG, [key(1)], ruling(RulingKind.RELEASE)),
        lambda: rulings.rule(SLUG, [key(1)], ruling(RulingKind.HOLD)),
        lambda: rulings.rule(SLUG, [key(3)], ruling(RulingKind.RELEASE)),  # as many are held as before, but others
        lambda: box.admit(admission(4, positions=frozenset({1, 2}))),
        lambda: rulings.rule(SLUG, [key(1)], ruling(RulingKind.VOID)),
        lambda: rulings.rule(SLUG, [key(2)], ruling(RulingKind.VOID)),
    ]
    for change in changes:
        await change()
        assert await tallies.counts() == await SqlTallies(database).counts()
        assert await tallies.counts() == await SqlTallies(database).counts()


async def test_ballots_are_counted_by_the_channel_that_they_came_by(database: Database) -> None:
    await prepare(database)
    box, rulings = SqlBallotBox(database, shard=2), SqlRulings(database)
    for number, (channel, day) in enumerate(product((Channel.WEB, Channel.WECHAT), (DAY, DAY, NEXT_DAY))):
        await box.admit(admission(number, positions=frozenset({1, number + 2}), channel=channel, day=day))
    await SqlBallotBox(database, shard=7).admit(admission(9, positions=frozenset({1}), channel=Channel.WECHAT))
    await rulings.rule(SLUG, [key(0), key(3)], ruling(RulingKind.HOLD))
    await rulings.rule(SLUG, [key(4)], ruling(RulingKind.VOID))
    counts = (await SqlTallies(database).counts())[SLUG]
    assert counts.channels[DAY] == {Channel.WEB: 1, Channel.WECHAT: 1}
    assert counts.channels[NEXT_DAY] == {Channel.WEB: 1, Channel.WECHAT: 1}
    assert (counts.held, counts.voided) == ({DAY: 2}, {DAY: 1})
    async with database.snapshot() as view:
        tallied, recounted = await tallied_by_channel(view, SLUG), (await recount_stored(view, SLUG)).by_channel
    assert tallied.keys() == recounted.keys() == {Channel.WEB, Channel.WECHAT}
    assert tallied[Channel.WECHAT].votes[DAY] == {1: 3, 5: 1, 6: 1}
    for channel, by_channel in tallied.items():
        assert differences(by_channel, recounted[channel]) == ()
    [ballot] = await box.find([key(9)])
    assert ballot.channel is Channel.WECHAT


async def test_only_the_days_with_new_ballots_are_read_again(database: Database) -> None:
    await prepare(database)
    box = SqlBallotBox(database)
    for number, day in enumerate((DAY, NEXT_DAY)):
        await box.admit(admission(number, positions=frozenset(range(1, 51)), day=day))
    watched = Watched(database)
    tallies = SqlTallies(watched)  # type: ignore[arg-type]  # it reads with this one method
    first = (await tallies.counts())[SLUG]
    second = (await tallies.counts())[SLUG]
    assert second == first
    assert all(second.votes[day] is first.votes[day] for day in (DAY, NEXT_DAY))
    await box.admit(admission(9, positions=frozenset({1}), day=NEXT_DAY))
    third = (await tallies.counts())[SLUG]
    assert third.votes[DAY] is first.votes[DAY]
    assert third.votes[NEXT_DAY][1] == 2
    assert watched.read == [2 + 1 + 1, 2, 2 + 1], "of a day, its ballots and its votes"
