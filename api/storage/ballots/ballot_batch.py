"""Store a batch of ballots in one transaction: recognise retries, insert, count.

A retry tag is claimed before its ballot is inserted, so that of two requests with one tag the second waits for the first
to commit, in this process or another, and then finds the ballot that it has cast. Where votes are cast one by one, a slot of
the project is claimed in the same way, and given back where the ballot then finds no slot of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from api.domain.errors import ApiError
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot, bitmap
from api.storage.ballots.current_terms import campaign_changed, outdated
from api.storage.ballots.lookup import COLUMNS, find, find_retried, placeholders
from api.storage.ballots.retry_keys import key_of, lock_keys
from api.storage.database.connection import Database

TYPES = ("text", "text", "date", "timestamptz", "text", "bytea")
INSERT = f"insert into ballots ({COLUMNS}) {{}} on conflict do nothing returning id"
CLAIM = "insert into retries (tag, ballot_key) {} on conflict do nothing returning tag"
CLAIM_VOTES = "insert into vote_slots (id) {} on conflict do nothing returning id"
GIVE_BACK_VOTES = "delete from vote_slots where id in ({})"
COUNT_BALLOTS = (
    "insert into turnouts (campaign_id, day, shard, channel, ballots) {} "
    "on conflict (campaign_id, day, shard, channel) do update set ballots = turnouts.ballots + excluded.ballots"
)
COUNT_VOTES = (
    "insert into tallies (campaign_id, day, shard, channel, project, votes) {} "
    "on conflict (campaign_id, day, shard, channel, project) do update set votes = tallies.votes + excluded.votes"
)

BatchResult = AdmissionResult | ApiError | None  # a ballot, why it has to be judged anew, or None when no id is free


@dataclass(frozen=True, slots=True)
class BatchAttempt:
    """A batch to store. repeated: an earlier attempt may have been committed although its result was lost."""

    admissions: tuple[Admission, ...]
    shard: int
    repeated: bool = False

    def again(self) -> "BatchAttempt":
        """The same batch after a connection was lost."""
        return replace(self, repeated=True)


async def admit_all(database: Database, attempt: BatchAttempt) -> list[BatchResult]:
    """Store and count a batch in one transaction; return what came of each admission."""
    async with database.transaction() as transaction:
        batch = _Batch(transaction, attempt)
        await lock_keys(transaction, attempt.admissions)
        stale = await outdated(transaction, attempt.admissions)
        for index in stale:
            batch.results[index] = campaign_changed()
        await batch.admit([index for index in range(len(attempt.admissions)) if index not in stale])
        await batch.count()
    return batch.results


class _Batch:
    """The state of one attempt: the result of each of its admissions, and the indexes of those that are still open."""

    def __init__(self, transaction: Database, attempt: BatchAttempt) -> None:
        self._transaction = transaction
        self._attempt = attempt
        self.results: list[BatchResult] = [None] * len(attempt.admissions)
        self._open: list[int] = []
        self._inserted: list[Ballot] = []
        self._votes: dict[str, list[int]] = {}  # of each ballot that was inserted, by its id
        self._answered: set[str] = set()  # the ids of all ballots that are in the results

    async def admit(self, indexes: Sequence[int]) -> None:
        """Admit these. Of those with one key the first is admitted first, and the others find the ballot it stored."""
        if not indexes:
            return
        admissions = self._attempt.admissions
        first_by_key: dict[str, int] = {}
        for index in reversed(indexes):
            if (key := key_of(admissions[index])) is not None:
                first_by_key[key] = index
        later = [index for index in indexes if first_by_key.get(key_of(admissions[index]) or "", index) != index]
        reused = await self._find_elsewhere(first_by_key.values())
        tagged = {admissions[index].retry_tag or "": index for index in first_by_key.values() if index not in reused}
        retries = reused | await self._claim(tagged)
        self._open = sorted({*indexes} - {*later} - retries)
        claimed = await self._claim_votes([index for index in self._open if admissions[index].vote_ids])
        for slot in range(max(len(admissions[index].ids) for index in indexes)):
            if self._open:
                await self._try_slot(slot)
        await self._give_back_votes(claimed)
        await self._correct_claims({tag: index for tag, index in tagged.items() if index not in retries})
        await self.admit(later)

    async def _find_elsewhere(self, indexes: Iterable[int]) -> set[int]:
        """Answer those whose key has cast a ballot in another campaign; return their indexes."""
        index_by_tag = {tag: index for index in indexes for tag in self._attempt.admissions[index].other_tags}
        found = await find_retried(self._transaction, list(index_by_tag))
        for tag, ballot in found.items():
            self._answer(index_by_tag[tag], ballot, is_new=False)
        return {index_by_tag[tag] for tag in found}

    async def _claim(self, tagged: Mapping[str, int]) -> set[int]:
        """Claim the free tags, each for its ballot's first id; return the indexes of the others, which are retries."""
        if not tagged:
            return set()
        claims = [(tag, self._attempt.admissions[index].ids[0]) for tag, index in sorted(tagged.items())]
        free = {row["tag"] for row in await self._transaction.write_rows(CLAIM, ("text", "text"), claims)}
        known = [tag for tag in tagged if tag not in free]
        ballots = await find_retried(self._transaction, known)
        for tag in known:
            index = tagged[tag]
            if (ballot := ballots.get(tag)) is not None:
                self._answer(index, ballot, is_new=self._is_own(ballot, index))
        return {tagged[tag] for tag in known}

    async def _claim_votes(self, indexes: Sequence[int]) -> dict[int, str]:
        """Claim a slot of its project for each of these, and close those for which none is free; return the claims."""
        claimed: dict[int, str] = {}
        for slot in range(max((len(self._attempt.admissions[index].vote_ids) for index in indexes), default=0)):
            index_by_id: dict[str, int] = {}
            for index in indexes:
                ids = self._attempt.admissions[index].vote_ids
                if index not in claimed and slot < len(ids):
                    index_by_id.setdefault(ids[slot], index)
            rows = [(name,) for name in sorted(index_by_id)]
            free = await self._transaction.write_rows(CLAIM_VOTES, ("text",), rows) if rows else []
            claimed |= {index_by_id[row["id"]]: row["id"] for row in free}
        without = {*indexes} - claimed.keys()
        if self._attempt.repeated:
            await self._find_own(without)
        self._open = [index for index in self._open if index not in without]
        return claimed

    async def _give_back_votes(self, claimed: Mapping[int, str]) -> None:
        """Delete the claims of those whose ballot was not inserted now."""
        inserted = {ballot.id for ballot in self._inserted}
        unused = sorted(
            name
            for index, name in claimed.items()
            if not (isinstance(result := self.results[index], AdmissionResult) and result.ballot.id in inserted)
        )
        if unused:
            await self._transaction.rows(GIVE_BACK_VOTES.format(placeholders(unused)), *unused)

    async def _correct_claims(self, claimed: Mapping[str, int]) -> None:
        """Point every claim to the ballot that was stored in the end, and delete the claims of those that were not."""
        for tag, index in claimed.items():
            result, first = self.results[index], self._attempt.admissions[index].ids[0]
            if not isinstance(result, AdmissionResult):
                await self._transaction.rows("delete from retries where tag = $1", tag)
            elif result.ballot.id != first:
                await self._transaction.rows("update retries set ballot_key = $1 where tag = $2", result.ballot.id, tag)

    async def _try_slot(self, slot: int) -> None:
        """Insert every open ballot under its id of this slot."""
        index_by_id: dict[str, int] = {}
        for index in self._open:
            ids = self._attempt.admissions[index].ids
            if slot < len(ids):
                index_by_id.setdefault(ids[slot], index)
        for ballot_id in await self._insert(index_by_id):
            index = index_by_id[ballot_id]
            ballot = _new_ballot(ballot_id, self._attempt.admissions[index])
            self._answer(index, ballot, is_new=True)
            self._inserted.append(ballot)
            self._votes[ballot_id] = self._attempt.admissions[index].tallied
        if self._attempt.repeated:
            await self._find_own(self._open, slot)
        self._open = [index for index in self._open if self.results[index] is None]

    async def count(self) -> None:
        """Add the inserted ballots to this shard's rows, in one fixed order so that transactions never wait in a circle."""
        if not self._inserted:
            return
        shard = self._attempt.shard
        ballots_by_day: defaultdict[tuple[str, date, int, str], list[Ballot]] = defaultdict(list)
        for ballot in self._inserted:
            ballots_by_day[ballot.campaign, ballot.day, shard, ballot.channel.name].append(ballot)
        turnouts = [(*day, len(ballots)) for day, ballots in sorted(ballots_by_day.items())]
        tallies = [
            (*day, position, votes)
            for day, ballots in sorted(ballots_by_day.items())
            for position, votes in sorted(Counter(chain.from_iterable(self._votes[b.id] for b in ballots)).items())
        ]
        types = ("text", "date", "smallint", "text")
        await self._transaction.write_rows(COUNT_BALLOTS, (*types, "bigint"), turnouts)
        await self._transaction.write_rows(COUNT_VOTES, (*types, "smallint", "bigint"), tallies)

    async def _insert(self, index_by_id: dict[str, int]) -> list[str]:
        rows = [
            _insert_row(ballot_id, self._attempt.admissions[index]) for ballot_id, index in sorted(index_by_id.items())
        ]
        return [row["id"] for row in await self._transaction.write_rows(INSERT, TYPES, rows)] if rows else []

    async def _find_own(self, indexes: Iterable[int], slot: int | None = None) -> None:
        """Find the ballots of these that the attempt whose result was lost has stored, under the ids of this slot or of any."""
        for index in sorted(indexes):
            ids = self._attempt.admissions[index].ids
            for ballot in await find(self._transaction, ids if slot is None else ids[slot : slot + 1]):
                if self.results[index] is None and self._is_own(ballot, index):
                    self._answer(index, ballot, is_new=True)

    def _is_own(self, ballot: Ballot, index: int) -> bool:
        """Whether the attempt whose result was lost has stored this ballot: it is there exactly as we would have stored it.

        Of two admissions that are alike, each is answered with a ballot of its own.
        """
        admission, is_free = self._attempt.admissions[index], ballot.id not in self._answered
        return self._attempt.repeated and is_free and replace(ballot, ruling=None) == _new_ballot(ballot.id, admission)

    def _answer(self, index: int, ballot: Ballot, *, is_new: bool) -> None:
        self.results[index] = AdmissionResult(ballot, is_new)
        self._answered.add(ballot.id)


def _insert_row(ballot_id: str, admission: Admission) -> tuple[object, ...]:
    choices = bitmap(admission.positions, (max(admission.positions) + 7) // 8)
    return (ballot_id, admission.campaign, admission.day, admission.cast_at, admission.channel.name, choices)


def _new_ballot(ballot_id: str, admission: Admission) -> Ballot:
    positions = tuple(sorted(admission.positions))
    return Ballot(ballot_id, admission.campaign, admission.day, admission.cast_at, positions, channel=admission.channel)
