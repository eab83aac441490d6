"""Is a document read only where all readers read the same?"""

import pytest

from api.domain.log.documents import parse_document
from api.domain.selection.plain_values import RecordError


def test_canonical_json_is_read() -> None:
    assert parse_document('{"a":[1,"评",null],"b":{"c":true}}') == {"a": [1, "评", None], "b": {"c": True}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a":1,"a":1}',
        '{"b":1,"a":1}',
        '{"a": 1}',
        '"\\u8bc4"',
        '"\\ud800"',
        "1.50",
        "1e3",
        "[" * 200_000,
        "9" * 5_000,
    ],
)
def test_what_can_be_read_in_another_way_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        parse_document(text)
