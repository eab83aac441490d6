"""The audit trail as organizers and auditors read it."""

import json
from datetime import datetime

import strawberry

from api.domain import audit_trail
from api.domain.audit_trail import TrailKind


@strawberry.type(description="One particular of an entry.")
class TrailDetail:
    """Shows one pair of domain.audit_trail.AuditEvent.details."""

    name: str = strawberry.field(description="What it is, such as `role`; the kinds say which there are.")
    value: str = strawberry.field(description="Its value as text; several values are separated by a comma and a space.")


@strawberry.type(
    description="Something that happened, on record for good: the database refuses to change or delete it. No person "
    "appears by a name, and ballots do not appear at all."
)
class TrailEntry:
    """Shows domain.audit_trail.RecordedEvent."""

    id: strawberry.ID = strawberry.field(description="Unique, and larger than that of every earlier entry.")
    at: datetime = strawberry.field(description="When it happened.")
    kind: TrailKind = strawberry.field(description="What happened.")
    campaign: str | None = strawberry.field(
        description="The slug of the campaign it happened in; null where it is of none."
    )
    actor: str | None = strawberry.field(
        description="Who did it: a name that is used in the trail alone, another one in every campaign. Null for staff, for "
        "whoever has not signed in, and where it cannot be known."
    )
    details: list[TrailDetail] = strawberry.field(
        description="More about it. `omitted` counts further entries of this kind that were too many to be written singly."
    )

    @classmethod
    def of(cls, recorded: audit_trail.RecordedEvent) -> "TrailEntry":
        entry = recorded.event
        return cls(
            id=strawberry.ID(str(recorded.number)),
            at=entry.at,
            kind=entry.kind,
            campaign=entry.campaign,
            actor=entry.actor,
            details=[TrailDetail(name=name, value=_as_text(value)) for name, value in entry.details.items()],
        )


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value)
