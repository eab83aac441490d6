"""The tables of what stages have decided: another part of models."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyFieldInstance, ForeignKeyRelation
from tortoise.models import Model


def _campaign() -> ForeignKeyFieldInstance[Any]:
    return fields.ForeignKeyField("models.Campaign", on_delete=OnDelete.RESTRICT, related_name=False)


class Selection(Model):
    """One version of what a stage has decided; the database itself refuses to change or delete it. The last one holds.

    record: all that went into it, as canonical JSON. outcome: what came of it, as JSON. trace: how, as plain text. digest:
    the SHA-256 of the trace. reason: why it replaces the version before, where that had been announced.
    """

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _campaign()
    stage = fields.CharField(40)
    version = fields.IntField()
    decided_at = fields.DatetimeField()
    record = fields.TextField()
    outcome = fields.TextField()
    trace = fields.TextField()
    digest = fields.CharField(64)
    reason = fields.JSONField[dict[str, object]](null=True)

    class Meta:
        table = "selections"
        unique_together = (("campaign", "stage", "version"),)


class Objection(Model):
    """What somebody holds against an announced outcome, and what the organizer has answered."""

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _campaign()
    stage = fields.CharField(40)
    number = fields.IntField()
    at = fields.DatetimeField()
    by = fields.CharField(200)
    project = fields.IntField(null=True)
    text = fields.TextField()
    answer = fields.JSONField[dict[str, object]](null=True)
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "objections"
        unique_together = (("campaign", "stage", "number"),)
