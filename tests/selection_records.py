"""Which records are selections decided by? Any that the page allows, most often nasty ones: equal, empty, huge, long."""

import hashlib
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.second_selection import canonical, recompute
from tests.second_selection.canonical import Json
from tests.second_selection.numbers import plain

CHANNELS = ("WEB", "WECHAT", "SMS", "PAPER", "ON_SITE")
SOURCES = ("PUBLIC_VOTE", "EXPERT_SCORES", "EXPERT_BALLOT")
NORMALISATIONS = ("AS_IS", "SHARE_OF_HIGHEST", "SHARE_OF_BALLOTS", "RANK_LADDER", "BANDS", "MIN_MAX")
STEPS = ("ALL_IN", "FURTHER_CRITERION", "EXPERT_REVOTE", "LOT", "RECORDED_DECISION")
METHODS = ("MEAN", "MEDIAN", "TRIMMED_MEAN", "RANK_SUM")
CODES = ("benefit", "cost", "New_1")
SEED = "0x5eed 种子"
FEW, MANY = st.integers(0, 3), st.integers(0, 10**15 - 1_001)
COUNTS = st.one_of(FEW, FEW, MANY)
REASON = {"zh": "理由", "en": 'A "reason"\n'}


def decimals(lowest: int = 0, highest: int = 100) -> st.SearchStrategy[str]:
    """Decimal texts, most often short ones that meet again."""
    few = st.integers(max(lowest, -3), min(highest, 3)).map(str)
    halves = st.integers(2 * lowest, 2 * highest).map(lambda n: plain(Fraction(n, 2)))
    long = st.tuples(st.integers(lowest, highest - 1), st.integers(0, 10**12 - 1))
    return st.one_of(few, few, halves, long.map(lambda pair: plain(pair[0] + Fraction(pair[1], 10**12))))


def perhaps(some: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), some)


def rows(some: st.SearchStrategy[Any], most: int, *, least: int = 0, by: Any = None) -> st.SearchStrategy[Any]:
    return st.lists(some, min_size=least, max_size=most, unique_by=by)


@st.composite
def stage_inputs(draw: st.DrawFn) -> Json:
    source = draw(st.sampled_from(SOURCES))
    named = [each for each in NORMALISATIONS if (source, each) != ("EXPERT_SCORES", "SHARE_OF_BALLOTS")]
    normalisation = draw(st.sampled_from(named))
    band = st.fixed_dictionaries({"at_least": decimals(-3), "points": decimals(-3)})
    channels = st.dictionaries(st.sampled_from(CHANNELS), decimals(0, 3))
    return {
        "source": source,
        "weight": draw(decimals()),
        "normalisation": normalisation,
        "points": draw(rows(decimals(), 4, least=1)) if normalisation == "RANK_LADDER" else [],
        "floor": draw(decimals(-3)),
        "bands": draw(rows(band, 3, least=1, by=lambda each: each["at_least"])) if normalisation == "BANDS" else [],
        "channels": draw(channels) if source == "PUBLIC_VOTE" else {},
    }


@st.composite
def aggregations(draw: st.DrawFn) -> Json:
    return {
        "method": draw(st.sampled_from(METHODS)),
        "drop": draw(st.integers(0, 2)),
        "trim_from": draw(st.integers(0, 5)),
        "per_criterion": draw(st.booleans()),
        "standardised": draw(st.booleans()),
        "standardised_from": draw(st.integers(0, 3)),
        "places": draw(st.sampled_from((0, 2, 4, 12))),
    }


@st.composite
def all_rules(draw: st.DrawFn) -> Json:
    """How a stage is decided: by a decision now and then, otherwise by inputs."""
    rubric = {"code": st.sampled_from(CODES), "weight": decimals(), "counted": st.booleans()}
    criteria = draw(rows(st.fixed_dictionaries(rubric), 3, least=1, by=lambda each: each["code"]))
    coded = st.sampled_from([each["code"] for each in criteria])
    by_criterion = st.fixed_dictionaries({"source": st.just("CRITERION"), "criterion": coded})
    by_source = st.fixed_dictionaries({"source": st.sampled_from(SOURCES), "criterion": st.none()})
    award = {
        "code": st.sampled_from(("top", "good", "A-2")),
        "seats": st.integers(1, 4),
        "threshold": st.one_of(st.none(), decimals(-3)),
    }
    kind = draw(st.sampled_from(("PUBLIC_VOTE", "EXPERT_SCORES", "EXPERT_BALLOT", "DECISION")))
    return {
        "kind": kind,
        "seats": draw(st.integers(1, 4)),
        "places": draw(st.sampled_from((0, 1, 4, 12))),
        "threshold": draw(st.one_of(st.none(), st.none(), decimals(-3))),
        "quorum": draw(perhaps(st.integers(1, 4))),
        "inputs": [] if kind == "DECISION" else draw(rows(stage_inputs(), 3, least=1)),
        "ties": draw(st.permutations(STEPS))[draw(st.integers(0, 4)) :],
        "further_criteria": draw(rows(st.one_of(by_source, by_criterion), 2, least=draw(st.integers(0, 1)))),
        "rubric": criteria,
        "aggregation": draw(aggregations()),
        "awards": draw(rows(st.fixed_dictionaries(award), 3, by=lambda each: each["code"])),
        "lot_digest": draw(st.sampled_from((None, hashlib.sha256(SEED.encode()).hexdigest()))),
    }


@st.composite
def given_records(draw: st.DrawFn, rules: st.SearchStrategy[Json] | None = None) -> Json:
    """Any record, as yet without tie decisions. Often its projects are all alike, and so are its experts' reviews."""
    decided = draw(all_rules() if rules is None else rules)
    numbers = draw(rows(st.one_of(st.integers(1, 12), st.integers(1, 10**6)), 7, by=lambda n: n))
    votes, given = st.dictionaries(st.sampled_from(CHANNELS), COUNTS.map(lambda n: n + 1), max_size=2), scores(decided)
    named = rows(st.sampled_from(numbers), 3, by=lambda n: n) if numbers else st.just([])
    if draw(st.booleans()):
        votes = st.sampled_from(draw(st.lists(votes, min_size=1, max_size=2)))
        given = st.sampled_from(draw(st.lists(given, min_size=1, max_size=2)))
        named = st.sampled_from(([], numbers))
    experts = range(1, draw(st.integers(0, 5)) + 1)
    all_review = draw(st.booleans())
    candidates = [
        {"number": number, "votes": draw(votes), "vacates": draw(st.integers(0, 5)) == 5} for number in numbers
    ]
    return {
        "format": "pingxuan-selection/1",
        "campaign": "shanghai-2017",
        "stage": "FINALIST",
        "rules": decided,
        "candidates": candidates,
        "ballots": draw(st.dictionaries(st.sampled_from(CHANNELS), COUNTS.map(lambda n: n + 1), max_size=3)),
        "reviews": [
            {"expert": expert, "project": number, "scores": draw(given)}
            for expert in experts
            for number in numbers
            if all_review or draw(st.booleans())
        ],
        "expert_ballots": [{"expert": expert, "projects": draw(named)} for expert in experts],
        "decisions": [],
        "decision": draw(perhaps(stage_decisions(decided, candidates))) if decided["kind"] == "DECISION" else None,
        "seed": draw(st.sampled_from((SEED, None))) if decided["lot_digest"] else None,
        "dropped": draw(FEW),
    }


@st.composite
def stage_decisions(draw: st.DrawFn, rules: Json, candidates: list[Json]) -> Json:
    standing = [each["number"] for each in candidates if not each["vacates"]]
    chosen = draw(st.permutations(standing))[: draw(st.integers(0, rules["seats"]))]
    return {"selected": chosen, "reason": dict(REASON)}


@st.composite
def scores(draw: st.DrawFn, rules: Json) -> dict[str, str]:
    given = [each["code"] for each in rules["rubric"] if each["counted"] or draw(st.booleans())]
    return {code: draw(decimals(-3, 10)) for code in given}


@st.composite
def records(draw: st.DrawFn) -> Json:
    """Any record, mostly with the decisions that its ties ask for, sometimes with others."""
    record = draw(given_records())
    for _ in range(draw(st.integers(0, 4))):
        asked = wanted(record)
        if asked is None:
            break
        step, equal = asked
        record["decisions"].append(draw(tie_decisions(step, equal)))
    numbers = [each["number"] for each in record["candidates"]]
    step = draw(st.sampled_from(("EXPERT_REVOTE", "RECORDED_DECISION", None, None)))
    there = [(each["step"], set(each["order"])) for each in record["decisions"]]
    if len(numbers) > 1 and step is not None and (step, set(numbers[:2])) not in there:
        record["decisions"].append(draw(tie_decisions(step, numbers[:2])))
    return record


def wanted(record: Json) -> tuple[str, list[int]] | None:
    """The decision that a tie waits for, if any: its step, and among which."""
    for line in recompute(canonical.text(record)).trace.decode().splitlines():
        if line.startswith("step ") and " missing " in line and not line.startswith("step LOT"):
            head, _, numbers = line.partition(" equal ")
            return head.split()[1], [int(number) for number in numbers.split()]
    return None


@st.composite
def tie_decisions(draw: st.DrawFn, step: str, equal: list[int]) -> Json:
    order = draw(st.permutations(equal))
    votes = sorted(draw(st.lists(FEW, min_size=len(order), max_size=len(order))), reverse=True)
    return {"step": step, "order": order, "votes": votes if step == "EXPERT_REVOTE" else [], "reason": dict(REASON)}


@st.composite
def shuffled(draw: st.DrawFn, record: Json) -> Json:
    """The same record with its rows in another order."""
    rules = record["rules"]
    again = {**rules, "rubric": draw(st.permutations(rules["rubric"]))}
    again["inputs"] = [{**each, "bands": draw(st.permutations(each["bands"]))} for each in rules["inputs"]]
    ballots = [{**each, "projects": draw(st.permutations(each["projects"]))} for each in record["expert_ballots"]]
    lists = {name: draw(st.permutations(record[name])) for name in ("candidates", "reviews", "decisions")}
    turned = {**record, **lists, "rules": again, "expert_ballots": draw(st.permutations(ballots))}
    return dict(draw(st.permutations(list(turned.items()))))


@st.composite
def monotone_records(draw: st.DrawFn) -> Json:
    """One whose scores rise with the votes: ladders fall from place to place, and bands rise."""
    rules = draw(all_rules().filter(lambda each: each["kind"] != "DECISION"))
    for each in rules["inputs"]:
        each["points"].sort(key=Fraction, reverse=True)
        each["floor"] = "-3"
        points = sorted((band["points"] for band in each["bands"]), key=Fraction)
        each["bands"].sort(key=lambda band: Fraction(band["at_least"]))
        each["bands"] = [{**band, "points": some} for band, some in zip(each["bands"], points, strict=True)]
    record: Json = draw(
        given_records(st.just(rules)).filter(lambda each: any(not c["vacates"] for c in each["candidates"]))
    )
    return record
