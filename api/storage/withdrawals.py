"""Votes and ballots that were cast and do not count, by voting day, channel and project.

Under a project: how many of its votes are on ballots that are held, and on voided ones. Under its negative position: the votes
that are voided whatever the ballot is, in `voided` as many as came to be so on ballots that count, in `held` those of them
whose ballots have ceased to count since. Together with what the tallies have there, it is how many are so now.
"""

from collections import Counter
from datetime import date, datetime
from typing import Any

from api.domain.campaigns.parts import VoidedVotes
from api.domain.campaigns.voided_votes import added_intervals, voided_intervals
from api.domain.integrity.rulings import RulingKind
from api.storage.database.connection import Database, as_date
from api.storage.database.urls import Dialect
from api.storage.rulings_sql import latest_ruling

COLUMNS = "campaign_id, day, channel, project, held, voided"
TYPES = ("text", "date", "text", "smallint", "bigint", "bigint")
PREPARE = f"insert into withdrawals ({COLUMNS}) {{}} on conflict (campaign_id, day, channel, project) do nothing"
MOVE = f"""
    with change ({COLUMNS}) as ({{}})
    update withdrawals set held = withdrawals.held + change.held, voided = withdrawals.voided + change.voided
    from change where withdrawals.campaign_id = change.campaign_id
        and withdrawals.day = change.day and withdrawals.channel = change.channel and withdrawals.project = change.project
"""  # noqa: S608 - columns only
VOTES = f"""
    select day, channel, latest.kind, count(*) as votes from ballots left join {latest_ruling("ballots.id")}
    where campaign_id = $1 and cast_at >= $2 and cast_at < $3 and {{names_project}}
    group by day, channel, latest.kind
"""  # noqa: S608 - columns only
COUNTING = (None, RulingKind.RELEASE.name)  # the last ruling on a ballot that counts

# A voting day, a channel, and a project's position, negative for its voided votes, or, for the ballots themselves, 0.
WithdrawalKey = tuple[date, str, int]


async def move(
    transaction: Database, campaign: str, held: Counter[WithdrawalKey], voided: Counter[WithdrawalKey]
) -> None:
    """Add to what is held and to what is voided, or take away from it. Only under a lock on the campaign."""
    changed = sorted({*held, *voided})
    await transaction.write_rows(PREPARE, TYPES, [(campaign, *key, 0, 0) for key in changed])
    moves = [(campaign, *key, held[key], voided[key]) for key in changed]
    await transaction.write_rows(MOVE, TYPES, moves)


async def void_votes(
    transaction: Database, campaign: str, before: tuple[VoidedVotes, ...], voided: VoidedVotes
) -> None:
    """Void the votes for a project on the ballots that count and were cast in a time that none before voided.

    Those on other ballots are voided when they count again: the rulings on them see to it.
    """
    added: Counter[WithdrawalKey] = Counter()
    for start, end in added_intervals(before, voided):
        for row in await _votes(transaction, campaign, voided.position, start, end):
            if row["kind"] in COUNTING:
                added[as_date(row["day"]), row["channel"], -voided.position] += row["votes"]
    if added:
        await move(transaction, campaign, Counter(), added)


async def uncounted_votes(
    database: Database, campaign: str, voided_votes: tuple[VoidedVotes, ...]
) -> Counter[tuple[date, int]]:
    """By day and position, the votes on ballots that count which are voided all the same."""
    found: Counter[tuple[date, int]] = Counter()
    for position in sorted({voided.position for voided in voided_votes}):
        for start, end in voided_intervals(voided_votes, position):
            for row in await _votes(database, campaign, position, start, end):
                if row["kind"] in COUNTING:
                    found[as_date(row["day"]), position] += row["votes"]
    return found


async def _votes(
    database: Database, campaign: str, position: int, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """How many ballots of a time name a project, by day, channel and the last ruling on them."""
    return await database.rows(VOTES.format(names_project=_names(database.dialect, position)), campaign, start, end)


def _names(dialect: Dialect, position: int) -> str:
    """The condition that a ballot's bitmap names a project: the least significant bit of the first byte is position 1."""
    byte, bit = divmod(position - 1, 8)
    if dialect is Dialect.POSTGRES:
        return f"case when octet_length(choices) > {byte} then (get_byte(choices, {byte}) & {1 << bit}) <> 0 else false end"
    digit = f"substr(hex(choices), {2 * byte + (2 if bit < 4 else 1)}, 1)"
    return f"length(choices) > {byte} and (instr('123456789ABCDEF', {digit}) & {1 << bit % 4}) <> 0"
