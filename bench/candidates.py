"""What do many candidates cost? `python -m bench.candidates` ranks 50, 500 and 5,000 of them after each of some ballots.

It measures the CPU of one process that reads the counts, ranks all candidates and cuts a page of a hundred, on SQLite,
prints it and writes candidates.json. It takes seconds, and does not mind a busy machine.
"""

import asyncio
import json
import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.bootstrap.database import open_snapshots
from api.cli.database import load_file
from api.domain.paging import PageArgs
from api.domain.voting.ballots import Admission
from api.services.kept_orders import KeptOrders
from api.services.listing import ResultList, ResultOrder
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate
from api.storage.kept_orders import SqlOrderStore
from tests.large_campaigns import large_campaign

SIZES = (50, 500, 5_000)  # candidates
ROUNDS = 15  # ballots, each of which is seen by a snapshot of its own
DAYS = 10
LOADED = datetime(2017, 3, 1, tzinfo=UTC)
OPENED = datetime(2017, 3, 22, tzinfo=UTC)


def main() -> int:
    """Measure each size."""
    rows = [asyncio.run(measure(size)) for size in SIZES]
    for row in rows:
        each = 1000 * row["milliseconds"] / row["candidates"]
        print(f"{row['candidates']:>6,} candidates: {row['milliseconds']:6.1f} ms of CPU, {each:5.1f} µs a candidate")
    Path(__file__).with_name("candidates.json").write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
    return 0


async def measure(candidates: int) -> dict[str, Any]:
    """Median milliseconds of CPU from a ballot to the page that shows it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with open_database(f"sqlite://{folder}/candidates.sqlite3") as database:
            await migrate(database)
            await load_file(database, large_campaign(folder, "large-2017", candidates, candidates), LOADED)
            box, snapshots = SqlBallotBox(database), open_snapshots(database)
            orders = KeptOrders(SqlOrderStore(database), time.time)
            ballot = Admission(("",), "large-2017", OPENED.date(), OPENED, tuple(range(1, candidates + 1)))
            times = []
            for number in range(DAYS + ROUNDS):
                moment = OPENED + timedelta(days=min(number, DAYS - 1), seconds=number)
                chosen = tuple(range(number + 1, candidates + 1, 1 + number % 3))
                cast = replace(ballot, ids=(f"{number:026}",), day=moment.date(), cast_at=moment, positions=chosen)
                await box.admit(cast)
                start = time.process_time()
                snapshot = await snapshots.refresh(moment)
                table = snapshot.standings(snapshot.directory.campaigns["large-2017"])
                snapshot.version(moment)
                page, order = ResultList(table, None, ResultOrder()).page(PageArgs(first=100))
                await orders.keep(order)
                if len(page.cursors) != min(100, candidates):
                    raise RuntimeError(f"a page of {len(page.cursors)}")
                times.append(1000 * (time.process_time() - start))
            await box.drain()
    return {"candidates": candidates, "milliseconds": statistics.median(times[DAYS:])}


if __name__ == "__main__":
    raise SystemExit(main())
