"""The tables of jobs, their files, and what came in by them: another part of models."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyFieldInstance, ForeignKeyRelation
from tortoise.models import Model


def _campaign() -> ForeignKeyFieldInstance[Any]:
    return fields.ForeignKeyField("models.Campaign", on_delete=OnDelete.RESTRICT, related_name=False)


class Job(Model):
    """An import or an export. lease: the process that works at it, until leased_until; both null while nobody does."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(26, unique=True)
    kind = fields.CharField(8)
    content = fields.CharField(12)
    state = fields.CharField(24, db_index=True)
    campaign = fields.CharField(64, null=True)
    terms = fields.JSONField[dict[str, object]]()
    requested_by = fields.CharField(26, null=True, db_index=True)
    language = fields.CharField(2)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    received = fields.BigIntField()
    size = fields.BigIntField(null=True)
    sha256 = fields.CharField(64, null=True)
    done = fields.BigIntField()
    total = fields.BigIntField(null=True)
    problems = fields.JSONField[list[object]]()
    problem_count = fields.IntField()
    result = fields.JSONField[dict[str, object]](null=True)
    checkpoint = fields.TextField(null=True)
    approved_by = fields.CharField(26, null=True)
    approved_at = fields.DatetimeField(null=True)
    cancel_requested = fields.BooleanField()
    cancelled_by = fields.CharField(26, null=True)
    attempts = fields.SmallIntField()
    session_roles = fields.JSONField[list[object]]()
    session_version = fields.BigIntField()
    lease = fields.CharField(64, null=True)
    leased_until = fields.DatetimeField(null=True)

    class Meta:
        table = "jobs"


class JobPiece(Model):
    """A piece of a job's file: the bytes from `start` on."""

    id = fields.BigIntField(primary_key=True)
    job: ForeignKeyRelation[Any] = fields.ForeignKeyField("models.Job", on_delete=OnDelete.CASCADE, related_name=False)
    start = fields.BigIntField()
    content = fields.BinaryField()

    class Meta:
        table = "job_pieces"
        unique_together = (("job", "start"),)


class ImportedFile(Model):
    """The file that a campaign was made from. extras: what it says that campaigns have no place for."""

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = fields.OneToOneField(
        "models.Campaign", on_delete=OnDelete.RESTRICT, related_name=False
    )
    job = fields.CharField(26)
    format = fields.CharField(12)
    name = fields.CharField(200)
    sha256 = fields.CharField(64)
    imported_at = fields.DatetimeField()
    result = fields.JSONField[dict[str, object]]()
    extras = fields.JSONField[dict[str, object]]()

    class Meta:
        table = "imported_files"


class PaperBatch(Model):
    """Approved ballots of a polling place, by the digest of what they say; counted_at: null until they are counted."""

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _campaign()
    digest = fields.CharField(64)
    place = fields.CharField(200)
    day = fields.DateField()
    channel = fields.CharField(8)
    job = fields.CharField(26)
    approved_by = fields.CharField(26)
    approved_at = fields.DatetimeField()
    ballots = fields.IntField()
    counted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "paper_batches"
        unique_together = (("campaign", "digest"),)
