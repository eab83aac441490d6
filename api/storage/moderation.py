"""Rulings on ballots on a database: a row each, and in the same transaction the count and the audit trail."""

from collections import Counter
from collections.abc import Iterable, Sequence

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.parts import VoidedVotes
from api.domain.campaigns.voided_votes import positions_voided_at
from api.domain.integrity.rulings import (
    BallotStatus,
    Ruling,
    RulingKind,
    RulingProblemCode,
    Verdict,
    problem,
    status_after,
)
from api.domain.voting.ballots import Ballot
from api.storage.audit_trail import write
from api.storage.ballots.lookup import find
from api.storage.campaign_rows import VOIDED_VOTES
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from api.storage.log.queueing import queue_ruling
from api.storage.withdrawals import WithdrawalKey, move

RULE = "insert into rulings (ballot_id, step, kind, reason, ruled_at, ruled_by) {}"
RULE_TYPES = ("text", "smallint", "text", "text", "timestamptz", "text")
STEPS = "select ballot_id, max(step) as step from rulings where ballot_id in ({}) group by ballot_id"
# Weaker than what a ballot's reference to its campaign waits for, so nobody who casts is kept waiting.
LOCK_CAMPAIGN = "select voided_votes from campaigns where slug = $1{}"
NO_KEY_UPDATE = " for no key update"
EVENT_KINDS = {
    RulingKind.HOLD: TrailKind.BALLOTS_HELD,
    RulingKind.RELEASE: TrailKind.BALLOTS_RELEASED,
    RulingKind.VOID: TrailKind.BALLOTS_VOIDED,
}


class SqlRulings:
    """ports.Rulings on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rule(self, campaign: str, ids: Sequence[str], ruling: Ruling) -> Verdict:
        """Make a ruling on these ballots, move the count and record it, all or nothing; one at a time in a campaign."""
        async with self._database.transaction() as transaction:
            voided_votes = await _lock(transaction, campaign)
            unique = tuple(dict.fromkeys(ids))
            ballots = {ballot.id: ballot for ballot in await find(transaction, unique) if ballot.campaign == campaign}
            problems = _problems(unique, ballots, ruling)
            ruled = [ballots[ballot_id] for ballot_id in unique if ballot_id not in problems]
            if ruled:
                await _insert(transaction, ruled, ruling)
                await queue_ruling(transaction, campaign, [ballot.id for ballot in ruled], ruling)
                await _move(transaction, campaign, ruled, ruling, voided_votes)
                await write(transaction, [_event(campaign, len(ruled), ruling)])
        return Verdict(tuple(ballot.id for ballot in ruled), tuple(problems.items()))


def _event(campaign: str, ballots: int, ruling: Ruling) -> AuditEvent:
    details = {"ballots": ballots, "reason": ruling.reason}
    return AuditEvent(ruling.at, EVENT_KINDS[ruling.kind], campaign, ruling.by, details)


def _problems(ids: Iterable[str], ballots: dict[str, Ballot], ruling: Ruling) -> dict[str, RulingProblemCode]:
    """Why the ruling cannot be made on some of the ballots, by their ids."""
    problems = {}
    for ballot_id in ids:
        ballot = ballots.get(ballot_id)
        if ballot is None:
            problems[ballot_id] = RulingProblemCode.NO_SUCH_BALLOT
        elif (code := problem(ballot.status, ruling.kind)) is not None:
            problems[ballot_id] = code
    return problems


async def _insert(transaction: Database, ballots: Sequence[Ballot], ruling: Ruling) -> None:
    placeholders = ", ".join(f"${n}" for n in range(1, len(ballots) + 1))
    rows = await transaction.rows(STEPS.format(placeholders), *(ballot.id for ballot in ballots))
    steps = {row["ballot_id"]: row["step"] for row in rows}
    values = (ruling.kind.name, ruling.reason, ruling.at, ruling.by)
    await transaction.write_rows(RULE, RULE_TYPES, [(b.id, steps.get(b.id, 0) + 1, *values) for b in ballots])


async def _lock(transaction: Database, campaign: str) -> tuple[VoidedVotes, ...]:
    """Keep other rulings and acts on the campaign waiting; return which votes in it are voided whatever the ballots are."""
    lock = (
        NO_KEY_UPDATE if transaction.dialect is Dialect.POSTGRES else ""
    )  # SQLite has one writing transaction at a time
    rows = await transaction.rows(LOCK_CAMPAIGN.format(lock), campaign)
    return VOIDED_VOTES.read(rows[0]["voided_votes"]) if rows else ()


async def _move(
    transaction: Database,
    campaign: str,
    ballots: Sequence[Ballot],
    ruling: Ruling,
    voided_votes: Sequence[VoidedVotes],
) -> None:
    """Move ballots and their votes between what counts, what is held and what is voided; and those that never count."""
    change: dict[BallotStatus, Counter[WithdrawalKey]] = {status: Counter() for status in BallotStatus}
    for ballot in ballots:
        day = (ballot.day, ballot.channel.name)
        keys = [(*day, 0), *((*day, position) for position in ballot.positions)]
        before, after = ballot.status, status_after(ruling.kind)
        change[before].subtract(keys)
        change[after].update(keys)
        uncounted = [(*day, -p) for p in positions_voided_at(voided_votes, ballot.cast_at) if p in ballot.positions]
        if before is BallotStatus.COUNTED:
            change[BallotStatus.HELD].update(uncounted)
        elif after is BallotStatus.COUNTED:
            change[BallotStatus.VOIDED].update(uncounted)
    await move(transaction, campaign, change[BallotStatus.HELD], change[BallotStatus.VOIDED])
