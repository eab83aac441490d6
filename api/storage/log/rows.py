"""Rows of the table of logs as values."""

import json
from collections.abc import Sequence
from typing import Any

from api.ports.log import Log
from api.storage.database.connection import Database, as_moment
from api.storage.database.urls import Dialect

COLUMNS = (
    "id, campaign_id, generation, origin, size, root, ballots, state, sealed_at, published_size, published_at, note,"
    " continues"
)


def log_of(row: dict[str, Any]) -> Log:
    """The log that a row of COLUMNS says."""
    return Log(
        id=row["id"],
        campaign=row["campaign_id"],
        generation=row["generation"],
        origin=row["origin"],
        size=row["size"],
        root=bytes(row["root"]),
        ballots=row["ballots"],
        state=json_of(row["state"]),
        sealed_at=None if row["sealed_at"] is None else as_moment(row["sealed_at"]),
        published_size=row["published_size"],
        published_at=None if row["published_at"] is None else as_moment(row["published_at"]),
        note=row["note"],
        continues=json_of(row["continues"]),
    )


def json_of(value: Any) -> Any:
    """What a JSON column says, which the drivers give as a text."""
    return json.loads(value) if isinstance(value, str) else value


def many(database: Database, values: Sequence[object]) -> object:
    """One parameter for many values: an array on PostgreSQL, JSON on SQLite."""
    return list(values) if database.dialect is Dialect.POSTGRES else json.dumps(list(values))
