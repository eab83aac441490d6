"""Panels with their reviews on a database: read whole or for one expert, and changed under the campaign's lock."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from api.domain.audit_trail import AuditEvent
from api.domain.campaigns.campaign import Campaign
from api.domain.exact import plain
from api.domain.people.access import Grant
from api.domain.review.aggregation import Scored
from api.domain.review.panel import Expert, Panel, Review, ReviewRevision, scored
from api.domain.review.terms import ReviewState
from api.storage.audit_trail import write
from api.storage.campaign_rows import PANEL
from api.storage.campaigns import SqlCampaigns, lock
from api.storage.database.connection import Database, as_moment
from api.storage.experts import expert_with_code, experts, insert_experts, panels_of, update_accepted, update_dropped
from api.storage.roles import delete_grant, insert_grant

COLUMNS = "expert, project, state, assigned, scores, comment, reason, by_organizer, revision, updated_at"
TYPES = ("text", "smallint", "integer", "text", "bool", "jsonb", "text", "text", "bool", "integer", "timestamptz")
READ = f"select {COLUMNS} from reviews where campaign_id = $1 order by expert, project"  # noqa: S608 - columns only
READ_OF = f"select {COLUMNS} from reviews where campaign_id = $1 and expert = $2 order by project"  # noqa: S608 - as above
PUT = f"""
    insert into reviews (campaign_id, {COLUMNS}) {{}} on conflict (campaign_id, expert, project) do update set
        state = excluded.state, assigned = excluded.assigned, scores = excluded.scores, comment = excluded.comment,
        reason = excluded.reason, by_organizer = excluded.by_organizer, revision = excluded.revision,
        updated_at = excluded.updated_at
"""
FORGET_UNBEGUN = "delete from reviews where campaign_id = $1 and state = $2"
ASSIGNED = "select 1 as found from reviews where campaign_id = $1 and assigned limit 1"
REVISION_COLUMNS = "expert, project, revision, at, state, scores, comment, reason"
REVISION_TYPES = ("text", "smallint", "integer", "integer", "timestamptz", "text", "jsonb", "text", "text")
KEEP = f"insert into review_revisions (campaign_id, {REVISION_COLUMNS}) {{}}"
HISTORY = (
    f"select {REVISION_COLUMNS} from review_revisions where campaign_id = $1 and ($2 = 0 or expert = $2) order by id"  # noqa: S608
)
LAST_REVISION = "select coalesce(max(id), 0) as last from review_revisions where campaign_id = $1"
TERMS = "select panel from campaigns where slug = $1"


class SqlPanels:
    """ports.PanelStore on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def panel(self, campaign: Campaign, viewer: str | None = None) -> Panel | None:
        """The panel of a campaign, or what of it concerns one viewer."""
        return await read_panel(self._database, campaign, viewer)

    async def experts(self, slug: str) -> tuple[Expert, ...]:
        """All experts of a campaign, by number."""
        return await experts(self._database, slug)

    async def revision(self, slug: str) -> int:
        """The last entry in the history of the campaign's reviews."""
        return int((await self._database.rows(LAST_REVISION, slug))[0]["last"])

    async def history(self, slug: str, expert: int | None = None) -> tuple[ReviewRevision, ...]:
        """What the reviews have been, the earliest first."""
        return tuple(_revision(row) for row in await self._database.rows(HISTORY, slug, expert or 0))

    async def campaign_with(self, code: str) -> str | None:
        """The campaign to which the code with this digest invites."""
        found = await expert_with_code(self._database, code)
        return None if found is None else found[0]

    async def campaigns_of(self, viewer: str) -> tuple[str, ...]:
        """The campaigns that a viewer is or was an expert of."""
        return await panels_of(self._database, viewer)

    @asynccontextmanager
    async def locked(self, slug: str) -> AsyncIterator["LockedSqlPanel"]:
        """The panel under the campaign's lock."""
        async with lock(self._database, slug) as transaction:
            yield LockedSqlPanel(transaction, slug)


class LockedSqlPanel:
    """ports.LockedPanel in a transaction."""

    def __init__(self, transaction: Database, slug: str) -> None:
        self._transaction = transaction
        self._slug = slug

    async def campaign(self) -> Campaign | None:
        """The campaign as it is stored."""
        return await SqlCampaigns(self._transaction).campaign(self._slug)

    async def panel(self, campaign: Campaign, viewer: str | None = None) -> Panel | None:
        """The panel of a campaign, or what of it concerns one viewer."""
        return await read_panel(self._transaction, campaign, viewer)

    async def invite(
        self, experts: Sequence[Expert], codes: Mapping[int, str], conflicts: Sequence[Review], event: AuditEvent
    ) -> None:
        """Store new experts, their codes and their known conflicts."""
        await insert_experts(self._transaction, self._slug, experts, codes)
        await self.put(conflicts, event)

    async def expert_with(self, code: str) -> int | None:
        """The number of the expert of this campaign whose invitation is accepted by the code with this digest."""
        found = await expert_with_code(self._transaction, code)
        return found[1] if found is not None and found[0] == self._slug else None

    async def accept(self, expert: Expert, grant: Grant, event: AuditEvent) -> None:
        """Store that an invitation is accepted."""
        await update_accepted(self._transaction, self._slug, expert)
        await insert_grant(self._transaction, grant)
        await write(self._transaction, [event])

    async def assign(self, reviews: Sequence[Review], event: AuditEvent) -> None:
        """Store what has to be reviewed, in place of all that was not begun. It is no change of the review."""
        await self._transaction.rows(FORGET_UNBEGUN, self._slug, ReviewState.NOT_BEGUN.name)
        await self._write(reviews)
        await write(self._transaction, [event])

    async def put(self, reviews: Sequence[Review], event: AuditEvent | None) -> None:
        """Store reviews and add them to the history."""
        await self._write(reviews)
        if reviews:
            await self._transaction.write_rows(KEEP, REVISION_TYPES, [_revision_row(self._slug, r) for r in reviews])
        if event is not None:
            await write(self._transaction, [event])

    async def drop(self, expert: Expert, reviews: Sequence[Review], grant: Grant | None, event: AuditEvent) -> None:
        """Store that an expert was dropped."""
        await update_dropped(self._transaction, self._slug, expert)
        if grant is not None:
            await delete_grant(self._transaction, grant)
        await self.put(reviews, event)

    async def change(self, before: Campaign, after: Campaign, event: AuditEvent) -> None:
        """Store a campaign in place of what it was before."""
        await SqlCampaigns(self._transaction).change(before, after, event)

    async def _write(self, reviews: Sequence[Review]) -> None:
        if reviews:
            await self._transaction.write_rows(PUT, TYPES, [_row(self._slug, review) for review in reviews])


async def read_panel(database: Database, campaign: Campaign, viewer: str | None = None) -> Panel | None:
    """The panel of a campaign, or what of it concerns one viewer, without conflicts with projects that were removed.

    The terms are read last.
    """
    known = await experts(database, campaign.slug)
    if viewer is None:
        found = await reviews(database, campaign.slug)
    else:
        known = tuple(expert for expert in known if expert.viewer == viewer)
        found = tuple([each for own in known for each in await reviews(database, campaign.slug, own.number)])
    found = tuple([each for each in found if each.project in campaign.by_number])
    is_assigned = bool(await database.rows(ASSIGNED, campaign.slug))
    rows = await database.rows(TERMS, campaign.slug)
    terms = PANEL.read(rows[0]["panel"]) if rows and rows[0]["panel"] is not None else None
    return None if terms is None else Panel(campaign, terms, known, found, is_assigned)


async def reviews(database: Database, slug: str, expert: int | None = None) -> tuple[Review, ...]:
    """The reviews of a campaign that something is stored of, or those of an expert, by expert and project."""
    rows = await (database.rows(READ, slug) if expert is None else database.rows(READ_OF, slug, expert))
    return tuple(_review(row) for row in rows)


async def scored_reviews(database: Database, slug: str) -> tuple[Scored, ...]:
    """The reviews of a campaign that count: submitted, of experts who were not dropped; by expert and project."""
    return scored(await experts(database, slug), await reviews(database, slug))


def _scores_json(scores: Mapping[str, Decimal]) -> str:
    return json.dumps({code: plain(score) for code, score in scores.items()})


def _scores(value: Any) -> dict[str, Decimal]:
    """The scores of a JSON column as either dialect returns it."""
    stored = json.loads(value) if isinstance(value, str) else value
    return {code: Decimal(score) for code, score in stored.items()}


def _row(slug: str, review: Review) -> tuple[object, ...]:
    return (
        slug,
        *review.pair,
        review.state.name,
        review.assigned,
        _scores_json(review.scores),
        review.comment,
        review.reason,
        review.by_organizer,
        review.revision,
        review.updated_at,
    )


def _review(row: Mapping[str, Any]) -> Review:
    return Review(
        expert=row["expert"],
        project=row["project"],
        state=ReviewState[row["state"]],
        assigned=bool(row["assigned"]),
        scores=_scores(row["scores"]),
        comment=row["comment"],
        reason=row["reason"],
        by_organizer=bool(row["by_organizer"]),
        revision=row["revision"],
        updated_at=as_moment(row["updated_at"]),
    )


def _revision_row(slug: str, review: Review) -> tuple[object, ...]:
    values = (review.state.name, _scores_json(review.scores), review.comment, review.reason)
    return (slug, *review.pair, review.revision, review.updated_at, *values)


def _revision(row: Mapping[str, Any]) -> ReviewRevision:
    return ReviewRevision(
        expert=row["expert"],
        project=row["project"],
        revision=row["revision"],
        at=as_moment(row["at"]),
        state=ReviewState[row["state"]],
        scores=_scores(row["scores"]),
        comment=row["comment"],
        reason=row["reason"],
    )
