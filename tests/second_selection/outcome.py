"""What comes of a record, and what is the trace of it?"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.second_selection import canonical
from tests.second_selection.canonical import Json
from tests.second_selection.cuts import Cut, Group, Ties
from tests.second_selection.experts import Experts
from tests.second_selection.numbers import ZERO, plain, read, rounded
from tests.second_selection.values import inputs


@dataclass(frozen=True)
class Recomputed:
    """The outcome of a record. awards: the award's code, by number. ranks: none for a decision."""

    trace: bytes
    selected: frozenset[int]
    awards: dict[int, str]
    ranks: dict[int, int]
    scores: dict[int, Fraction]
    settled: bool

    @property
    def digest(self) -> str:
        return canonical.sha256(self.trace.decode())


@dataclass
class Outcome:
    """What is known of it while the awards are given."""

    selected: set[int] = field(default_factory=set)
    awards: dict[int, str] = field(default_factory=dict)
    vacant: dict[str, int] = field(default_factory=dict)
    ties: list[str] = field(default_factory=list)
    settled: bool = True
    unused: int = 0

    def note(self, cut: Cut) -> None:
        self.ties += cut.lines
        self.settled &= not cut.left_open


def recompute(text: str) -> Recomputed:
    """Decide a stage by the JSON of its record."""
    record = canonical.in_order(json.loads(text))
    rules, seed = record["rules"], record["seed"]
    if seed is not None and canonical.sha256(seed) != rules["lot_digest"]:
        raise ValueError("the seed is not the one whose digest was published")
    lines = [*_given(record), *_experts(record), *_quorum(record)]
    found = inputs(record)
    for place, each in enumerate(found, 1):
        lines += each.lines(place)
    scores, ranks = {}, {}
    if rules["kind"] != "DECISION":
        for number in _numbers(record):
            exact = sum((each.weighted(number) for each in found), ZERO)
            scores[number] = rounded(exact, rules["places"])
            lines.append(f"score {number} sum {plain(exact)} score {plain(scores[number])}")
        ranks = {number: 1 + sum(other > score for other in scores.values()) for number, score in scores.items()}
    outcome = _decided(record) if rules["kind"] == "DECISION" else _computed(record, scores)
    lines += [*outcome.ties, *_results(record, outcome, scores, ranks)]
    trace = "".join(f"{line}\n" for line in lines).encode()
    return Recomputed(trace, frozenset(outcome.selected), outcome.awards, ranks, scores, outcome.settled)


def _numbers(record: Json) -> list[int]:
    return [each["number"] for each in record["candidates"]]


def _given(record: Json) -> Iterator[str]:
    yield "pingxuan-selection-trace/1"
    yield f"record {canonical.sha256(canonical.text(record))}"
    yield f"campaign {record['campaign']}"
    yield f"stage {record['stage']}"
    for key, value in sorted(record["rules"].items()):
        yield f"rule {key} {canonical.text(value)}"
    yield f"dropped {record['dropped']}"
    yield f"seed {canonical.text(record['seed'])}"
    for channel, count in sorted(record["ballots"].items()):
        yield f"ballots {channel} {count}"
    for each in record["candidates"]:
        votes = [f"{channel}={count}" for channel, count in sorted(each["votes"].items())]
        yield " ".join(["candidate", str(each["number"]), "vacates" if each["vacates"] else "stands", *votes])
    yield from _acts(record)


def _acts(record: Json) -> Iterator[str]:
    experts = Experts.of(record)
    for each in record["reviews"]:
        scores = [f"{code}={plain(read(score))}" for code, score in sorted(each["scores"].items())]
        total = plain(experts.total((each["expert"], each["project"])))
        yield " ".join(["review", str(each["expert"]), str(each["project"]), *scores, "total", total])
    for each in record["expert_ballots"]:
        yield " ".join(["expert-ballot", str(each["expert"]), *map(str, each["projects"])])
    for each in record["decisions"]:
        yield f"tie-decision {canonical.text(each)}"
    if record["decision"] is not None:
        yield f"decision {canonical.text(record['decision'])}"


def _experts(record: Json) -> Iterator[str]:
    rules = record["rules"]
    if any(each["source"] == "EXPERT_SCORES" for each in (*rules["inputs"], *rules["further_criteria"])):
        yield from Experts.of(record).lines(_numbers(record))


def _is_input(record: Json, source: str) -> bool:
    return any(each["source"] == source for each in record["rules"]["inputs"])


def _quorum(record: Json) -> Iterator[str]:
    quorum = record["rules"]["quorum"]
    if quorum is None:
        return
    needed = max(1, quorum - record["dropped"])
    yield f"quorum {needed}"
    if _is_input(record, "EXPERT_SCORES"):
        experts = Experts.of(record)
        for each in record["candidates"]:
            count = len(experts.of_project(each["number"]))
            if not each["vacates"] and count < needed:
                yield f"short {each['number']} reviews {count}"
    if _is_input(record, "EXPERT_BALLOT") and len(record["expert_ballots"]) < needed:
        yield f"short ballots {len(record['expert_ballots'])}"


def _threshold(text: str | None) -> Fraction | None:
    return None if text is None else read(text)


def _groups(record: Json, scores: dict[int, Fraction]) -> list[Group]:
    found: dict[tuple[Fraction, bool], list[int]] = {}
    for each in record["candidates"]:
        found.setdefault((-scores[each["number"]], each["vacates"]), []).append(each["number"])
    return [Group(tuple(numbers), -key[0], key[1]) for key, numbers in sorted(found.items())]


def _only(groups: Sequence[Group], numbers: set[int]) -> list[Group]:
    kept = [(tuple(n for n in each.numbers if n in numbers), each) for each in groups]
    return [Group(left, each.score, each.vacates) for left, each in kept if left]


def _computed(record: Json, scores: dict[int, Fraction]) -> Outcome:
    rules, ties, outcome = record["rules"], Ties(record), Outcome()
    vacating = {each["number"] for each in record["candidates"] if each["vacates"]}
    cut = ties.cut(_groups(record, scores), rules["seats"], _threshold(rules["threshold"]), "seats")
    outcome.note(cut)
    outcome.selected = cut.taken - vacating
    outcome.vacant["seats"] = max(0, rules["seats"] - len(outcome.selected) - cut.open_free)
    left = cut.taken
    for award in rules["awards"]:
        code = award["code"]
        cut = ties.cut(_only(cut.groups, left), award["seats"], _threshold(award["threshold"]), f"award {code}")
        outcome.note(cut)
        given = cut.taken - vacating
        outcome.awards |= dict.fromkeys(given, code)
        outcome.vacant[f"award {code}"] = max(0, award["seats"] - len(given) - cut.open_free)
        left = left - cut.taken - cut.left_open
    outcome.unused = len(record["decisions"]) - len(ties.used)
    return outcome


def _decided(record: Json) -> Outcome:
    decision: Any = record["decision"]
    named = list(decision["selected"]) if decision else []
    outcome = Outcome(selected=set(named), settled=decision is not None, unused=len(record["decisions"]))
    outcome.vacant["seats"] = record["rules"]["seats"] - len(named)
    for award in record["rules"]["awards"]:
        given, named = named[: award["seats"]], named[award["seats"] :]
        outcome.awards |= dict.fromkeys(given, award["code"])
        outcome.vacant[f"award {award['code']}"] = award["seats"] - len(given)
    return outcome


def _results(record: Json, outcome: Outcome, scores: dict[int, Fraction], ranks: dict[int, int]) -> Iterator[str]:
    for each in sorted(record["candidates"], key=lambda each: (ranks.get(each["number"], 0), each["number"])):
        number = each["number"]
        rank, score = (ranks[number], plain(scores[number])) if ranks else ("none", "none")
        yield f"result {number} rank {rank} score {score} {_word(each, outcome)}"
    for name, count in outcome.vacant.items():
        yield f"vacant {name} {count}"
    if _is_input(record, "EXPERT_SCORES"):
        reviewed = {each["project"] for each in record["reviews"]}
        yield " ".join(["unreviewed", *([str(n) for n in _numbers(record) if n not in reviewed] or ["none"])])
    yield f"unused {outcome.unused}"
    yield f"outcome {'settled' if outcome.settled else 'open'}"


def _word(candidate: Json, outcome: Outcome) -> str:
    if candidate["vacates"]:
        return "vacates"
    if candidate["number"] not in outcome.selected:
        return "passed-over"
    award = outcome.awards.get(candidate["number"])
    return f"selected award {award}" if award else "selected"
