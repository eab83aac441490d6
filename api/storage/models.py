"""The tables as Tortoise models: the one statement of the schema, which a test compares with what the migrations make.

Rulings and suspicions are in suspicion_models, images in image_models, what results need besides tallies in result_models,
the panel in review_models, what stages have decided in selection_models, jobs in job_models, the ballot log in log_models.
Tortoise itself never creates the CHECKs in `Meta.constraints`; the migrations do.
"""

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyFieldInstance, ForeignKeyNullableRelation, ForeignKeyRelation
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


def _campaign() -> ForeignKeyFieldInstance["Campaign"]:
    return fields.ForeignKeyField("models.Campaign", on_delete=OnDelete.RESTRICT, related_name=False)


class Campaign(Model):
    """One selection: its texts, window, rules and stages. A text is {"translations": [[tag, text], …]}.

    importing: the job that makes it; until it is null nobody sees the campaign.
    """

    slug = fields.CharField(64, primary_key=True)
    revision = fields.IntField()
    state = fields.CharField(12)
    languages = fields.JSONField[list[object]]()
    title = fields.JSONField[dict[str, object]]()
    organizer = fields.JSONField[dict[str, object]]()
    candidate_term = fields.JSONField[dict[str, object]](null=True)
    cover = fields.JSONField[dict[str, object]](null=True)
    edition = fields.IntField(null=True)
    time_zone = fields.CharField(64)
    opens_at = fields.DatetimeField()
    closes_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)
    minimum_choices = fields.SmallIntField()
    maximum_choices = fields.SmallIntField()
    quota_limit = fields.SmallIntField()
    quota_period = fields.CharField(8)
    quota_per_channel = fields.BooleanField()
    rules = fields.JSONField[list[object]]()
    visibility = fields.CharField(24)
    results_at = fields.CharField(5, null=True)
    results_step = fields.CharField(8)
    project_order = fields.CharField(12, null=True)
    currency = fields.CharField(3, null=True)
    themes = fields.JSONField[list[object]]()
    own_districts = fields.JSONField[list[object]]()
    awards = fields.JSONField[list[object]]()
    pauses = fields.JSONField[list[object]]()
    extensions = fields.JSONField[list[object]]()
    voided_votes = fields.JSONField[list[object]]()
    panel = fields.JSONField[dict[str, object]](null=True)
    lot_digest = fields.CharField(64, null=True)
    announcements = fields.JSONField[list[object]](null=True)
    stages = fields.JSONField[list[object]]()
    criteria = fields.JSONField[list[object]]()
    source = fields.JSONField[dict[str, object]](null=True)
    voter_salt = fields.CharField(64, null=True)
    importing = fields.CharField(26, null=True)

    class Meta:
        table = "campaigns"


class District(Model):
    """A district of the shared gazetteer. Campaigns keep those of their own."""

    code = fields.CharField(12, primary_key=True)
    name = fields.JSONField[dict[str, object]]()

    class Meta:
        table = "districts"


class Project(Model):
    """A candidate. The id is the campaign's slug and the number, such as shanghai-2017/17."""

    id = fields.CharField(96, primary_key=True)
    campaign: ForeignKeyRelation[Campaign] = _campaign()
    number = fields.IntField()
    position = fields.SmallIntField()
    code = fields.CharField(64, null=True)
    title = fields.JSONField[dict[str, object]]()
    summary = fields.JSONField[dict[str, object]](null=True)
    organization = fields.JSONField[dict[str, object]](null=True)
    description = fields.JSONField[dict[str, object]](null=True)
    level = fields.CharField(12)
    district: ForeignKeyNullableRelation[District] = fields.ForeignKeyField(
        "models.District", on_delete=OnDelete.RESTRICT, related_name=False, null=True
    )
    own_district = fields.CharField(40, null=True)
    themes = fields.JSONField[list[object]]()
    start_year = fields.SmallIntField(null=True)
    figures = fields.JSONField[list[object]]()
    images = fields.JSONField[list[object]]()
    links = fields.JSONField[list[object]]()
    cost = fields.CharField(40, null=True)
    outcome = fields.CharField(16)
    award = fields.CharField(40, null=True)
    standing = fields.CharField(12)
    standing_reason = fields.JSONField[dict[str, object]](null=True)
    standing_since = fields.DatetimeField(null=True)
    replacement = fields.CharField(16, null=True)

    class Meta:
        table = "projects"
        unique_together = (("campaign", "number"), ("campaign", "position"), ("campaign", "code"))


class Ballot(Model):
    """One ballot, which names no voter.

    The id is an HMAC of voter, period and slot, so it is the quota: a second ballot for the same slot is the same row. choices
    is a bitmap, lowest bit of the first byte first: bit n-1 is for position n. client_tag: a hash of its idempotency key.
    """

    id = fields.CharField(26, primary_key=True)
    campaign: ForeignKeyRelation[Campaign] = _campaign()
    day = fields.DateField()
    cast_at = fields.DatetimeField()
    channel = fields.CharField(8)
    choices = fields.BinaryField()
    client_tag = fields.BinaryField(null=True)

    class Meta:
        table = "ballots"


class VoteSlot(Model):
    """That a voter has cast one of the votes for one project in a period: what keeps a second one out, naming nobody.

    The id is an HMAC of voter, period, project and slot.
    """

    id = fields.CharField(26, primary_key=True)

    class Meta:
        table = "vote_slots"


class Elector(Model):
    """A viewer, by pseudonym, on the list of those who may vote in a campaign."""

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Campaign] = _campaign()
    viewer = fields.CharField(26)

    class Meta:
        table = "electors"
        unique_together = (("campaign", "viewer"),)


class Retry(Model):
    """Which ballot a request with an idempotency key has cast: what tells a repeated request from a second ballot.

    ballot_key is the ballot's id, but no foreign key, so that either table can be distributed by its own primary key.
    """

    tag = fields.CharField(32, primary_key=True)
    ballot_key = fields.CharField(26)

    class Meta:
        table = "retries"


class Tally(Model):
    """The votes one shard counted for a project, by its position, on a voting day. The sum over shards is the result.

    A negative project counts those of its votes that were voided already when they were cast.
    """

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Campaign] = _campaign()
    day = fields.DateField()
    shard = fields.SmallIntField()
    channel = fields.CharField(8)
    project = fields.SmallIntField()
    votes = fields.BigIntField()

    class Meta:
        table = "tallies"
        unique_together = (("campaign", "day", "shard", "channel", "project"),)
        constraints = (CheckConstraint(check="votes >= 0", name="tallies_votes_check"),)


class Turnout(Model):
    """The ballots one shard counted on a voting day by a channel. The sum over shards is the turnout."""

    id = fields.BigIntField(primary_key=True)
    campaign: ForeignKeyRelation[Campaign] = _campaign()
    day = fields.DateField()
    shard = fields.SmallIntField()
    channel = fields.CharField(8)
    ballots = fields.BigIntField()

    class Meta:
        table = "turnouts"
        unique_together = (("campaign", "day", "shard", "channel"),)
        constraints = (CheckConstraint(check="ballots >= 0", name="turnouts_ballots_check"),)


class Spending(Model):
    """What one caller has used of a limit in a few seconds, at all processes. The id is a keyed hash of the caller."""

    id = fields.CharField(32, primary_key=True)
    period = fields.BigIntField()
    spent = fields.IntField()

    class Meta:
        table = "spendings"


class Grant(Model):
    """A role that staff have given a viewer. campaign is empty for a role in every campaign."""

    id = fields.BigIntField(primary_key=True)
    viewer = fields.CharField(26)
    role = fields.CharField(16)
    campaign = fields.CharField(64)

    class Meta:
        table = "grants"
        unique_together = (("viewer", "role", "campaign"),)


class Revocation(Model):
    """Every session older than this row is ended: the viewer's or, where viewer is null, everybody's."""

    number = fields.IntField(primary_key=True, generated=False)
    viewer = fields.CharField(26, null=True)

    class Meta:
        table = "revocations"


class TrailEntry(Model):
    """An audit event; the database itself refuses to change or delete it. Nobody appears by a name."""

    number = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    kind = fields.CharField(24)
    campaign = fields.CharField(64, null=True)
    actor = fields.CharField(26, null=True)
    details = fields.JSONField[dict[str, object]]()

    class Meta:
        table = "trail"
