"""How do the ballots of a database lie, in one table or in partitions by voting day, and what does not go with that?"""

from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode
from api.domain.errors import OperatorError
from api.domain.texts import Text
from api.domain.voting.quota import Quota, QuotaPeriod
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect

PARTITIONED = """
    select partdefid <> 0 as takes_any_day from pg_partitioned_table where partrelid = to_regclass('ballots')
"""
WITH_WHOLE_QUOTA = "select slug from campaigns where quota_period = $1 order by slug"


class QuotaRefused(ActFailed, OperatorError):
    """A quota for a whole campaign where ballots lie in partitions by voting day: one id may be there on each of them."""

    def __init__(self, *path: str) -> None:
        message = Text(
            "本库的选票按投票日分区存放，无法保证按整个评选计的限额：请将period改为DAY或HOUR，或使用未分区的数据库。",
            "This database keeps ballots in partitions by voting day, where a quota for the whole campaign would not hold: "
            "take the period DAY or HOUR, or a database without partitions.",
        )
        super().__init__([Problem(ProblemCode.INVALID_INPUT, message, path)])


class LayoutRefused(OperatorError):
    """Ballots lie in partitions by voting day in a way in which some would be stored twice, or not at all."""


async def require_quota(database: Database, quota: Quota, *path: str) -> None:
    """Raise QuotaRefused, of this place in what was sent, unless the quota holds as the ballots lie."""
    if quota.period is QuotaPeriod.CAMPAIGN and await has_partitions(database):
        raise QuotaRefused(*path)


async def require_layout(database: Database) -> None:
    """Raise LayoutRefused unless every ballot of every campaign can be stored as the ballots lie, and once."""
    takes_any_day = await _partitions(database)
    if takes_any_day is None:
        return
    if not takes_any_day:
        raise LayoutRefused(
            "Ballots lie in partitions, and none takes a day that has no partition of its own: make one with "
            "`CREATE TABLE ballots_of_other_days PARTITION OF ballots DEFAULT`."
        )
    rows = await database.rows(WITH_WHOLE_QUOTA, QuotaPeriod.CAMPAIGN.name)
    if rows:
        slugs = ", ".join(row["slug"] for row in rows)
        raise LayoutRefused(
            f"Ballots lie in partitions by voting day, where a quota for the whole campaign does not hold ({slugs}): "
            "serve those campaigns from a database without partitions."
        )


async def has_partitions(database: Database) -> bool:
    """Whether ballots lie in partitions."""
    return await _partitions(database) is not None


async def _partitions(database: Database) -> bool | None:
    """Whether one of the partitions takes any day; None where the ballots lie in no partitions."""
    if database.dialect is not Dialect.POSTGRES:
        return None
    rows = await database.rows(PARTITIONED)
    return bool(rows[0]["takes_any_day"]) if rows else None
