"""Store a batch of ballots in one transaction: recognise retries, insert, count.

A retry tag is claimed before its ballot is inserted, so that of two requests with one tag the second waits for the first
to commit, in this process or another, and then finds the ballot that it has cast. Where votes are cast one by one, a slot of
the project is claimed in the same way, and given back where the ballot then finds no slot of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from api.domain.errors import ApiError
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot, StoredBatch
from api.storage.ballots.ballot_rows import COLUMNS, TYPES, ballot_row, new_ballot
from api.storage.ballots.conflict_backoff import ConflictBackoff
from api.storage.ballots.counts import COUNT_BALLOTS, COUNT_VOTES, TALLY_TYPES, TURNOUT_TYPES, counts_of
from api.storage.ballots.current_terms import campaign_changed, outdated
from api.storage.ballots.lookup import find, find_retried, placeholders
from api.storage.ballots.new_ballots import CannotStoreAtOnce, store_new_ballots
from api.storage.ballots.retry_keys import key_of, lock_keys
from api.storage.database.connection import Database
from api.storage.log.queueing import QUEUE, QUEUE_TYPES, queue_rows

INSERT = f"insert into ballots ({COLUMNS}) {{}} on conflict do nothing returning id"
CLAIM = "insert into retries (tag, ballot_key) {} on conflict do nothing returning tag"
CLAIM_VOTES = "insert into vote_slots (id) {} on conflict do nothing returning id"
GIVE_BACK_VOTES = "delete from vote_slots where id in ({})"

BatchResult = AdmissionResult | ApiError | None  # a ballot, why it has to be judged anew, or None when no id is free


@dataclass(frozen=True, slots=True)
class BatchAttempt:
    """A batch to store. repeated: an earlier attempt may have been committed although its result was lost."""

    admissions: tuple[Admission, ...]
    shard: int
    repeated: bool = False
    backoff: ConflictBackoff = field(default_factory=ConflictBackoff, compare=False)

    def again(self) -> "BatchAttempt":
        """The same batch after a connection was lost."""
        return replace(self, repeated=True)

    @property
    def may_be_new(self) -> bool:
        """Whether it is likely that all of these are new, and quick to see that they are."""
        return not self.repeated and all(len(each.ids) == 1 and not each.vote_ids for each in self.admissions)


async def admit_all(database: Database, attempt: BatchAttempt) -> list[BatchResult]:
    """Store and count a batch in one transaction; return what came of each admission."""
    if database.is_distributed or not attempt.may_be_new:
        return await _admit_with_care(database, attempt)
    backoff = attempt.backoff
    if backoff.one_step:
        try:
            if await store_new_ballots(database, attempt.admissions, attempt.shard):
                batch = StoredBatch()
                return [AdmissionResult(new_ballot(each.ids[0], each, batch), True) for each in attempt.admissions]
        except CannotStoreAtOnce:
            backoff.give_up()
        backoff.note_conflict()
        return await _admit_with_care(database, attempt)
    results = await _admit_with_care(database, attempt)
    if all(isinstance(result, AdmissionResult) and result.is_new for result in results):
        backoff.note_clean()
    else:
        backoff.note_conflict()
    return results


async def _admit_with_care(database: Database, attempt: BatchAttempt) -> list[BatchResult]:
    """The same, whatever there is already."""
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
        self._inserted: dict[str, Admission] = {}  # by the id that the ballot got
        self._stored = StoredBatch()
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
        free = {row["tag"] for row in await self._transaction.write_rows(CLAIM, ("text", "text"), claims, spread=True)}
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
        await self._find_own(without)
        self._open = [index for index in self._open if index not in without]
        return claimed

    async def _give_back_votes(self, claimed: Mapping[int, str]) -> None:
        """Delete the claims of those whose ballot was not inserted now."""
        unused = sorted(
            name
            for index, name in claimed.items()
            if not (isinstance(result := self.results[index], AdmissionResult) and result.ballot.id in self._inserted)
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
        admissions = {name: self._attempt.admissions[index] for name, index in sorted(index_by_id.items())}
        rows = [ballot_row(ballot_id, admission) for ballot_id, admission in admissions.items()]
        for row in await self._transaction.write_rows(INSERT, TYPES, rows, spread=True) if rows else ():
            admission = self._inserted[row["id"]] = admissions[row["id"]]
            self._answer(index_by_id[row["id"]], new_ballot(row["id"], admission, self._stored), is_new=True)
        await self._find_own(self._open, slot)
        self._open = [index for index in self._open if self.results[index] is None]

    async def count(self) -> None:
        """Add the inserted ballots to this shard's rows, and to what waits for the ballot log."""
        turnouts, tallies = counts_of(self._inserted.values(), self._attempt.shard)
        if turnouts:
            await self._transaction.write_rows(COUNT_BALLOTS, TURNOUT_TYPES, turnouts)
            await self._transaction.write_rows(COUNT_VOTES, TALLY_TYPES, tallies)
            waiting = queue_rows((name, self._inserted[name].campaign) for name in sorted(self._inserted))
            await self._transaction.write_rows(QUEUE, QUEUE_TYPES, waiting)

    async def _find_own(self, indexes: Iterable[int], slot: int | None = None) -> None:
        """Find the ballots of these that the attempt whose result was lost has stored, under the ids of this slot or of any."""
        for index in sorted(indexes) if self._attempt.repeated else ():
            ids = self._attempt.admissions[index].ids
            for ballot in await find(self._transaction, ids if slot is None else ids[slot : slot + 1]):
                if self.results[index] is None and self._is_own(ballot, index):
                    self._answer(index, ballot, is_new=True)

    def _is_own(self, ballot: Ballot, index: int) -> bool:
        """Whether the attempt whose result was lost has stored this ballot: it is there exactly as we would have stored it.

        Of two admissions that are alike, each is answered with a ballot of its own.
        """
        admission, is_free = self._attempt.admissions[index], ballot.id not in self._answered
        return self._attempt.repeated and is_free and replace(ballot, ruling=None) == new_ballot(ballot.id, admission)

    def _answer(self, index: int, ballot: Ballot, *, is_new: bool) -> None:
        self.results[index] = AdmissionResult(ballot, is_new)
        self._answered.add(ballot.id)
