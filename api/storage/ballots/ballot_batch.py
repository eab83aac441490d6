"""What one transaction does with a batch of ballots: tell retries, insert, count. And how ballots are read.

A retry tag is claimed before its ballot is inserted, so that of two requests with one tag the second waits for the first
to commit, in this process or another, and then finds what it has cast.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from api.domain.integrity.rulings import Ruling, RulingKind
from api.domain.voting.ballots import Admission, Ballot, bitmap, numbers_in
from api.storage.database.connection import Database, as_date, as_moment
from api.storage.rulings_sql import latest_ruling

COLUMNS = "id, campaign_id, day, cast_at, choices"
SELECT = f"""
    select ballots.{COLUMNS}, kind, reason, ruled_at, ruled_by
    from ballots left join {latest_ruling("ballots.id")}
"""  # noqa: S608 - columns only
TYPES = ("text", "text", "date", "timestamptz", "bytea")
INSERT = f"insert into ballots ({COLUMNS}) {{}} on conflict do nothing returning id"
CLAIM = "insert into retries (tag, ballot_key) {} on conflict do nothing returning tag"
COUNT_BALLOTS = (
    "insert into turnouts (campaign_id, day, shard, ballots) {} "
    "on conflict (campaign_id, day, shard) do update set ballots = turnouts.ballots + excluded.ballots"
)
COUNT_VOTES = (
    "insert into tallies (campaign_id, day, shard, project, votes) {} "
    "on conflict (campaign_id, day, shard, project) do update set votes = tallies.votes + excluded.votes"
)


@dataclass(frozen=True, slots=True)
class BatchAttempt:
    """A batch to store. repeated: an earlier attempt may have been committed although nobody was told."""

    admissions: tuple[Admission, ...]
    shard: int
    repeated: bool = False

    def again(self) -> "BatchAttempt":
        """The same batch after a connection was lost."""
        return replace(self, repeated=True)


async def admit_all(database: Database, attempt: BatchAttempt) -> list[Ballot | None]:
    """Store and count a batch in one transaction; per admission the stored ballot, or None when no id is free."""
    async with database.transaction() as transaction:
        batch = _Batch(transaction, attempt)
        await batch.admit(range(len(attempt.admissions)))
        await batch.count()
    return batch.outcomes


class _Batch:
    """The state of one attempt: what has come of each of its places, and which of them are still open."""

    def __init__(self, transaction: Database, attempt: BatchAttempt) -> None:
        self._transaction = transaction
        self._attempt = attempt
        self.outcomes: list[Ballot | None] = [None] * len(attempt.admissions)
        self._open: list[int] = []
        self._stored: list[Ballot] = []

    async def admit(self, places: Sequence[int]) -> None:
        """Settle these places. Of those with one tag the first is settled first, and the others find what it stored."""
        tagged: dict[str, int] = {}
        for place in reversed(places):
            if (tag := self._attempt.admissions[place].retry_tag) is not None:
                tagged[tag] = place
        later = [p for p in places if tagged.get(self._attempt.admissions[p].retry_tag or "", p) != p]
        known = await self._claim(tagged)
        self._open = sorted({*places} - {*later} - known)
        for slot in range(max(len(self._attempt.admissions[place].ids) for place in places)):
            if self._open:
                await self._try_slot(slot)
        await self._correct({tag: place for tag, place in tagged.items() if place not in known})
        if later:
            await self.admit(later)

    async def _claim(self, tagged: Mapping[str, int]) -> set[int]:
        """Take the tags that are free, each for its ballot's first id; the places of the others, which are retries."""
        if not tagged:
            return set()
        claims = [(tag, self._attempt.admissions[place].ids[0]) for tag, place in sorted(tagged.items())]
        free = {row["tag"] for row in await self._transaction.write_rows(CLAIM, ("text", "text"), claims)}
        taken = [tag for tag in tagged if tag not in free]
        found = await find_retried(self._transaction, taken)
        for tag in taken:
            self.outcomes[tagged[tag]] = found.get(tag)
        return {tagged[tag] for tag in taken}

    async def _correct(self, claimed: Mapping[str, int]) -> None:
        """Let every claim name the ballot that was stored in the end, and give back those of ballots that were not."""
        for tag, place in claimed.items():
            ballot, first = self.outcomes[place], self._attempt.admissions[place].ids[0]
            if ballot is None:
                await self._transaction.rows("delete from retries where tag = $1", tag)
            elif ballot.id != first:
                await self._transaction.rows("update retries set ballot_key = $1 where tag = $2", ballot.id, tag)

    async def _try_slot(self, slot: int) -> None:
        """Insert every open ballot under its id of this slot."""
        claims: dict[str, int] = {}
        for place in self._open:
            ids = self._attempt.admissions[place].ids
            if slot < len(ids):
                claims.setdefault(ids[slot], place)
        for ballot_id in await self._insert(claims):
            place = claims[ballot_id]
            stored = _ballot(ballot_id, self._attempt.admissions[place])
            self.outcomes[place] = stored
            self._stored.append(stored)
        if self._attempt.repeated:
            await self._find_own(slot)
        self._open = [place for place in self._open if self.outcomes[place] is None]

    async def count(self) -> None:
        """Add the inserted ballots to this shard's rows, in one fixed order so that transactions never wait in a circle."""
        if not self._stored:
            return
        shard = self._attempt.shard
        together: defaultdict[tuple[str, date], list[Ballot]] = defaultdict(list)
        for ballot in self._stored:
            together[ballot.campaign, ballot.day].append(ballot)
        turnouts = [(*place, shard, len(ballots)) for place, ballots in sorted(together.items())]
        tallies = [
            (*place, shard, number, votes)
            for place, ballots in sorted(together.items())
            for number, votes in sorted(Counter(chain.from_iterable(b.numbers for b in ballots)).items())
        ]
        types = ("text", "date", "smallint")
        await self._transaction.write_rows(COUNT_BALLOTS, (*types, "bigint"), turnouts)
        await self._transaction.write_rows(COUNT_VOTES, (*types, "smallint", "bigint"), tallies)

    async def _insert(self, claims: dict[str, int]) -> list[str]:
        rows = [_row(ballot_id, self._attempt.admissions[place]) for ballot_id, place in sorted(claims.items())]
        return [row["id"] for row in await self._transaction.write_rows(INSERT, TYPES, rows)] if rows else []

    async def _find_own(self, slot: int) -> None:
        """A ballot that is there as we would have stored it was stored by the attempt whose answer was lost."""
        for place in self._open:
            admission = self._attempt.admissions[place]
            if self.outcomes[place] is None and slot < len(admission.ids):
                stored = await find(self._transaction, [admission.ids[slot]])
                if [replace(ballot, ruling=None) for ballot in stored] == [_ballot(admission.ids[slot], admission)]:
                    self.outcomes[place] = stored[0]


async def find(database: Database, ids: Sequence[str]) -> tuple[Ballot, ...]:
    """The ballots among these ids, in their order."""
    rows = await _rows(database, f"{SELECT} where ballots.id in", ids)
    found = {row["id"]: _stored(row) for row in rows}
    return tuple(found[name] for name in ids if name in found)


async def find_retried(database: Database, tags: Sequence[str]) -> dict[str, Ballot]:
    """The ballots with these retry tags, by tag."""
    rows = await _rows(database, "select tag, ballot_key from retries where tag in", tags)
    found = {ballot.id: ballot for ballot in await find(database, [row["ballot_key"] for row in rows])}
    return {row["tag"]: found[row["ballot_key"]] for row in rows if row["ballot_key"] in found}


async def _rows(database: Database, query: str, values: Sequence[str]) -> list[dict[str, Any]]:
    """What a query that ends in `in` finds for these values."""
    if not values:
        return []
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    return await database.rows(f"{query} ({places})", *values)


def _row(ballot_id: str, admission: Admission) -> tuple[object, ...]:
    choices = bitmap(admission.numbers, (max(admission.numbers) + 7) // 8)
    return (ballot_id, admission.campaign, admission.day, admission.cast_at, choices)


def _ballot(ballot_id: str, admission: Admission) -> Ballot:
    numbers = tuple(sorted(admission.numbers))
    return Ballot(ballot_id, admission.campaign, admission.day, admission.cast_at, numbers)


def _stored(row: dict[str, Any]) -> Ballot:
    day, cast_at, numbers = as_date(row["day"]), as_moment(row["cast_at"]), numbers_in(bytes(row["choices"]))
    return Ballot(row["id"], row["campaign_id"], day, cast_at, numbers, _ruling(row) if row["kind"] else None)


def _ruling(row: dict[str, Any]) -> Ruling:
    return Ruling(RulingKind[row["kind"]], row["reason"], as_moment(row["ruled_at"]), row["ruled_by"])
