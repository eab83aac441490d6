"""How do the answers of `resultsChanged` become one ranking that is always whole?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pingxuan_client.answers import Answer
from pingxuan_client.errors import extensions
from pingxuan_client.operations.ranking import Ranking as Document
from pingxuan_client.operations.ranking import RankingResultsChangedNodes as Row

Connection = Literal["connecting", "live", "reconnecting"]


@dataclass(frozen=True, slots=True)
class Hidden:
    """Why there are no rows: the viewer may not see the standings until `visible_from`, where that is known."""

    message: str
    visible_from: datetime | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The rows asked for, the best first, equal ones by number; they may be out of date while it is `reconnecting`."""

    rows: tuple[Row, ...] = ()
    as_of: datetime | None = None
    total_count: int = 0
    ballots: int = 0
    connection: Connection = "connecting"
    hidden: Hidden | None = None

    def share(self, row: Row) -> float:
        """Which part of the ballots has chosen it."""
        return row.votes / self.ballots if self.ballots else 0.0


class RankingReader:
    """Keeps the ranking while answers and changes of the connection come."""

    def __init__(self) -> None:
        self.ranking = Ranking()

    def read(self, heard: Answer | Connection) -> Ranking:
        """The ranking after it."""
        if isinstance(heard, Answer):
            self.ranking = answered(replace(self.ranking, connection="live"), heard)
        else:
            self.ranking = replace(self.ranking, connection=heard)
        return self.ranking


def answered(before: Ranking, answer: Answer) -> Ranking:
    """The ranking after an answer."""
    if answer.data is None:
        return Ranking(connection=before.connection, hidden=_hidden(answer))
    said = Document.model_validate(answer.data).results_changed
    rows = merged(before.rows, said.nodes, said.removed_ids) if said.only_changes else tuple(said.nodes)
    return replace(
        before, rows=rows, as_of=said.as_of, total_count=said.total_count, ballots=said.turnout.ballots, hidden=None
    )


def merged(before: Iterable[Row], changed: Iterable[Row], removed_ids: Iterable[str]) -> tuple[Row, ...]:
    """Rows in their new order: those that have changed, over those before without the ones that have left."""
    removed = set(removed_ids)
    rows = {row.id: row for row in before if row.id not in removed} | {row.id: row for row in changed}
    return tuple(sorted(rows.values(), key=lambda row: (row.rank, row.project.number)))


def _hidden(answer: Answer) -> Hidden:
    error = answer.errors[0] if answer.errors else {}
    since = extensions(error).get("visibleFrom")
    return Hidden(str(error.get("message", "")), datetime.fromisoformat(since) if since else None)
