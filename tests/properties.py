"""How many examples does a costly property try? A few in `make test`, and all of them in `make check`."""

import pytest


def with_examples(few: int, every: int) -> pytest.MarkDecorator:
    """Give the test its number as `examples`."""
    return pytest.mark.parametrize("examples", [few, pytest.param(every, marks=pytest.mark.check)])
