"""Have all ballots and rulings of a campaign wait to be sealed anew, in the order in which they may be sealed."""

from api.storage.database.connection import Database
from api.storage.database.urls import Dialect

BALLOTS = """
    insert into log_queue (campaign_id, ballots) select campaign_id, {joined} from (
        select campaign_id, id, (row_number() over (order by cast_at, id) - 1) / 1000 as portion
        from ballots where campaign_id = $1
    ) as numbered group by campaign_id, portion order by portion
"""
RULINGS = """
    insert into log_queue (campaign_id, ballots, ruling) select campaign_id, ballots.id, {ruling}
    from rulings join ballots on ballots.id = rulings.ballot_id where campaign_id = $1 order by rulings.id
"""
JOINED = {Dialect.POSTGRES: "string_agg(id, '')", Dialect.SQLITE: "group_concat(id, '')"}
RULING = {
    Dialect.POSTGRES: """
        jsonb_build_object('kind', kind, 'reason_sha256', encode(sha256(convert_to(reason, 'UTF8')), 'hex'))
    """,
    Dialect.SQLITE: "json_object('kind', kind, 'reason_sha256', sha256(reason))",
}


async def requeue(transaction: Database, campaign: str) -> None:
    """Queue everything once. transaction: one in which nobody casts a ballot in the campaign, or rules on one."""
    dialect = transaction.dialect
    await transaction.rows("delete from log_queue where campaign_id = $1", campaign)
    await transaction.rows(BALLOTS.format(joined=JOINED[dialect]), campaign)
    await transaction.rows(RULINGS.format(ruling=RULING[dialect]), campaign)
