"""Does the benchmark of the ballot log run, and promise nothing for fewer ballots than were promised?"""

from pathlib import Path

from bench.goals import judged
from bench.sealing import measured, told


async def test_it_seals_and_proves_all_ballots(tmp_path: Path) -> None:
    found = await measured(tmp_path, 2_000)
    assert "2,000 ballots: sealed in" in told(found)
    by_few = [goal["met"] for goal in judged({"sealing": found})]
    assert by_few == [None] * len(by_few)
    by_many = [goal["goal"] for goal in judged({"sealing": found | {"ballots": 1_000_000}}) if goal["met"] is not None]
    assert len(by_many) == 4
