"""Does the memory of digests and of headers stay small, whatever stream of distinct ones comes?"""

import pytest

from api.domain.faults import Fault
from api.execution.documents import MOST_REMEMBERED
from api.http.keeping import LONGEST_KEPT, kept
from api.http.persisted import PersistedDocuments


def test_the_digest_asked_for_longest_ago_is_forgotten_first() -> None:
    persisted = PersistedDocuments()
    for number in range(MOST_REMEMBERED + 500):
        persisted.remember(f"{number:064x}", f"query Q{number} {{ campaigns {{ totalCount }} }}")
    assert len(persisted._texts) == MOST_REMEMBERED
    with pytest.raises(Fault, match="PersistedQueryNotFound"):
        persisted.text(f"{0:064x}")


def test_what_a_long_header_means_is_found_out_again_each_time() -> None:
    asked: list[str] = []
    meaning = kept(lambda header: asked.append(header) or len(header))
    short, long = "x" * LONGEST_KEPT, "x" * (LONGEST_KEPT + 1)
    assert [meaning(header) for header in (short, short, long, long)] == [200, 200, 201, 201]
    assert asked == [short, long, long]
