"""Is the root path taken off a request's target, and nothing that only looks like it?"""

import pytest

from api.server.root_path import path_below

TARGETS = {
    b"/vote/graphql": b"/graphql",
    b"/vote/c/vote?a=/vote/": b"/c/vote?a=/vote/",
    b"/vote": b"/",
    b"/vote?campaign=a": b"/?campaign=a",
    b"/vote/": b"/",
    b"/vote/vote/": b"/vote/",
    b"/graphql": b"/graphql",
    b"/voters/graphql": b"/voters/graphql",
    b"/Vote/graphql": b"/Vote/graphql",
    b"/%76ote/graphql": b"/%76ote/graphql",
    b"/": b"/",
    b"*": b"*",
}


@pytest.mark.parametrize(("target", "below"), TARGETS.items())
def test_the_root_path_is_taken_off_where_it_stands(target: bytes, below: bytes) -> None:
    take_off = path_below("/vote")
    assert take_off is not None
    assert take_off(target) == below


def test_without_a_root_path_nothing_is_done() -> None:
    assert path_below("") is None
