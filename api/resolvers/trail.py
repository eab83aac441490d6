"""Reading the trail."""

import base64
import binascii
from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.faults import bad_input
from api.domain.paging import MOST, Page, page_size
from api.domain.people import Role
from api.domain.trail import TrailFilter, TrailKind
from api.schema.paging import After, Connection
from api.schema.roles import restricted
from api.schema.trail import TrailEntry

Kinds = Annotated[list[TrailKind] | None, strawberry.argument(description="Only entries of these kinds.")]
Campaign = Annotated[
    str | None,
    strawberry.argument(
        description="Only entries of the campaign with this slug. Required of a viewer who has the role in that campaign alone."
    ),
]
Since = Annotated[datetime | None, strawberry.argument(description="Only entries from this moment on.")]


First = Annotated[int | None, strawberry.argument(description=f"How many entries, 0 to {MOST}.")]


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
    ) -> Connection[TrailEntry]:
        """A page of the trail."""
        wanted = TrailFilter(tuple(kinds or ()), campaign, since)
        size = page_size(20 if first is None else first, "first")
        found = await info.context.recorder.trail.entries(wanted, size + 1, None if after is None else _number(after))
        shown, total = found[:size], await info.context.recorder.trail.count(wanted)
        numbers = tuple(entry.number for entry in shown)
        page = Page(
            keys=numbers,
            positions=range(len(numbers)),
            cursor=lambda position: _cursor(numbers[position]),
            has_next=len(found) > size,
            has_previous=after is not None,
            total=total,
        )
        return Connection(page=page, nodes=[TrailEntry.of(entry) for entry in shown])


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"trail/{number}".encode()).decode()


def _number(cursor: str) -> int:
    """The entry that a cursor of ours points at. Raises Fault BAD_INPUT."""
    try:
        kind, _, number = base64.b64decode(cursor, b"-_", validate=True).partition(b"/")
    except (binascii.Error, ValueError):
        kind = number = b""
    if kind == b"trail" and number.isdigit() and len(number) < 19:
        return int(number)
    raise bad_input(
        "after不是此列表的游标。",
        "after is no cursor of the trail. Use an endCursor that it has returned.",
        argument="after",
    )
