"""How rulings on ballots are kept: a row each, and in the same transaction the count and the trail."""

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
COLUMNS = "campaign_id, day, project, held, voided"
TYPES = ("text", "date", "smallint", "bigint", "bigint")
PREPARE = f"insert into withdrawals ({COLUMNS}) {{}} on conflict (campaign_id, day, project) do nothing"
MOVE = f"""
    with change ({COLUMNS}) as ({{}})
    update withdrawals set held = withdrawals.held + change.held, voided = withdrawals.voided + change.voided
    from change where withdrawals.campaign_id = change.campaign_id
        and withdrawals.day = change.day and withdrawals.project = change.project
"""  # noqa: S608 - columns only
# Weaker than what a ballot's reference to its campaign waits for, so nobody who casts is kept waiting.
TAKE_TURNS = "select 1 from campaigns where slug = $1 for no key update"
RECORDED = {
    RulingKind.HOLD: TrailKind.BALLOTS_HELD,
    RulingKind.RELEASE: TrailKind.BALLOTS_RELEASED,
    RulingKind.VOID: TrailKind.BALLOTS_VOIDED,
}

Place = tuple[date, int]


class SqlRulings:
    """The rulings on a database; see ports.Rulings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rule(self, campaign: str, ids: Sequence[str], ruling: Ruling) -> Verdict:
        """Make a ruling on these ballots, move the count and put it on record, all or nothing.

        Rulings of a campaign take turns.
        """
        async with self._database.transaction() as transaction:
            if transaction.dialect is Dialect.POSTGRES:  # on SQLite every transaction waits for its turn anyway
                await transaction.rows(TAKE_TURNS, campaign)
            wanted = tuple(dict.fromkeys(ids))
            found = {ballot.id: ballot for ballot in await find(transaction, wanted) if ballot.campaign == campaign}
            problems = _problems(wanted, found, ruling)
            open_to_it = [found[name] for name in wanted if name not in problems]
            if open_to_it:
                await _record(transaction, open_to_it, ruling)
                await _move(transaction, campaign, open_to_it, ruling)
                await write(transaction, [_entry(campaign, len(open_to_it), ruling)])
        return Verdict(tuple(ballot.id for ballot in open_to_it), tuple(problems.items()))


def _entry(campaign: str, ballots: int, ruling: Ruling) -> AuditEvent:
    return AuditEvent(
        ruling.at, RECORDED[ruling.kind], campaign, ruling.by, {"ballots": ballots, "reason": ruling.reason}
    )


def _problems(wanted: Iterable[str], found: dict[str, Ballot], ruling: Ruling) -> dict[str, RulingProblemCode]:
    problems = {}
    for name in wanted:
        ballot = found.get(name)
        if ballot is None:
            problems[name] = RulingProblemCode.NO_SUCH_BALLOT
        elif (wrong := problem(ballot.status, ruling.kind)) is not None:
            problems[name] = wrong
    return problems


async def _record(transaction: Database, ballots: Sequence[Ballot], ruling: Ruling) -> None:
    places = ", ".join(f"${n}" for n in range(1, len(ballots) + 1))
    rows = await transaction.rows(STEPS.format(places), *(ballot.id for ballot in ballots))
    steps = {row["ballot_id"]: row["step"] for row in rows}
    what = (ruling.kind.name, ruling.reason, ruling.at, ruling.by)
    await transaction.write_rows(RULE, RULE_TYPES, [(b.id, steps.get(b.id, 0) + 1, *what) for b in ballots])


async def _move(transaction: Database, campaign: str, ballots: Sequence[Ballot], ruling: Ruling) -> None:
    """Move ballots and their votes between what counts, what is held and what is voided."""
    change: dict[BallotStatus, Counter[Place]] = {status: Counter() for status in BallotStatus}
    for ballot in ballots:
        places = [(ballot.day, 0), *((ballot.day, number) for number in ballot.numbers)]
        change[ballot.status].subtract(places)
        change[status_after(ruling.kind)].update(places)
    held, voided = change[BallotStatus.HELD], change[BallotStatus.VOIDED]
    touched = [(campaign, *place) for place in sorted({*held, *voided})]
    await transaction.write_rows(PREPARE, TYPES, [(*place, 0, 0) for place in touched])
    await transaction.write_rows(MOVE, TYPES, [(*place, held[place[1:]], voided[place[1:]]) for place in touched])
