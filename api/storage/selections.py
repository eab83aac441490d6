"""What stages have decided on a database, as versions that are never changed, and what experts' reviews give to it."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from api.domain.campaigns.parts import Announcement
from api.domain.review.aggregation import Scored
from api.domain.selection.official_counts import OfficialCounts
from api.domain.selection.outcome import Outcome
from api.domain.selection.versions import (
    Objection,
    SelectionTexts,
    SelectionVersion,
    StageSelection,
    announced_versions,
)
from api.storage.database.connection import Database
from api.storage.experts import dropped_experts
from api.storage.json_columns import JsonColumn
from api.storage.official_counts import official_counts
from api.storage.project_rows import TEXT
from api.storage.selection_models import Objection as ObjectionRow
from api.storage.selection_models import Selection as SelectionRow

REVIEWS = """
    select expert, project, scores from reviews where campaign_id = $1 and state = 'SUBMITTED'
    and expert not in (select number from experts where campaign_id = $1 and dropped_at is not null)
"""
OUTCOME = JsonColumn(TypeAdapter(Outcome))
SCORES = JsonColumn(TypeAdapter(dict[str, Decimal]))  # texts of decimals: no float comes between
COLUMNS = ("campaign_id", "stage", "version", "decided_at", "outcome", "digest", "reason")  # all but the long texts


class SqlSelections:
    """ports.Selections on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self, campaign: str, days: Collection[date]) -> OfficialCounts:
        """The votes and ballots of these voting days that count."""
        return await official_counts(self._database, campaign, days)

    async def reviews(self, campaign: str) -> tuple[Scored, ...]:
        """The submitted reviews of experts who were not dropped."""
        rows = await self._database.rows(REVIEWS, campaign)
        return tuple(Scored(row["expert"], row["project"], SCORES.read(row["scores"])) for row in rows)

    async def dropped(self, campaign: str) -> int:
        """How many experts were on the panel and no longer are: who never accepted lowers no quorum."""
        return await dropped_experts(self._database, campaign)

    async def versions(self, campaign: str, stage: str) -> tuple[SelectionVersion, ...]:
        """All versions of what a stage has decided, the earliest first."""
        async with self._database.outages_reported():
            rows = await SelectionRow.filter(campaign_id=campaign, stage=stage).order_by("version").values(*COLUMNS)
        return tuple(map(_version, rows))

    async def texts(self, campaign: str, stage: str, version: int) -> SelectionTexts | None:
        """The record and the trace of a version."""
        async with self._database.outages_reported():
            row = await SelectionRow.get_or_none(campaign_id=campaign, stage=stage, version=version)
        return None if row is None else SelectionTexts(row.record, row.trace)

    async def stages(self, campaign: str) -> frozenset[str]:
        """The codes of the stages that have decided something, announced or not."""
        async with self._database.outages_reported():
            rows = await SelectionRow.filter(campaign_id=campaign).distinct().values_list("stage", flat=True)
        return frozenset(map(str, rows))

    async def add(self, campaign: str, version: SelectionVersion, texts: SelectionTexts) -> None:
        """Store a version."""
        async with self._database.outages_reported():
            await SelectionRow.create(
                campaign_id=campaign,
                stage=version.stage,
                version=version.version,
                decided_at=version.decided_at,
                record=texts.record,
                outcome=json.dumps(OUTCOME.dump(version.outcome), ensure_ascii=False),
                trace=texts.trace,
                digest=version.digest,
                reason=TEXT.dump(version.reason),
            )

    async def add_objection(self, campaign: str, objection: Objection) -> None:
        """Store an objection."""
        async with self._database.outages_reported():
            await ObjectionRow.create(
                campaign_id=campaign,
                stage=objection.stage,
                number=objection.number,
                at=objection.at,
                by=objection.by,
                project=objection.project,
                text=objection.text,
            )

    async def answer(self, campaign: str, answered: Objection) -> None:
        """Store the answer to an objection."""
        async with self._database.outages_reported():
            await ObjectionRow.filter(campaign_id=campaign, stage=answered.stage, number=answered.number).update(
                answer=TEXT.dump(answered.answer), answered_at=answered.answered_at
            )


def _objection(row: ObjectionRow) -> Objection:
    return Objection(
        stage=row.stage,
        number=row.number,
        at=row.at,
        by=row.by,
        text=row.text,
        project=row.project,
        answer=TEXT.read(row.answer),
        answered_at=row.answered_at,
    )


async def announced_selections(
    announcements: Mapping[str, Sequence[Announcement]],
) -> dict[str, tuple[StageSelection, ...]]:
    """Read what was announced, by campaign, through the models, which join the task's transaction."""
    slugs = sorted(slug for slug, announced in announcements.items() if announced)
    if not slugs:
        return {}
    versions: defaultdict[tuple[str, str], list[SelectionVersion]] = defaultdict(list)
    for row in await SelectionRow.filter(campaign_id__in=slugs).order_by("version").values(*COLUMNS):
        versions[row["campaign_id"], row["stage"]].append(_version(row))
    objections: defaultdict[tuple[str, str], list[Objection]] = defaultdict(list)
    for each in await ObjectionRow.filter(campaign_id__in=slugs).order_by("number"):
        slug: str = each.campaign_id  # type: ignore[attr-defined]  # a column that is known to Tortoise alone
        objections[slug, each.stage].append(_objection(each))
    return {
        slug: tuple(
            StageSelection(
                announced.stage,
                announced_versions(tuple(versions[slug, announced.stage])),
                tuple(objections[slug, announced.stage]),
            )
            for announced in announcements[slug]
        )
        for slug in slugs
    }


def _version(row: dict[str, Any]) -> SelectionVersion:
    return SelectionVersion(
        stage=row["stage"],
        version=row["version"],
        decided_at=row["decided_at"],
        outcome=_outcome(row["outcome"]),
        digest=row["digest"],
        reason=TEXT.read(row["reason"]),
    )


@lru_cache(maxsize=64)
def _outcome(text: str) -> Outcome:
    """Read an outcome; those of earlier readings are the same objects."""
    return OUTCOME.read(text)
