"""The SQL of signals: write them, search them for bursts, read them as suspicions, delete the expired ones."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from api.domain.integrity.rulings import RulingKind, problem, status_after
from api.domain.integrity.signals import Signal
from api.domain.integrity.suspicions import MAX_SPAN_MINUTES, Suspicion, SuspicionKind, Threshold, Thresholds, burst
from api.storage.database.connection import Database, as_moment
from api.storage.rulings_sql import latest_ruling

UNSUSPICIOUS_TTL = timedelta(minutes=2 * MAX_SPAN_MINUTES)  # how long a signal is kept that no suspicion rests on
DELETE_BATCH = 5_000  # rows deleted in one statement
WRITE = "insert into signals (key, cast_at, ballot_key) {} on conflict do nothing"
TYPES = ("text", "timestamptz", "text")
# Whether the n-th newest signal of a key is recent enough for a burst that one of the new ones belongs to.
MAY_BURST = """
    with candidate (key, since) as ({{}})
    select key from candidate where since <= (
        select cast_at from signals where signals.key = candidate.key order by cast_at desc limit 1 offset {offset}
    )
"""
NEWEST = "select cast_at from signals where key = $1 order by cast_at desc limit $2"
SUSPECT = """
    insert into suspicions (key, campaign_id, kind, first_at, last_at) {} on conflict (key) do update set
        first_at = case when excluded.first_at < suspicions.first_at then excluded.first_at else suspicions.first_at end,
        last_at = case when excluded.last_at > suspicions.last_at then excluded.last_at else suspicions.last_at end
"""
SUSPECT_TYPES = ("text", "text", "text", "timestamptz", "timestamptz")
SUSPICIONS = f"""
    select number, suspect.key, campaign_id, suspect.kind, first_at, last_at, count(*) as ballots,
        sum(case when latest.kind = 'HOLD' then 1 else 0 end) as held,
        sum(case when latest.kind = 'VOID' then 1 else 0 end) as voided
    from (select * from suspicions where {{condition}} order by number desc {{limit}}) as suspect
    join signals on signals.key = suspect.key and cast_at >= first_at and cast_at <= last_at
        left join {latest_ruling("ballot_key")}
    group by number, suspect.key, campaign_id, suspect.kind, first_at, last_at order by number desc
"""  # noqa: S608 - conditions are ours, their values parameters
MEMBERS = f"""
    select ballot_key from signals left join {latest_ruling("ballot_key")}
    where key = $1 and cast_at >= $2 and cast_at <= $3 and coalesce(latest.kind, '') in ({{kinds}})
    order by cast_at, ballot_key limit $4
"""  # noqa: S608 - names of our own enum
DELETE_ORDINARY = """
    delete from signals where id in (
        select id from signals where cast_at < $1 and not exists (
            select 1 from suspicions where suspicions.key = signals.key and cast_at >= first_at and cast_at <= last_at
        ) order by cast_at limit $2
    ) returning id
"""
DELETE_OLD = "delete from signals where id in (select id from signals where cast_at < $1 limit $2) returning id"
DELETE_SUSPICIONS = "delete from suspicions where last_at < $1"


async def write(database: Database, signals: Sequence[Signal]) -> None:
    """Store signals; those that are stored already stay as they are."""
    await database.write_rows(WRITE, TYPES, sorted((s.key, s.cast_at, s.ballot_id) for s in signals))


async def suspect(database: Database, signals: Iterable[Signal], thresholds: Thresholds) -> None:
    """Store or extend the suspicions that these newly stored signals belong to."""
    for kind, threshold in thresholds.items():
        new: dict[str, list[Signal]] = {}
        for signal in signals:
            if signal.kind is kind:
                new.setdefault(signal.key, []).append(signal)
        keys = await _keys_to_search(database, new, threshold)
        rows = [await _suspicion_row(database, new[key], threshold) for key in keys]
        if suspicions := sorted(row for row in rows if row is not None):
            await database.write_rows(SUSPECT, SUSPECT_TYPES, suspicions)


async def delete_expired(database: Database, now: datetime, retention: timedelta) -> bool:
    """Delete what is no longer to be kept, a bounded number of rows; return whether there may be more.

    A signal without a suspicion goes after UNSUSPICIOUS_TTL, everything else after the retention.
    """
    ordinary = await database.rows(DELETE_ORDINARY, now - UNSUSPICIOUS_TTL, DELETE_BATCH)
    old = await database.rows(DELETE_OLD, now - retention, DELETE_BATCH)
    await database.rows(DELETE_SUSPICIONS, now - retention)
    return DELETE_BATCH in (len(ordinary), len(old))


async def read(database: Database, condition: str, values: Sequence[object], limit: int) -> tuple[Suspicion, ...]:
    """The newest suspicions that meet a condition on their own columns."""
    sql = SUSPICIONS.format(condition=condition, limit=f"limit {limit:d}")
    return tuple(_suspicion(row) for row in await database.rows(sql, *values))


async def members(database: Database, suspicion: Suspicion, ruling: RulingKind | None, limit: int) -> tuple[str, ...]:
    """The ids of the first ballots of a suspicion by time, of those alone on which the ruling can be made; None means all."""
    latest = [kind for kind in (None, *RulingKind) if ruling is None or problem(status_after(kind), ruling) is None]
    kinds = ", ".join(f"'{kind.name if kind else ''}'" for kind in latest)
    span = (suspicion.first_at, suspicion.last_at)
    rows = await database.rows(MEMBERS.format(kinds=kinds), suspicion.key, *span, limit)
    return tuple(row["ballot_key"] for row in rows)


async def _keys_to_search(database: Database, new: dict[str, list[Signal]], threshold: Threshold) -> list[str]:
    """The keys that may have a burst, as one earlier signal of each shows."""
    if not new:
        return []
    rows = sorted((key, min(s.cast_at for s in signals) - threshold.span) for key, signals in new.items())
    sql = MAY_BURST.format(offset=threshold.ballots - 1)
    return [row["key"] for row in await database.write_rows(sql, ("text", "timestamptz"), rows)]


async def _suspicion_row(database: Database, new: Sequence[Signal], threshold: Threshold) -> tuple[Any, ...] | None:
    """The row of the suspicion that a key's new signals belong to; None when they are in no burst."""
    rows = await database.rows(NEWEST, new[0].key, threshold.ballots + len(new))
    span = burst([as_moment(row["cast_at"]) for row in reversed(rows)], threshold)
    return None if span is None else (new[0].key, new[0].campaign, new[0].kind.name, *span)


def _suspicion(row: dict[str, Any]) -> Suspicion:
    return Suspicion(
        number=row["number"],
        key=row["key"],
        campaign=row["campaign_id"],
        kind=SuspicionKind[row["kind"]],
        first_at=as_moment(row["first_at"]),
        last_at=as_moment(row["last_at"]),
        ballots=row["ballots"],
        held=row["held"],
        voided=row["voided"],
    )
