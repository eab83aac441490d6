"""Know an idempotency key again in whatever campaign it is used, and have one ballot at a time use it.

A key's tags, one a campaign, cannot be derived from each other; whoever sends it gives them all.
"""

from collections.abc import Sequence
from hashlib import blake2b

from api.domain.voting.ballots import Admission
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect

LOCK = "select pg_advisory_xact_lock(key) from unnest($1::bigint[]) as keys (key)"


def key_of(admission: Admission) -> str | None:
    """The same for all ballots with one key of one voter, in whatever campaign; None for a ballot without a key."""
    return None if admission.retry_tag is None else min((admission.retry_tag, *admission.other_tags))


async def lock_keys(transaction: Database, admissions: Sequence[Admission]) -> None:
    """Lock the keys that other campaigns know under other tags, in one order: the primary key of tags cannot tell them apart.

    SQLite has one writing transaction at a time.
    """
    keys = {key_of(admission) for admission in admissions if admission.other_tags}
    locks = sorted({int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), signed=True) for key in keys if key})
    if locks and transaction.dialect is Dialect.POSTGRES:
        await transaction.rows(LOCK, locks)
