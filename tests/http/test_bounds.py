"""Do the memories of documents stay small, whatever stream of distinct documents comes?"""

import pytest

from api.domain.faults import Fault
from api.execution import documents
from api.execution.documents import Documents
from api.graph import schema
from api.http.persisted import PersistedDocuments


def distinct(number: int, padding: int = 0) -> str:
    return f"query Q{number} {{ campaigns {{ totalCount }} }}{' ' * padding}"


def test_a_document_is_prepared_once() -> None:
    prepared = Documents(schema()._schema)
    assert prepared.prepare(distinct(1)) is prepared.prepare(distinct(1))


def test_invalid_documents_are_not_remembered() -> None:
    prepared = Documents(schema()._schema)
    prepared.prepare("{ nothing }")
    prepared.prepare("{")
    assert not prepared._remembered


@pytest.mark.parametrize("padding", [0, 3_000])
def test_documents_are_forgotten_before_they_are_too_many_or_too_long(monkeypatch, padding: int) -> None:
    monkeypatch.setattr(documents, "MOST_REMEMBERED", 50)
    monkeypatch.setattr(documents, "MOST_CHARACTERS", 40_000)
    prepared = Documents(schema()._schema)
    for number in range(300):
        prepared.prepare(distinct(number, padding))
        kept = prepared._remembered
        assert len(kept) <= 50
        assert sum(map(len, kept)) == prepared._characters <= 40_000
    assert distinct(299, padding) in kept
    assert distinct(0, padding) not in kept


def test_what_is_used_is_not_forgotten(monkeypatch) -> None:
    monkeypatch.setattr(documents, "MOST_REMEMBERED", 50)
    prepared = Documents(schema()._schema)
    first = prepared.prepare(distinct(0))
    for number in range(1, 200):
        prepared.prepare(distinct(number))
        assert prepared.prepare(distinct(0)) is first


def test_a_document_that_is_too_long_is_answered_but_not_remembered() -> None:
    prepared = Documents(schema()._schema)
    assert prepared.prepare(distinct(1, documents.LONGEST_REMEMBERED)).document is not None
    assert not prepared._remembered


def test_digests_are_bounded_too() -> None:
    persisted = PersistedDocuments()
    for number in range(documents.MOST_REMEMBERED + 500):
        persisted.remember(f"{number:064x}", distinct(number))
    assert len(persisted._texts) == documents.MOST_REMEMBERED
    with pytest.raises(Fault, match="PersistedQueryNotFound"):
        persisted.text(f"{0:064x}")
