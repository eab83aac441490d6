"""Does the memory of digests stay small, whatever stream of distinct documents comes?"""

import pytest

from api.domain.faults import Fault
from api.execution.documents import MOST_REMEMBERED
from api.http.persisted import PersistedDocuments


def test_the_digest_asked_for_longest_ago_is_forgotten_first() -> None:
    persisted = PersistedDocuments()
    for number in range(MOST_REMEMBERED + 500):
        persisted.remember(f"{number:064x}", f"query Q{number} {{ campaigns {{ totalCount }} }}")
    assert len(persisted._texts) == MOST_REMEMBERED
    with pytest.raises(Fault, match="PersistedQueryNotFound"):
        persisted.text(f"{0:064x}")
