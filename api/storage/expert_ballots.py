"""The experts' ballots of a stage on a database: one of each expert, who may cast it anew until the stage closes."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from api.domain.selection.expert_ballots import CastExpertBallot, Juror
from api.storage.database.connection import Database, as_moment
from api.storage.json_columns import JsonColumn

JUROR = "select number, dropped_at from experts where campaign_id = $1 and viewer = $2"
RECUSED = "select project from reviews where campaign_id = $1 and expert = $2 and state = 'RECUSED'"
COLUMNS = "b.campaign_id, b.stage, b.expert, b.choices, b.revision, b.cast_at"
OF_STAGE = f"""
    select {COLUMNS} from expert_ballots b where b.campaign_id = $1 and b.stage = $2
    and b.expert not in (select number from experts where campaign_id = $1 and dropped_at is not null)
    order by b.expert
"""  # noqa: S608 - columns only
OF_VIEWER = f"""
    select {COLUMNS} from expert_ballots b
    join experts e on e.campaign_id = b.campaign_id and e.number = b.expert
    where e.viewer = $1 order by b.campaign_id, b.cast_at
"""  # noqa: S608 - columns only
CAST = """
    insert into expert_ballots (campaign_id, stage, expert, choices, revision, cast_at) {}
    on conflict (campaign_id, stage, expert) do update
    set choices = excluded.choices, revision = excluded.revision, cast_at = excluded.cast_at
"""
CAST_TYPES = ("varchar", "varchar", "smallint", "jsonb", "int", "timestamptz")
CHOICES = JsonColumn(TypeAdapter(tuple[int, ...]))


class SqlExpertBallots:
    """ports.ExpertBallots on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def juror(self, campaign: str, viewer: str) -> Juror | None:
        """The expert of a campaign who this viewer is."""
        for row in await self._database.rows(JUROR, campaign, viewer):
            return Juror(row["number"], is_dropped=row["dropped_at"] is not None)
        return None

    async def conflicts(self, campaign: str, expert: int) -> frozenset[int]:
        """The numbers of the projects that an expert is recused from."""
        return frozenset(row["project"] for row in await self._database.rows(RECUSED, campaign, expert))

    async def of_stage(self, campaign: str, stage: str) -> tuple[CastExpertBallot, ...]:
        """The ballots of a stage by expert, without those of experts who were dropped."""
        return tuple(map(_ballot, await self._database.rows(OF_STAGE, campaign, stage)))

    async def of_viewer(self, viewer: str) -> tuple[CastExpertBallot, ...]:
        """The ballots that a viewer has cast as an expert, in all campaigns."""
        return tuple(map(_ballot, await self._database.rows(OF_VIEWER, viewer)))

    async def cast(self, ballot: CastExpertBallot) -> None:
        """Store a ballot, in place of the one that the expert has cast before."""
        choices = json.dumps(CHOICES.dump(ballot.projects))
        row = (ballot.campaign, ballot.stage, ballot.expert, choices, ballot.revision, ballot.cast_at)
        await self._database.write_rows(CAST, CAST_TYPES, [row])


def _ballot(row: Mapping[str, Any]) -> CastExpertBallot:
    projects, cast_at = CHOICES.read(row["choices"]), as_moment(row["cast_at"])
    return CastExpertBallot(row["campaign_id"], row["stage"], row["expert"], projects, row["revision"], cast_at)
