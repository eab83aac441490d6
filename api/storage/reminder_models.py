"""The table of reminders: a part of models."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyRelation
from tortoise.models import Model


class Reminder(Model):
    """A reminder that waits. recipient: encrypted; lease: the process that sends it, until leased_until, else null."""

    key = fields.CharField(26, primary_key=True)
    campaign: ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Campaign", on_delete=OnDelete.CASCADE, related_name=False
    )
    owner = fields.CharField(26)
    kind = fields.CharField(16)
    send_at = fields.DatetimeField(db_index=True)
    language = fields.CharField(8)
    recipient = fields.BinaryField()
    lease = fields.CharField(64, null=True)
    leased_until = fields.DatetimeField(null=True)

    class Meta:
        table = "reminders"
        unique_together = (("owner", "kind"),)
