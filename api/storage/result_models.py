"""The tables of what results need besides tallies: another part of models."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyRelation
from tortoise.models import Model


class KeptOrder(Model):
    """An order of results that cursors refer to. The id is a digest of it. seen_at: seconds since 1970, to the hour or so."""

    id = fields.CharField(16, primary_key=True)
    places = fields.BinaryField()
    seen_at = fields.BigIntField(db_index=True)

    class Meta:
        table = "kept_orders"


class EarlierCounts(Model):
    """The counts of a campaign's ballots cast before a moment, as compressed JSON: what every process shows from then on."""

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Campaign", on_delete=OnDelete.RESTRICT, related_name=False
    )
    moment = fields.DatetimeField()
    counts = fields.BinaryField()

    class Meta:
        table = "earlier_counts"
        unique_together = (("campaign", "moment"),)
