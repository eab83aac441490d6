"""The figures of a run."""

import statistics
from collections import Counter
from typing import Any

from bench.soak.killer import Killer
from bench.soak.told import Interruption, Told
from bench.soak.voters import Voters


def figures_of(told: Told, voters: Voters, killer: Killer) -> dict[str, Any]:
    """What voters were told, and how long it took them."""
    hours = [(number, hour) for number, hour in enumerate(told.hours) if hour.ballots]
    return {
        "ran_s": round(voters.now(), 1),
        "sent": voters.sent,
        "acknowledged": told.acknowledged,
        "sent_again": told.resent,
        "answers": dict(told.answers),
        "restarts_by_itself": killer.restarts,
        "kills": dict(Counter(each.what for each in told.interruptions)),
        "recovery": recovery_of(told.interruptions),
        "hours": [{"hour": number, **hour.figures()} for number, hour in hours],
        "each_kill": [
            f"{each.at:.1f} {each.what} {_seconds(each.resumed)} {_seconds(each.settled)}"
            for each in told.interruptions
        ],
    }


def recovery_of(interruptions: list[Interruption]) -> dict[str, Any]:
    """By what was killed: the median and the most seconds until a ballot was acknowledged, and until all who waited were."""
    found = {}
    for what in sorted({each.what for each in interruptions}):
        of_kind = [each for each in interruptions if each.what == what]
        found[what] = {
            name: _spread([seconds for each in of_kind if (seconds := getattr(each, name)) is not None])
            for name in ("resumed", "settled")
        }
    return found


def _spread(seconds: list[float]) -> list[float]:
    return [round(statistics.median(seconds), 2), round(max(seconds), 2)] if seconds else []


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def line_of(told: Told, voters: Voters) -> str:
    """How far it is."""
    kills, answers = len(told.interruptions), dict(told.answers)
    return f"{voters.now():.0f} s: {told.acknowledged:,} acknowledged, {voters.behind():,} behind, {kills} kills, {answers}"


def summary_of(figures: dict[str, Any]) -> str:
    """What came of it, in a few lines; the file has the rest."""
    worst: dict[str, Any] = max(figures["hours"], key=lambda hour: hour["longest_s"], default={})
    late: dict[str, Any] = max(figures["hours"], key=lambda hour: hour["late_s"], default={})
    wrong = {kind: count for kind, count in figures["wrong"].items() if count}
    lines = [
        f"{figures['acknowledged']:,} ballots in {figures['ran_s']:,.0f} s, {figures['sent_again']:,} of them sent again",
        f"told: {figures['answers']}",
        f"killed: {figures['kills']}; seconds until the first was acknowledged, and all: {figures['recovery']}",
        f"the hour with the slowest ballot: {worst}; the one that was most behind: {late}",
        f"read back in {figures['read_s']} s: {figures['stored_ballots']:,} stored, {figures['sealed_ballots']:,} in the log",
        f"wrong: {wrong or 'nothing'} {figures['ended_early']}",
    ]
    return "\n".join(lines)
