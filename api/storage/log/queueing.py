"""What waits for the ballot log: a row for each commit and campaign, written in the transaction of what it is about."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from api.domain.integrity.rulings import Ruling
from api.storage.ballots.counts import Rows
from api.storage.database.connection import Database

QUEUE = "insert into log_queue (campaign_id, ballots) {}"
QUEUE_TYPES = ("text", "text")
QUEUE_RULING = "insert into log_queue (campaign_id, ballots, ruling) values ($1, $2, $3)"


def queue_rows(ballots: Iterable[tuple[Any, ...]]) -> Rows:
    """The rows for ballots that one commit stores, given by their own rows, which begin with id and campaign."""
    by_campaign: dict[str, list[str]] = {}
    for ballot_id, campaign, *_ in ballots:
        by_campaign.setdefault(campaign, []).append(ballot_id)
    return [(campaign, "".join(by_campaign[campaign])) for campaign in sorted(by_campaign)]


async def queue_ruling(transaction: Database, campaign: str, ids: Sequence[str], ruling: Ruling) -> None:
    """Have a ruling on these ballots wait: its reason is told to their voters, and to everybody by its digest."""
    said = {"kind": ruling.kind.name, "reason_sha256": sha256(ruling.reason.encode()).hexdigest()}
    await transaction.rows(QUEUE_RULING, campaign, "".join(ids), json.dumps(said))
