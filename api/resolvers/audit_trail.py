"""Queries about the audit trail."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.audit_trail import TrailFilter, TrailKind
from api.domain.paging import MAX_PAGE_SIZE, page_size
from api.domain.people.identity import Role
from api.schema.audit_trail import TrailEntry
from api.schema.common.keyset_paging import decode_cursor, keyset_page
from api.schema.common.paging import After, Connection
from api.schema.common.roles import restricted

Kinds = Annotated[list[TrailKind] | None, strawberry.argument(description="Only entries of these kinds.")]
Campaign = Annotated[
    str | None,
    strawberry.argument(
        description="Only entries of the campaign with this slug. Required of a viewer who has the role in that campaign alone."
    ),
]
Since = Annotated[datetime | None, strawberry.argument(description="Only entries from this moment on.")]


First = Annotated[int | None, strawberry.argument(description=f"How many entries, 0 to {MAX_PAGE_SIZE}.")]


@strawberry.type
class TrailQueries:
    """Root fields that read the trail."""

    @restricted(
        Role.ORGANIZER,
        Role.AUDITOR,
        description="What happened besides voting, the newest first: refusals, failures to sign in, and what staff have "
        "changed. An entry shows within two seconds.",
    )
    async def trail(
        self,
        info: Info,
        kinds: Kinds = None,
        campaign: Campaign = None,
        since: Since = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[TrailEntry] | None:
        """A page of the trail."""
        slug = None if campaign is None else info.context.campaign(campaign).slug
        wanted = TrailFilter(tuple(kinds or ()), slug, since)
        size = page_size(20 if first is None else first, "first")
        found = await info.context.audit.events(wanted, size + 1, decode_cursor(after, "trail"))
        total = await info.context.audit.count(wanted)
        page = keyset_page("trail", [entry.number for entry in found], size, after, total)
        return Connection(page=page, nodes=[TrailEntry.of(entry) for entry in found[:size]])
