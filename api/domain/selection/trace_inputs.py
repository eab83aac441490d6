"""The lines of a trace that say what goes into the decision: rules, candidates, reviews, ballots, decisions."""

from collections.abc import Iterator

from api.domain.exact import plain
from api.domain.review.aggregation import total
from api.domain.selection.canonical import canonical, counts_tree, record_tree
from api.domain.selection.record import Candidate, Record


def input_lines(record: Record) -> Iterator[str]:
    """Write them, without their line feeds."""
    tree = record_tree(record)
    yield f"campaign {record.campaign}"
    yield f"stage {record.stage}"
    for key, rule in sorted(tree["rules"].items()):
        yield f"rule {key} {canonical(rule)}"
    yield f"dropped {record.dropped}"
    yield f"seed {canonical(record.seed)}"
    for channel, count in tree["ballots"].items():
        yield f"ballots {channel} {count}"
    for candidate in sorted(record.candidates, key=lambda each: each.number):
        yield _candidate_line(candidate)
    for review in sorted(record.reviews, key=lambda each: (each.expert, each.project)):
        scores = (f"{code}={plain(score)}" for code, score in sorted(review.scores.items()))
        words = (*scores, f"total {plain(total(review.scores, record.rules.weights))}")
        yield f"review {review.expert} {review.project} {' '.join(words)}"
    for ballot in sorted(record.expert_ballots, key=lambda each: each.expert):
        yield " ".join(map(str, ("expert-ballot", ballot.expert, *sorted(ballot.projects))))
    for decision in tree["decisions"]:
        yield f"tie-decision {canonical(decision)}"
    if record.decision is not None:
        yield f"decision {canonical(tree['decision'])}"


def _candidate_line(candidate: Candidate) -> str:
    votes = (f"{channel}={count}" for channel, count in counts_tree(candidate.votes).items())
    return " ".join((f"candidate {candidate.number}", "vacates" if candidate.vacates else "stands", *votes))
