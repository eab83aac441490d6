"""The tables of rulings on ballots, and of the suspicions that may lead to them: the other part of models."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyFieldInstance, ForeignKeyRelation
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


def _reference(name: str) -> ForeignKeyFieldInstance[Any]:
    return fields.ForeignKeyField(name, on_delete=OnDelete.RESTRICT, related_name=False)


class Ruling(Model):
    """One organizer's decision about a ballot: HOLD, RELEASE or VOID. Rows are only added.

    step counts the rulings on a ballot from 1; the last one says where it stands. The unique key lets one of two
    organizers who decide about the same ballot at once come second. ruled_by is a name of the trail; null for staff.
    """

    id = fields.BigIntField(primary_key=True)
    ballot_id = fields.CharField(26)  # no foreign key: ballots may lie in partitions, or in other databases
    step = fields.SmallIntField()
    kind = fields.CharField(8)
    reason = fields.TextField()
    ruled_at = fields.DatetimeField()
    ruled_by = fields.CharField(26, null=True)

    class Meta:
        table = "rulings"
        unique_together = (("ballot_id", "step"),)


class Withdrawal(Model):
    """The ballots of a voting day that are held or voided now: their number where project is 0, else their votes for it.

    Tallies and turnouts hold what was cast; less this, it is what counts.
    """

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _reference("models.Campaign")
    day = fields.DateField()
    channel = fields.CharField(8)
    project = fields.SmallIntField()
    held = fields.BigIntField()
    voided = fields.BigIntField()

    class Meta:
        table = "withdrawals"
        unique_together = (("campaign", "day", "channel", "project"),)
        constraints = (
            CheckConstraint(check="held >= 0", name="withdrawals_held_check"),
            CheckConstraint(check="voided >= 0", name="withdrawals_voided_check"),
        )


class Signal(Model):
    """A trait of a ballot, shared by every ballot with the same key: choices, an address, a network, or haste.

    The key is an HMAC. Rows of no suspicion are deleted within hours, others after the retention. ballot_key is the ballot's
    id, but no foreign key, as in Retry.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(26)
    cast_at = fields.DatetimeField(db_index=True)
    ballot_key = fields.CharField(26)

    class Meta:
        table = "signals"
        unique_together = (("key", "cast_at", "ballot_key"),)


class Suspicion(Model):
    """Signals with one key that came too close in time: the ballots cast from first_at to last_at, both included."""

    number = fields.BigIntField(primary_key=True)
    key = fields.CharField(26, unique=True)
    campaign: ForeignKeyRelation[Any] = _reference("models.Campaign")
    kind = fields.CharField(16)
    first_at = fields.DatetimeField()
    last_at = fields.DatetimeField()

    class Meta:
        table = "suspicions"
