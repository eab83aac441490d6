"""The documents that entries commit to: canonical JSON, in which every reader reads the same."""

import json
from typing import Any

from api.domain.selection.canonical import canonical
from api.domain.selection.plain_values import RecordError


def parse_document(text: str) -> Any:
    """Read a document as plain values. Raises RecordError where it is no JSON, or not written in the canonical way.

    A key that is there twice is read by some as the one and by others as the other: it is not canonical.
    """
    try:
        tree = json.loads(text)
        is_canonical = canonical(tree) == text
    except ValueError as error:
        raise RecordError(f"it is no JSON ({error}).") from error
    except RecursionError as error:
        raise RecordError("it is nested too deeply.") from error
    if not is_canonical:
        raise RecordError(
            "it is not canonical JSON: keys sorted and each there once, no spaces, nothing escaped needlessly."
        )
    return tree
