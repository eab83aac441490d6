"""Are the usual request and its token read as any other would be, only sooner?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.requests import GraphQLParams, HttpError, bearer_token, params_from_fields

spaces = st.text(" \t\n\u3000", max_size=3)
schemes = st.sampled_from(["Bearer", "bearer", "BEARER", "Basic", "Bearer\t", ""])


@given(schemes, spaces, st.sampled_from(["", "abc.def", "two words"]), spaces, spaces)
def test_a_token_is_what_follows_bearer_however_that_is_spelled(
    scheme: str, before: str, token: str, between: str, after: str
) -> None:
    header = f"{before}{scheme}{between}{token}{after}"
    words = header.strip().partition(" ")
    expected = None if not header.strip() else words[2].strip() if words[0].lower() == "bearer" else ""
    assert bearer_token(header) == expected
    assert bearer_token(None) is None


anything = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.none(), max_size=1)
queries = anything | st.sampled_from(["", " \u3000\n", "{ a }", " { a }"])
variables = anything | st.dictionaries(st.text(max_size=2), anything, max_size=2)


@given(queries, variables)
def test_a_document_with_variables_is_read_as_it_is_with_further_fields(query: Any, variables: Any) -> None:
    usual = {"query": query, "variables": variables}
    assert _read(usual) == _read(usual | {"operationName": None}) == _read(usual | {"extensions": None, "id": 1})


def test_the_usual_request_is_its_document_and_its_variables() -> None:
    assert _read({"query": "{ a }", "variables": {"b": 1}}) == GraphQLParams(
        "{ a }", {"b": 1}, None, None, by_get=False
    )
    with pytest.raises(HttpError, match="`query`"):
        params_from_fields({"query": "\n", "variables": {}})


def _read(fields: dict[str, Any]) -> GraphQLParams | str:
    try:
        return params_from_fields(fields)
    except HttpError as error:
        return str(error)
