"""The tables of the ballot log: what waits for it, the logs with their tiles and entries; and those of sign-ins by the day."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyFieldInstance, ForeignKeyRelation
from tortoise.models import Model


def _reference(name: str) -> ForeignKeyFieldInstance[Any]:
    return fields.ForeignKeyField(name, on_delete=OnDelete.RESTRICT, related_name=False)


class LogQueue(Model):
    """What one commit has stored of a campaign's ballots, or a ruling on some: it waits to be sealed.

    ballots: their ids of 26 characters, one after the other. ruling: {"kind", "reason_sha256"}; null for new ballots.
    """

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _reference("models.Campaign")
    ballots = fields.TextField()
    ruling = fields.JSONField[dict[str, object]](null=True)

    class Meta:
        table = "log_queue"


class Log(Model):
    """One generation of a campaign's log. Entries below size are sealed, those below published_size published under note.

    ballots: entries that are ballots. state: the facts that the log has stated, for comparison. continues: the head of the
    generation before.
    """

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _reference("models.Campaign")
    generation = fields.SmallIntField()
    origin = fields.CharField(400)
    size = fields.BigIntField()
    root = fields.BinaryField()
    ballots = fields.BigIntField()
    state = fields.JSONField[dict[str, object]]()
    sealed_at = fields.DatetimeField(null=True)
    published_size = fields.BigIntField()
    published_at = fields.DatetimeField(null=True)
    note = fields.TextField(null=True)
    continues = fields.JSONField[dict[str, object]](null=True)

    class Meta:
        table = "logs"
        unique_together = (("campaign", "generation"),)


class LogTile(Model):
    """The hashes of one tile, as many as there are so far: a partial tile is a prefix of them."""

    id = fields.BigIntField(primary_key=True)
    log: ForeignKeyRelation[Log] = _reference("models.Log")
    level = fields.SmallIntField()
    n = fields.BigIntField()
    hashes = fields.BinaryField()

    class Meta:
        table = "log_tiles"
        unique_together = (("log", "level", "n"),)


class LogBundle(Model):
    """The entries of one bundle, each after its length in two bytes; ballots: 26 characters an entry, dashes for no ballot."""

    id = fields.BigIntField(primary_key=True)
    log: ForeignKeyRelation[Log] = _reference("models.Log")
    n = fields.BigIntField()
    entries = fields.BinaryField()
    ballots = fields.TextField()

    class Meta:
        table = "log_bundles"
        unique_together = (("log", "n"),)


class LogBatch(Model):
    """Ballots that were sealed together: the first and the last of their places, and when the first and the last was cast."""

    id = fields.BigIntField(primary_key=True)
    log: ForeignKeyRelation[Log] = _reference("models.Log")
    first_place = fields.BigIntField()
    last_place = fields.BigIntField()
    first_cast_at = fields.DatetimeField()
    last_cast_at = fields.DatetimeField()

    class Meta:
        table = "log_batches"
        unique_together = (("log", "first_place"),)


class LogDocument(Model):
    """A document to whose digest entries of the log commit: rules, results, the record of a selection."""

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Any] = _reference("models.Campaign")
    sha256 = fields.CharField(64)
    kind = fields.CharField(12)
    content = fields.BinaryField()

    class Meta:
        table = "log_documents"
        unique_together = (("campaign", "sha256"),)


class SignIn(Model):
    """That somebody, by a keyed hash, has signed in on a day of this time zone, until the day is over and counted."""

    id = fields.BigIntField(primary_key=True)
    zone = fields.CharField(64)
    day = fields.DateField()
    key = fields.CharField(26)

    class Meta:
        table = "sign_ins"
        unique_together = (("zone", "day", "key"),)


class SignInDays(Model):
    """How many people have signed in on a day of this time zone."""

    id = fields.BigIntField(primary_key=True)
    zone = fields.CharField(64)
    day = fields.DateField()
    count = fields.BigIntField()

    class Meta:
        table = "sign_in_days"
        unique_together = (("zone", "day"),)
