"""What has been counted, as the tallies say it, and as the ballots themselves do."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from api.domain.rulings import BallotStatus, RulingKind, status_after
from api.domain.tallies import Counts, recount
from api.storage.database import Database, as_date

# One statement, so that all numbers are of the same moment. project 0 stands for the ballots themselves.
COUNTS = """
    select campaign_id, day, 0 as project, cast(sum(ballots) as bigint) as total, 0 as held, 0 as voided
    from turnouts group by campaign_id, day
    union all
    select campaign_id, day, project, cast(sum(votes) as bigint), 0, 0 from tallies group by campaign_id, day, project
    union all
    select campaign_id, day, project, -held - voided, held, voided from withdrawals
"""
BALLOTS = "select id, day, choices from ballots where campaign_id = $1 and id > $2 order by id limit $3"
RULED = """
    select ballot_id, kind from rulings as latest where ballot_id > $1 and ballot_id <= $2 and not exists (
        select 1 from rulings as later where later.ballot_id = latest.ballot_id and later.step > latest.step
    )
"""
BATCH = 50_000  # ballots read at a time


class StoredTallies:
    """The tallies on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self) -> Mapping[str, Counts]:
        """The counts of every campaign with ballots; see ports.Tallies."""
        found: defaultdict[str, Tallied] = defaultdict(Tallied)
        for row in await self._database.rows(COUNTS):
            found[row["campaign_id"]].add(as_date(row["day"]), row)
        return {name: Counts(each.ballots, each.votes, each.held, each.voided) for name, each in found.items()}


class Tallied:
    """A campaign's counts, row by row."""

    def __init__(self) -> None:
        self.ballots: Counter[date] = Counter()
        self.held: Counter[date] = Counter()
        self.voided: Counter[date] = Counter()
        self.votes: defaultdict[date, Counter[int]] = defaultdict(Counter)

    def add(self, day: date, row: dict[str, Any]) -> None:
        """Take in a row of COUNTS."""
        if row["project"]:
            self.votes[day][row["project"]] += row["total"]
            return
        self.ballots[day] += row["total"]
        if row["held"] or row["voided"]:
            self.held[day] += row["held"]
            self.voided[day] += row["voided"]


async def recounted(database: Database, campaign: str) -> Counts:
    """Count every ballot of a campaign anew, a batch at a time. Give it the view that the tallies are read from."""
    ballots: dict[BallotStatus, Counter[date]] = {status: Counter() for status in BallotStatus}
    votes: dict[date, Counter[int]] = {}
    last = ""
    while rows := await database.rows(BALLOTS, campaign, last, BATCH):
        ruled = {row["ballot_id"]: RulingKind[row["kind"]] for row in await database.rows(RULED, last, rows[-1]["id"])}
        last = rows[-1]["id"]
        for (day, status), choices in _sorted_out(rows, ruled).items():
            ballots[status][day] += len(choices)
            if status is BallotStatus.COUNTED:
                votes.setdefault(day, Counter()).update(_votes(choices))
    return Counts(ballots[BallotStatus.COUNTED], votes, ballots[BallotStatus.HELD], ballots[BallotStatus.VOIDED])


def _sorted_out(
    rows: list[dict[str, Any]], ruled: Mapping[str, RulingKind]
) -> dict[tuple[date, BallotStatus], list[bytes]]:
    """The choices of each day's ballots by where these stand. Days are read once each: there are few, and many rows."""
    piles: dict[tuple[Any, RulingKind | None], list[bytes]] = {}
    for row in rows:
        piles.setdefault((row["day"], ruled.get(row["id"])), []).append(row["choices"])
    sorted_out: dict[tuple[date, BallotStatus], list[bytes]] = {}
    for (day, last), choices in piles.items():
        sorted_out.setdefault((as_date(day), status_after(last)), []).extend(choices)
    return sorted_out


def _votes(choices: list[bytes]) -> Counter[int]:
    """Bitmaps end where their last bit does; recount wants them equally wide."""
    width = max(map(len, choices))
    return recount(b"".join(bitmap.ljust(width, b"\0") for bitmap in choices), width)
