"""Is it decided of every statement on campaigns and ballots what it does about a campaign that is being imported?

Nobody sees such a campaign before it is whole. Whoever writes a statement that reads, changes or counts campaigns or ballots
decides which kind it is of, and adds it here.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

API = Path(__file__).parents[2] / "api"
SQL = re.compile(r"\b(?:from|join|into|update)\s+(?:campaigns|ballots|turnouts|tallies|projects|withdrawals)\b")
MODELS = re.compile(r"\bmodels\.(?:Campaign|Project)\.")

LEAVES_IT_OUT = {
    "storage/campaigns.py revisions",
    "storage/campaigns.py directory",
    "storage/log/log_reader.py LOGS",
    "storage/log/sealing_store.py WAITING",
    "storage/log/waiting.py REVISION",
    "storage/recount.py CAMPAIGNS_WITH_BALLOTS",
    "storage/tallies.py COUNTS",
}
# Of one campaign, which the caller has from the directory: it is not hidden.
IS_TOLD_WHICH = {
    "storage/ballot_records.py CAST",
    "storage/ballot_records.py WITHDRAWN",
    "storage/campaigns.py BALLOT",
    "storage/campaigns.py TURNOUT",
    "storage/campaigns.py change",
    "storage/earlier_counts.py SINCE",
    "storage/earlier_counts.py _find_out",
    "storage/erasure.py DELETE_SIGNALS",
    "storage/erasure.py WIPE",
    "storage/exports.py COUNTING",
    "storage/exports.py VOIDED",
    "storage/log/counts.py DAYS",
    "storage/log/counts.py VOTES",
    "storage/log/requeue.py BALLOTS",
    "storage/log/requeue.py RULINGS",
    "storage/official_counts.py SUMS",
    "storage/recount.py BALLOTS",
    "storage/recount.py CAST_BETWEEN",
    "storage/recount.py STRAYS",
    "storage/recount.py TALLIED",
    "storage/recount.py WITHDRAWN",
    "storage/recount.py _voided_votes",
    "storage/reviews.py TERMS",
    "storage/withdrawals.py MOVE",
    "storage/withdrawals.py PREPARE",
    "storage/withdrawals.py VOTES",
}
# By a ballot's id, which nobody is given; GraphQL shows ballots of the campaigns of the directory alone.
IS_TOLD_AN_ID = {
    "storage/ballots/lookup.py SELECT",
    "storage/log/log_reader.py OPENED",
    "storage/log/places.py BATCHES",
    "storage/log/places.py BUNDLES_WITH",
    "storage/log/waiting.py BALLOTS",
    "storage/moderation.py LOCK_CAMPAIGN",
}
# The import itself casts, stores, reveals and discards by these.
SERVES_IT_TOO = {
    "storage/ballots/ballot_batch.py INSERT",
    "storage/ballots/counts.py COUNT_BALLOTS",
    "storage/ballots/counts.py COUNT_VOTES",
    "storage/ballots/current_terms.py _locked_revisions",
    "storage/ballots/new_ballots.py INSERT",
    "storage/ballots/new_ballots.py REVISION",
    "storage/ballots/new_ballots.py STORE",
    "storage/campaigns.py IMPORTING",
    "storage/campaigns.py TERMS",
    "storage/campaigns.py _store_row",
    "storage/campaigns.py lock",
    "storage/campaigns.py store",
    "storage/campaigns.py stored_campaign",
    "storage/campaigns.py stored_terms",
    "storage/imports.py CLOSE",
    "storage/imports.py DELETE_LAST",
    "storage/imports.py DELETE_PORTION",
    "storage/imports.py PORTION_END",
    "storage/imports.py SHOW",
    "storage/imports.py SLUG_USED",
    "storage/imports.py VOTES",
    "storage/imports.py discard",
    "storage/layouts.py WITH_WHOLE_QUOTA",
    "storage/distribution.py CAMPAIGN",
    "storage/distribution.py LOOK",
}
A_COPY_HAS_IT_TOO = {"storage/database/copies.py CONTENTS"}
BEFORE_THERE_ARE_ANY = {"cli/sandbox.py _fix_salts"}  # in a database that the sandbox has just made


def test_every_statement_has_decided_about_hidden_campaigns() -> None:
    decided = LEAVES_IT_OUT | IS_TOLD_WHICH | IS_TOLD_AN_ID | SERVES_IT_TOO | A_COPY_HAS_IT_TOO | BEFORE_THERE_ARE_ANY
    assert set(_statements()) == decided


def _statements() -> Iterator[str]:
    """Where there is a statement on campaigns or ballots: the file, and the constant or function."""
    for file in sorted(API.rglob("*.py")):
        for node in _definitions(ast.parse(file.read_text("utf-8"))):
            source = ast.unparse(node).replace("\\n", " ")
            if SQL.search(source) or MODELS.search(source):
                yield f"{file.relative_to(API)} {_name(node)}"


def _definitions(module: ast.Module) -> Iterator[ast.stmt]:
    for node in module.body:
        yield from node.body if isinstance(node, ast.ClassDef) else [node]


def _name(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return node.name
    return ast.unparse(node).partition(" = ")[0]
