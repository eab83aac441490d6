"""Do bundles grow entry by entry, and are they read again as they were written?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.log.bundles import NO_BALLOT, Bundle, BundleError, append_to_bundles, entries_in, first_entries, ids_in


@given(st.lists(st.integers(0, 600), max_size=4), st.randoms())
def test_bundles_that_grow_in_steps_are_those_of_all_at_once(steps: list[int], chance) -> None:
    entries = [chance.randbytes(chance.randrange(90)) for _ in range(sum(steps))]
    ids = [f"{n:026}" for n in range(len(entries))]
    grown: dict[int, Bundle] = {}
    at = 0
    for step in steps:
        last = grown.get(at // 256, Bundle()) if at % 256 else Bundle()
        grown |= append_to_bundles(at, last, entries[at : at + step], ids[at : at + step])
        at += step
    assert grown == append_to_bundles(0, Bundle(), entries, ids)
    assert "".join(bundle.ballots for _, bundle in sorted(grown.items())) == "".join(ids)
    read = [
        entry for n, bundle in sorted(grown.items()) for entry in entries_in(bundle.entries, min(256, at - 256 * n))
    ]
    assert read == entries


def test_a_bundle_has_the_length_before_each_entry() -> None:
    assert append_to_bundles(0, Bundle(), [b"one", b""], ["a" * 26, "-" * 26]) == {
        0: Bundle(b"\0\3one\0\0", "a" * 26 + "-" * 26)
    }


@pytest.mark.parametrize("bundle", [b"", b"\0", b"\0\4one", b"\0\3one\0"])
def test_a_bundle_that_is_cut_off_is_refused(bundle: bytes) -> None:
    with pytest.raises(BundleError, match="is cut off"):
        entries_in(bundle, 2)


def test_only_as_many_entries_are_read_as_are_asked_for() -> None:
    assert entries_in(b"\0\3one\0\3two", 1) == [b"one"]


def test_the_beginning_of_a_bundle_is_the_bundle_of_a_smaller_tree() -> None:
    assert first_entries(b"\0\3one\0\3two", 1) == b"\0\3one"


def test_ids_are_read_as_they_were_written() -> None:
    assert ids_in("a" * 26 + NO_BALLOT) == ["a" * 26, NO_BALLOT]
