"""What one transaction does with a batch of ballots: insert, look up the retries, count. And how ballots are read."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from api.domain.ballots import Admission, Ballot, bitmap, numbers_in
from api.domain.rulings import Ruling, RulingKind
from api.storage.database import Database, as_date, as_moment

COLUMNS = "id, campaign_id, day, cast_at, choices"
SELECT = f"""
    select ballots.{COLUMNS}, retry_tag, kind, reason, ruled_at, ruled_by
    from ballots left join rulings as latest on latest.ballot_id = ballots.id and not exists (
        select 1 from rulings as later where later.ballot_id = latest.ballot_id and later.step > latest.step
    )
"""  # noqa: S608 - columns only
TYPES = ("text", "text", "date", "timestamptz", "bytea", "text")
INSERT = f"insert into ballots ({COLUMNS}, retry_tag) {{}} on conflict do nothing returning id"
COUNT_BALLOTS = (
    "insert into turnouts (campaign_id, day, shard, ballots) {} "
    "on conflict (campaign_id, day, shard) do update set ballots = turnouts.ballots + excluded.ballots"
)
COUNT_VOTES = (
    "insert into tallies (campaign_id, day, shard, project, votes) {} "
    "on conflict (campaign_id, day, shard, project) do update set votes = tallies.votes + excluded.votes"
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A batch to store. repeated: an earlier attempt may have been committed although nobody was told."""

    admissions: tuple[Admission, ...]
    shard: int
    repeated: bool = False

    def again(self) -> "Attempt":
        """The same batch after a connection was lost."""
        return replace(self, repeated=True)


async def admit_all(database: Database, attempt: Attempt) -> list[Ballot | None]:
    """Store and count a batch in one transaction; per admission the stored ballot, or None when no id is free."""
    async with database.transaction() as transaction:
        batch = _Batch(transaction, attempt)
        for slot in range(max(len(admission.ids) for admission in attempt.admissions)):
            await batch.try_slot(slot)
            if not batch.open:
                break
        await batch.count()
    return batch.outcomes


class _Batch:
    """The state of one attempt: what is answered already, and which places are still open."""

    def __init__(self, transaction: Database, attempt: Attempt) -> None:
        self._transaction = transaction
        self._attempt = attempt
        self.outcomes: list[Ballot | None] = [None] * len(attempt.admissions)
        self.open = list(range(len(attempt.admissions)))
        self._stored: list[Ballot] = []

    async def try_slot(self, slot: int) -> None:
        """Insert every open ballot under its id of this slot; then see which of the others are retries."""
        claims: dict[str, int] = {}
        for place in self.open:
            ids = self._attempt.admissions[place].ids
            if slot < len(ids):
                claims.setdefault(ids[slot], place)
        for ballot_id in await self._insert(claims):
            place = claims[ballot_id]
            stored = _ballot(ballot_id, self._attempt.admissions[place])
            self.outcomes[place] = stored
            self._stored.append(stored)
        await self._find_retries()
        if self._attempt.repeated:
            await self._find_own(slot)
        self.open = [place for place in self.open if self.outcomes[place] is None]

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

    async def _find_retries(self) -> None:
        """A known retry tag gets the earlier ballot, be it of this very batch."""
        tags = {p: self._attempt.admissions[p].retry_tag for p in self.open if self.outcomes[p] is None}
        wanted = sorted({tag for tag in tags.values() if tag is not None})
        found = await find_retried(self._transaction, wanted) if wanted else {}
        for place, tag in tags.items():
            self.outcomes[place] = found.get(tag or "")

    async def _find_own(self, slot: int) -> None:
        """A ballot that is there as we would have stored it was stored by the attempt whose answer was lost."""
        for place in self.open:
            admission = self._attempt.admissions[place]
            if self.outcomes[place] is None and slot < len(admission.ids):
                stored = await find(self._transaction, [admission.ids[slot]])
                if [replace(ballot, ruling=None) for ballot in stored] == [_ballot(admission.ids[slot], admission)]:
                    self.outcomes[place] = stored[0]


async def find(database: Database, ids: Sequence[str]) -> tuple[Ballot, ...]:
    """The ballots among these ids, in their order."""
    rows = await _select(database, "id", ids)
    found = {row["id"]: _stored(row) for row in rows}
    return tuple(found[name] for name in ids if name in found)


async def find_retried(database: Database, tags: Sequence[str]) -> dict[str, Ballot]:
    """The ballots with these retry tags, by tag."""
    return {row["retry_tag"]: _stored(row) for row in await _select(database, "retry_tag", tags)}


async def _select(database: Database, column: str, values: Iterable[str]) -> list[dict[str, Any]]:
    wanted = tuple(values)
    if not wanted:
        return []
    places = ", ".join(f"${n}" for n in range(1, len(wanted) + 1))
    return await database.rows(f"{SELECT} where ballots.{column} in ({places})", *wanted)


def _row(ballot_id: str, admission: Admission) -> tuple[object, ...]:
    choices = bitmap(admission.numbers, (max(admission.numbers) + 7) // 8)
    return (ballot_id, admission.campaign, admission.day, admission.cast_at, choices, admission.retry_tag)


def _ballot(ballot_id: str, admission: Admission) -> Ballot:
    numbers = tuple(sorted(admission.numbers))
    return Ballot(ballot_id, admission.campaign, admission.day, admission.cast_at, numbers)


def _stored(row: dict[str, Any]) -> Ballot:
    day, cast_at, numbers = as_date(row["day"]), as_moment(row["cast_at"]), numbers_in(bytes(row["choices"]))
    return Ballot(row["id"], row["campaign_id"], day, cast_at, numbers, _ruling(row) if row["kind"] else None)


def _ruling(row: dict[str, Any]) -> Ruling:
    return Ruling(RulingKind[row["kind"]], row["reason"], as_moment(row["ruled_at"]), row["ruled_by"])
