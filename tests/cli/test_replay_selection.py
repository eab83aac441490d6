"""Does replay-selection find the same bytes again from the record alone, and say where they differ?"""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from api.domain.selection.decided import Decided, decide
from api.domain.selection.versions import SelectionTexts, SelectionVersion
from api.storage.database.connection import open_database
from api.storage.selections import SqlSelections
from tests.commands import pingxuan, succeeded
from tests.selection_examples import rich_record
from tests.selection_files import FILE

DECIDED = decide(replace(rich_record(), campaign="works-2020", stage="FINALIST"))
SLUG = "works-2020"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """The record in a file, laid out for people."""
    file = tmp_path / "record.json"
    file.write_text(json.dumps(json.loads(DECIDED.record_text), indent=2, ensure_ascii=False), "utf-8")
    return file


def test_the_trace_of_a_record_has_the_digest_for_its_sum(tmp_path: Path, record: Path) -> None:
    printed = succeeded(tmp_path, "replay-selection", str(record), "--digest", DECIDED.digest.upper())
    assert printed == DECIDED.trace
    assert sha256(printed.encode()).hexdigest() == DECIDED.digest


def test_a_trace_that_differs_is_told_by_its_first_line(tmp_path: Path, record: Path) -> None:
    trace = tmp_path / "trace.txt"
    trace.write_bytes(DECIDED.trace.encode())
    assert pingxuan(tmp_path, "replay-selection", str(record), "--trace", str(trace)).returncode == 0
    trace.write_bytes(DECIDED.trace.replace("score 54.2 sel", "score 54.3 sel").encode())
    differing = pingxuan(tmp_path, "replay-selection", str(record), "--trace", str(trace), "--digest", "abc")
    assert differing.returncode == 1
    assert "the digest differs\n  stored:   abc\n" in differing.stderr
    assert "  stored:   result 4 rank 2 score 54.3 selected award good\n" in differing.stderr
    assert "  replayed: result 4 rank 2 score 54.2 selected award good\n" in differing.stderr


def test_a_record_that_is_none_is_refused_with_its_place(tmp_path: Path, record: Path) -> None:
    record.write_text(record.read_text("utf-8").replace('"seats": 3', '"seats": 0'), "utf-8")
    refused = pingxuan(tmp_path, "replay-selection", str(record))
    assert refused.returncode == 2
    assert "rules.seats: 0 should be a whole number from 1 to" in refused.stderr
    record.write_bytes("评".encode("gb18030"))
    assert "byte 0 is no UTF-8" in pingxuan(tmp_path, "replay-selection", str(record)).stderr
    assert "see that the path is right" in pingxuan(tmp_path, "replay-selection", "nowhere.json").stderr


def test_a_file_and_the_database_are_not_asked_at_once(tmp_path: Path, record: Path) -> None:
    both = pingxuan(tmp_path, "replay-selection", str(record), "--stage", "FINALIST")
    assert both.returncode == 2
    assert "not both" in both.stderr
    assert "belong to a record" in pingxuan(tmp_path, "replay-selection", "--digest", "abc").stderr


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    """A folder with a database in which the campaign lies."""
    (tmp_path / "works.toml").write_text(FILE, "utf-8")
    succeeded(tmp_path, "migrate")
    succeeded(tmp_path, "load", "works.toml")
    return tmp_path


def store(folder: Path, *versions: tuple[Decided, str]) -> None:
    """Store versions, each with the trace that is given for it."""
    asyncio.run(store_versions(f"sqlite://{folder}/.data/pingxuan.sqlite3", SLUG, *versions))


async def store_versions(url: str, slug: str, *versions: tuple[Decided, str]) -> None:
    """Store versions of the stage FINALIST of a campaign."""
    async with open_database(url) as database:
        for number, (decided, trace) in enumerate(versions, 1):
            at = datetime(2020, 5, number, tzinfo=UTC)
            version = SelectionVersion("FINALIST", number, at, decided.outcome, decided.digest)
            await SqlSelections(database).add(slug, version, SelectionTexts(decided.record_text, trace))


def test_all_versions_in_the_database_are_replayed(loaded: Path) -> None:
    fewer = decide(replace(DECIDED.record, dropped=0))
    store(loaded, (fewer, fewer.trace), (DECIDED, DECIDED.trace))
    done = pingxuan(loaded, "replay-selection", "--campaign", SLUG)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        f"{SLUG} FINALIST version 1: the same to the byte, digest {fewer.digest}",
        f"{SLUG} FINALIST version 2: the same to the byte, digest {DECIDED.digest}",
    ]
    assert succeeded(loaded, "replay-selection", "--campaign", SLUG, "--stage", "FINALIST") == DECIDED.trace


def test_what_was_tampered_with_in_the_database_is_found(loaded: Path) -> None:
    other = decide(replace(DECIDED.record, dropped=0))
    shown = replace(DECIDED, outcome=other.outcome, digest=other.digest)
    wrong_outcome = replace(DECIDED, outcome=replace(DECIDED.outcome, vacant=0))
    store(loaded, (shown, DECIDED.trace), (DECIDED, other.trace), (wrong_outcome, DECIDED.trace))
    done = pingxuan(loaded, "replay-selection", "--campaign", SLUG)
    assert done.returncode == 1
    assert f"version 1: the digest differs\n  stored:   {other.digest}" in done.stderr
    assert "version 2: the trace: line 2 differs" in done.stderr
    assert "version 3: the outcome that is shown is not what the record comes to" in done.stderr


def test_a_stage_without_an_outcome_has_nothing_to_replay(loaded: Path) -> None:
    nothing = pingxuan(loaded, "replay-selection", "--campaign", SLUG)
    assert nothing.returncode == 2
    assert "nothing has been decided yet" in nothing.stderr
    unknown = pingxuan(loaded, "replay-selection", "--campaign", SLUG, "--stage", "FINALE")
    assert "works-2020 has no stage FINALE; it has SUBMITTED, FINALIST, WINNER." in unknown.stderr
