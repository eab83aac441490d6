"""The tables of the experts' panel: another part of models."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyFieldInstance, ForeignKeyRelation
from tortoise.models import Model


def _campaign() -> ForeignKeyFieldInstance[Any]:
    return fields.ForeignKeyField("models.Campaign", on_delete=OnDelete.RESTRICT, related_name=False)


class Expert(Model):
    """One of a panel, by a number within the campaign. viewer: their pseudonym, once they have accepted the invitation.

    code_digest: the SHA-256 of the code that accepts it; claim, claim_value: what else does. Both hold until expires_at.
    """

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _campaign()
    number = fields.SmallIntField()
    name = fields.CharField(200)
    organization = fields.CharField(200, null=True)
    viewer = fields.CharField(26, null=True)
    code_digest = fields.CharField(64, null=True, unique=True)
    claim = fields.CharField(64, null=True)
    claim_value = fields.CharField(200, null=True)
    invited_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    accepted_at = fields.DatetimeField(null=True)
    dropped_at = fields.DatetimeField(null=True)
    dropped_reason = fields.JSONField[dict[str, object]](null=True)

    class Meta:
        table = "experts"
        unique_together = (("campaign", "number"), ("campaign", "viewer"))


class Review(Model):
    """What an expert, by number, makes of a project, by number; also that it was assigned to them, or that they must not.

    scores: by criterion, as texts of decimals. by_organizer: whether the organizer has declared the conflict.
    """

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _campaign()
    expert = fields.SmallIntField()
    project = fields.IntField()
    state = fields.CharField(12)
    assigned = fields.BooleanField()
    scores = fields.JSONField[dict[str, object]]()
    comment = fields.TextField(null=True)
    reason = fields.TextField(null=True)
    by_organizer = fields.BooleanField()
    revision = fields.IntField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "reviews"
        unique_together = (("campaign", "expert", "project"),)


class ReviewRevision(Model):
    """What a review was from a moment on; the database itself refuses to change or delete it."""

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _campaign()
    expert = fields.SmallIntField()
    project = fields.IntField()
    revision = fields.IntField()
    at = fields.DatetimeField()
    state = fields.CharField(12)
    scores = fields.JSONField[dict[str, object]]()
    comment = fields.TextField(null=True)
    reason = fields.TextField(null=True)

    class Meta:
        table = "review_revisions"
        unique_together = (("campaign", "expert", "project", "revision"),)


class ExpertBallot(Model):
    """The projects, by number, that an expert names on the ballot of a stage."""

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _campaign()
    stage = fields.CharField(40)
    expert = fields.SmallIntField()
    choices = fields.JSONField[list[object]]()
    revision = fields.IntField()
    cast_at = fields.DatetimeField()

    class Meta:
        table = "expert_ballots"
        unique_together = (("campaign", "stage", "expert"),)
