"""Do the tables say what was measured, how far it spread, and what spoilt it?"""

from bench.report import goals_table, growth_table, scaling_table, workload_table
from bench.workloads import CAST_SATURATED
from tests.bench.samples import medians, results


def line_of(text: str, start: str) -> list[str]:
    return next(line for line in text.splitlines() if line.startswith(start)).removeprefix(start).split()


def test_a_contestant_is_told_with_its_spread_and_next_to_the_peer() -> None:
    cells = line_of(workload_table(CAST_SATURATED, medians(postgres=8_000, mercurius=4_000)), "Pingxuan, PostgreSQL")
    assert cells == ["8,000", "7,200..9,600", "2.00", "100", "20", "120", "120..120", "1.00", "2.0", "9.0"]


def test_without_the_peer_there_are_no_ratios() -> None:
    cells = line_of(workload_table(CAST_SATURATED, medians(postgres=8_000)), "Pingxuan, PostgreSQL")
    assert cells == ["8,000", "7,200..9,600", "100", "20", "120", "120..120", "2.0", "9.0"]


def test_a_machine_that_was_not_quiet_and_wrong_answers_are_said() -> None:
    samples = medians(postgres=8_000)
    assert workload_table(CAST_SATURATED, samples).endswith("up to 0.00 cores.")
    samples["postgres"] |= {"others": 0.4, "bad": 3}
    told = workload_table(CAST_SATURATED, samples)
    assert told.endswith("up to 0.40 cores: NOT A QUIET MACHINE.")
    assert "INVALID: 3 wrong" in told


def test_the_other_tables_have_a_line_for_each_row() -> None:
    found = results()
    assert line_of(growth_table(found["growth"]), "1,000,000")[-3:] == ["550", "2.00", "1.0"]
    assert line_of(scaling_table(found["scaling"]), "sqlite, two")[-4:] == ["1.50", "x", "1.90", "x"]
    assert line_of(goals_table(found["goals"]), "castBallot: ballots/s on SQLite against PostgreSQL")[-1] == "met"
