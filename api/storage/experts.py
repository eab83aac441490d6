"""The experts of panels on a database."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from api.domain.review.panel import Expert, dropped
from api.storage.database.connection import Database, as_moment
from api.storage.project_rows import TEXT

READ = """
    select number, name, organization, viewer, claim, claim_value, invited_at, expires_at, accepted_at, dropped_at,
        dropped_reason
    from experts where campaign_id = $1 order by number
"""
INSERT = """
    insert into experts (campaign_id, number, name, organization, code_digest, claim, claim_value, invited_at, expires_at) {}
"""
TYPES = ("text", "smallint", "text", "text", "text", "text", "text", "timestamptz", "timestamptz")
# The code is deleted with its use, so that nothing tells a used one from one that never was.
ACCEPT = """
    update experts set viewer = $3, accepted_at = $4, code_digest = null where campaign_id = $1 and number = $2
        and viewer is null and dropped_at is null
    returning number
"""
DROP = """
    update experts set dropped_at = $3, dropped_reason = $4, code_digest = null where campaign_id = $1 and number = $2
        and dropped_at is null
    returning number
"""
BY_CODE = "select campaign_id, number from experts where code_digest = $1"
OF_VIEWER = "select campaign_id from experts where viewer = $1 order by campaign_id"


async def experts(database: Database, slug: str) -> tuple[Expert, ...]:
    """All experts of a campaign, by number."""
    return tuple(_expert(row) for row in await database.rows(READ, slug))


async def dropped_experts(database: Database, slug: str) -> int:
    """How many experts of a campaign were on the panel and no longer are."""
    return dropped(await experts(database, slug))


async def insert_experts(database: Database, slug: str, invited: Sequence[Expert], codes: Mapping[int, str]) -> None:
    """Store new experts with the digests of their codes, by number."""
    rows = [
        (
            slug,
            expert.number,
            expert.name,
            expert.organization,
            codes.get(expert.number),
            *(expert.claim or (None, None)),
            expert.invited_at,
            expert.expires_at,
        )
        for expert in invited
    ]
    await database.write_rows(INSERT, TYPES, rows)


async def expert_with_code(database: Database, code: str) -> tuple[str, int] | None:
    """The campaign and the number of the expert whose invitation is accepted by the code with this digest."""
    rows = await database.rows(BY_CODE, code)
    return (rows[0]["campaign_id"], rows[0]["number"]) if rows else None


async def panels_of(database: Database, viewer: str) -> tuple[str, ...]:
    """The slugs of the campaigns that a viewer is or was an expert of, in order."""
    return tuple(row["campaign_id"] for row in await database.rows(OF_VIEWER, viewer))


async def update_accepted(database: Database, slug: str, expert: Expert) -> None:
    """Store who has accepted an invitation when. Raises LookupError unless it was open."""
    if not await database.rows(ACCEPT, slug, expert.number, expert.viewer, expert.accepted_at):
        raise LookupError(f"the invitation of expert {expert.number} of {slug} is not open")


async def update_dropped(database: Database, slug: str, expert: Expert) -> None:
    """Store when an expert was dropped, and why. Raises LookupError when they were before."""
    reason = json.dumps(TEXT.dump(expert.dropped_reason), ensure_ascii=False)
    if not await database.rows(DROP, slug, expert.number, expert.dropped_at, reason):
        raise LookupError(f"expert {expert.number} of {slug} is dropped already")


def _expert(row: Mapping[str, Any]) -> Expert:
    accepted_at, dropped_at, reason = row["accepted_at"], row["dropped_at"], row["dropped_reason"]
    return Expert(
        number=row["number"],
        name=row["name"],
        organization=row["organization"],
        invited_at=as_moment(row["invited_at"]),
        expires_at=as_moment(row["expires_at"]),
        claim=None if row["claim"] is None else (row["claim"], row["claim_value"]),
        viewer=row["viewer"],
        accepted_at=None if accepted_at is None else as_moment(accepted_at),
        dropped_at=None if dropped_at is None else as_moment(dropped_at),
        dropped_reason=TEXT.read(reason),
    )
