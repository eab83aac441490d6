"""How a ballot is stored and counted: in one transaction, which writes first and whose word is the law."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from api.domain.ballots import Admission, Ballot, bitmap, numbers_in
from api.storage.database import Database, as_date, as_moment

COLUMNS = "id, campaign_id, day, cast_at, choices"
INSERT = (
    f"insert into ballots ({COLUMNS}, retry_tag) values ($1, $2, $3, $4, $5, $6) "  # noqa: S608 - no value is spliced
    "on conflict do nothing returning id"
)
COUNT_BALLOT = (
    "insert into turnouts (campaign_id, day, shard, ballots) values ($1, $2, $3, 1) "
    "on conflict (campaign_id, day, shard) do update set ballots = turnouts.ballots + excluded.ballots"
)
COUNT_VOTE = "($1, $2, $3, ${}, 1)"
COUNT_VOTES = (
    "insert into tallies (campaign_id, day, shard, project, votes) values {} "
    "on conflict (campaign_id, day, shard, project) do update set votes = tallies.votes + excluded.votes"
)


class StoredBallots:
    """The ballot box on a database. shard names the rows that this process counts in; processes may share one."""

    def __init__(self, database: Database, shard: int = 0) -> None:
        self._database = database
        self._shard = shard

    async def admit(self, admission: Admission) -> Ballot | None:
        """Store and count a ballot, both or neither; see ports.BallotBox."""
        async with self._database.transaction() as transaction:
            for ballot_id in admission.ids:
                if await _insert(transaction, ballot_id, admission):
                    await self._count(transaction, admission)
                    return _ballot(ballot_id, admission)
                if (earlier := await _retried(transaction, admission.retry_tag)) is not None:
                    return earlier
        return None

    async def find(self, ids: Sequence[str]) -> tuple[Ballot, ...]:
        """The ballots among these ids, in their order."""
        if not ids:
            return ()
        places = ", ".join(f"${n}" for n in range(1, len(ids) + 1))
        rows = await self._database.rows(f"select {COLUMNS} from ballots where id in ({places})", *ids)  # noqa: S608
        found = {row["id"]: _stored(row) for row in rows}
        return tuple(found[name] for name in ids if name in found)

    async def find_retried(self, retry_tag: str) -> Ballot | None:
        """The ballot with this retry tag."""
        return await _retried(self._database, retry_tag)

    async def _count(self, transaction: Database, admission: Admission) -> None:
        """Add to this shard's rows, in the order of the numbers, so that two transactions never wait in a circle."""
        numbers = sorted(admission.numbers)
        where = (admission.campaign, admission.day, self._shard)
        votes = ", ".join(COUNT_VOTE.format(place) for place in range(4, 4 + len(numbers)))
        await transaction.rows(COUNT_BALLOT, *where)
        await transaction.rows(COUNT_VOTES.format(votes), *where, *numbers)


async def _insert(transaction: Database, ballot_id: str, admission: Admission) -> bool:
    choices = bitmap(admission.numbers, (max(admission.numbers) + 7) // 8)
    values = (ballot_id, admission.campaign, admission.day, admission.cast_at, choices, admission.retry_tag)
    return bool(await transaction.rows(INSERT, *values))


async def _retried(database: Database, retry_tag: str | None) -> Ballot | None:
    if retry_tag is None:
        return None
    rows = await database.rows(f"select {COLUMNS} from ballots where retry_tag = $1", retry_tag)  # noqa: S608
    return _stored(rows[0]) if rows else None


def _ballot(ballot_id: str, admission: Admission) -> Ballot:
    numbers = tuple(sorted(admission.numbers))
    return Ballot(ballot_id, admission.campaign, admission.day, admission.cast_at, numbers)


def _stored(row: dict[str, Any]) -> Ballot:
    day: date = as_date(row["day"])
    return Ballot(row["id"], row["campaign_id"], day, as_moment(row["cast_at"]), numbers_in(bytes(row["choices"])))
