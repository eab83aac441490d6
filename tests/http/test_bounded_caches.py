"""Does the memory of digests and of headers stay small, whatever stream of distinct ones comes?"""

import pytest

from api.domain.errors import ApiError
from api.domain.texts import Language
from api.execution.documents import MAX_CACHED_DOCUMENTS
from api.http.caching import is_known
from api.http.header_cache import MAX_CACHED_LENGTH, MAX_HEADER_LENGTH, header_cache
from api.http.negotiation import negotiate_language
from api.http.persisted import PersistedDocuments
from api.http.requests import is_json


def test_the_digest_asked_for_longest_ago_is_forgotten_first() -> None:
    persisted = PersistedDocuments()
    for number in range(MAX_CACHED_DOCUMENTS + 500):
        persisted.remember(f"{number:064x}", f"query Q{number} {{ campaigns {{ totalCount }} }}")
    assert len(persisted._texts) == MAX_CACHED_DOCUMENTS
    with pytest.raises(ApiError, match="PersistedQueryNotFound"):
        persisted.text(f"{0:064x}")


def test_what_a_long_header_means_is_found_out_again_each_time() -> None:
    asked: list[str] = []
    meaning = header_cache(lambda header: asked.append(header) or len(header))
    short, long = "x" * MAX_CACHED_LENGTH, "x" * (MAX_CACHED_LENGTH + 1)
    assert [meaning(header) for header in (short, short, long, long)] == [200, 200, 201, 201]
    assert asked == [short, long, long]


def test_what_stands_far_behind_in_a_header_is_not_read() -> None:
    within, beyond = "x, " * (MAX_HEADER_LENGTH // 3 - 20), "x, " * MAX_HEADER_LENGTH
    assert [is_known('W/"a"', filler + 'W/"a"') for filler in (within, beyond)] == [True, False]
    assert [negotiate_language(filler + "en") for filler in (within, beyond)] == [Language.EN, Language.ZH]
    assert [is_json("application/json;" + filler + ";charset=x") for filler in (within, beyond)] == [False, True]
