"""Rulings on ballots on a database: a row each, and in the same transaction the count and the audit trail."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from api.domain.audit_trail import AuditEvent, TrailKind
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
from api.storage.ballots.ballot_batch import find
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect

RULE = "insert into rulings (ballot_id, step, kind, reason, ruled_at, ruled_by) {}"
RULE_TYPES = ("text", "smallint", "text", "text", "timestamptz", "text")
STEPS = "select ballot_id, max(step) as step from rulings where ballot_id in ({}) group by ballot_id"
COLUMNS = "campaign_id, day, channel, project, held, voided"
TYPES = ("text", "date", "text", "smallint", "bigint", "bigint")
PREPARE = f"insert into withdrawals ({COLUMNS}) {{}} on conflict (campaign_id, day, channel, project) do nothing"
MOVE = f"""
    with change ({COLUMNS}) as ({{}})
    update withdrawals set held = withdrawals.held + change.held, voided = withdrawals.voided + change.voided
    from change where withdrawals.campaign_id = change.campaign_id
        and withdrawals.day = change.day and withdrawals.channel = change.channel and withdrawals.project = change.project
"""  # noqa: S608 - columns only
# Weaker than what a ballot's reference to its campaign waits for, so nobody who casts is kept waiting.
LOCK_CAMPAIGN = "select 1 from campaigns where slug = $1 for no key update"
EVENT_KINDS = {
    RulingKind.HOLD: TrailKind.BALLOTS_HELD,
    RulingKind.RELEASE: TrailKind.BALLOTS_RELEASED,
    RulingKind.VOID: TrailKind.BALLOTS_VOIDED,
}

WithdrawalKey = tuple[
    date, str, int
]  # a voting day, a channel, and a project's position or, for the ballots themselves, 0


class SqlRulings:
    """ports.Rulings on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rule(self, campaign: str, ids: Sequence[str], ruling: Ruling) -> Verdict:
        """Make a ruling on these ballots, move the count and record it, all or nothing; one at a time in a campaign."""
        async with self._database.transaction() as transaction:
            if transaction.dialect is Dialect.POSTGRES:  # SQLite has one writing transaction at a time anyway
                await transaction.rows(LOCK_CAMPAIGN, campaign)
            unique = tuple(dict.fromkeys(ids))
            ballots = {ballot.id: ballot for ballot in await find(transaction, unique) if ballot.campaign == campaign}
            problems = _problems(unique, ballots, ruling)
            ruled = [ballots[ballot_id] for ballot_id in unique if ballot_id not in problems]
            if ruled:
                await _insert(transaction, ruled, ruling)
                await _move(transaction, campaign, ruled, ruling)
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


async def _move(transaction: Database, campaign: str, ballots: Sequence[Ballot], ruling: Ruling) -> None:
    """Move ballots and their votes between what counts, what is held and what is voided."""
    change: dict[BallotStatus, Counter[WithdrawalKey]] = {status: Counter() for status in BallotStatus}
    for ballot in ballots:
        day = (ballot.day, ballot.channel.name)
        keys = [(*day, 0), *((*day, position) for position in ballot.positions)]
        change[ballot.status].subtract(keys)
        change[status_after(ruling.kind)].update(keys)
    held, voided = change[BallotStatus.HELD], change[BallotStatus.VOIDED]
    changed = sorted({*held, *voided})
    await transaction.write_rows(PREPARE, TYPES, [(campaign, *key, 0, 0) for key in changed])
    moves = [(campaign, *key, held[key], voided[key]) for key in changed]
    await transaction.write_rows(MOVE, TYPES, moves)
