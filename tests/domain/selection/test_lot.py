"""Is a lot what anybody gets from the seed, and is the seed the one that was promised?"""

from api.domain.selection.lot import is_promised, lot, seed_digest


def test_a_lot_is_the_digest_of_seed_stage_and_number() -> None:
    # printf '%s' 'abc/ten/7' | sha256sum
    assert lot("abc", "ten", 7) == "4030b6b208a2964950e3e668ec0a1a5fccaa195042f469901fba99b3689b6ddb"


def test_a_seed_is_promised_by_its_digest() -> None:
    # printf '%s' '种子' | sha256sum
    assert seed_digest("种子") == "5e20fc223736c86a5b3a81f4587e61ae8a55a6553b091db2b3eefc132e8c7d3c"
    assert is_promised("种子", seed_digest("种子"))
    assert not is_promised("种子 ", seed_digest("种子"))
    assert not is_promised("种子", None)
