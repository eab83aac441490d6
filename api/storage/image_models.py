"""The tables of images: a part of models."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyRelation
from tortoise.models import Model


class Image(Model):
    """An image that was uploaded for a campaign. The id is the SHA-256 of its content; format is JPEG or PNG."""

    id = fields.CharField(64, primary_key=True)
    campaign: ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Campaign", on_delete=OnDelete.RESTRICT, related_name=False
    )
    format = fields.CharField(4)
    width = fields.SmallIntField()
    height = fields.SmallIntField()
    content = fields.BinaryField()

    class Meta:
        table = "images"


class ImageSize(Model):
    """An image at a smaller width, in the same format: made once, when it is first asked for."""

    id = fields.BigIntField(primary_key=True)
    image: ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Image", on_delete=OnDelete.CASCADE, related_name=False
    )
    width = fields.SmallIntField()
    height = fields.SmallIntField()
    content = fields.BinaryField()

    class Meta:
        table = "image_sizes"
        unique_together = (("image", "width"),)
