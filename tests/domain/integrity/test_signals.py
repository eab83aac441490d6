"""What do the signals of a ballot give away, and to whom are they equal?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.addresses import network_prefixes
from api.domain.integrity.signals import (
    Arrival,
    BallotOrigin,
    FirstSeenCache,
    SharedTrait,
    Signal,
    shared_traits,
    signal,
)
from api.domain.integrity.suspicions import SuspicionKind, parse_detection_config
from api.domain.voting.ballots import Ballot
from tests.campaigns import SLUG

SECRET = b"the voter secret"
NOON = datetime(2017, 3, 22, 4, tzinfo=UTC)
BALLOT = Ballot("a" * 26, SLUG, date(2017, 3, 22), NOON, (1, 2, 17))
UNKNOWN = BallotOrigin(None, None)
addresses = st.ip_addresses().map(str)


def noted(ballot: Ballot = BALLOT, origin: BallotOrigin = UNKNOWN, secret: bytes = SECRET) -> dict[str, Signal]:
    found = shared_traits(ballot, origin, parse_detection_config("SECONDS=3"))
    return {trait.kind.name: signal(secret, trait, Arrival(ballot.id, ballot.cast_at)) for trait in found}


def test_a_ballot_of_which_nothing_is_known_shares_its_choices_alone() -> None:
    assert noted().keys() == {"EQUAL_BALLOTS"}
    assert noted().keys() == noted(origin=BallotOrigin(network_prefixes("no address"), None)).keys()


def test_equal_choices_share_a_key_and_others_do_not() -> None:
    other = replace(BALLOT, id="b" * 26, cast_at=NOON + timedelta(hours=1))
    assert noted(other)["EQUAL_BALLOTS"].key == noted()["EQUAL_BALLOTS"].key
    assert noted(replace(other, positions=(1, 2)))["EQUAL_BALLOTS"].key != noted()["EQUAL_BALLOTS"].key


@given(one=addresses, other=addresses)
def test_an_address_is_in_no_key_and_makes_another_key_every_day_and_with_every_secret(one: str, other: str) -> None:
    here = noted(origin=BallotOrigin(network_prefixes(one), None))
    assert len({signal.key for signal in here.values()}) == 3
    assert all(one not in repr(signal) for signal in here.values())
    for elsewhere in (
        noted(replace(BALLOT, day=date(2017, 3, 23)), BallotOrigin(network_prefixes(one), None)),
        noted(origin=BallotOrigin(network_prefixes(one), None), secret=b"another"),
    ):
        assert not {signal.key for signal in here.values()} & {signal.key for signal in elsewhere.values()}
    if one == other:
        assert noted(origin=BallotOrigin(network_prefixes(other), None)) == here


def test_neighbours_share_a_network_and_not_an_address() -> None:
    one, other = (
        noted(origin=BallotOrigin(network_prefixes("198.51.100.1"), None)),
        noted(origin=BallotOrigin(network_prefixes("198.51.100.2"), None)),
    )
    assert one["ONE_NETWORK"].key == other["ONE_NETWORK"].key
    assert one["ONE_ADDRESS"].key != other["ONE_ADDRESS"].key


def test_haste_is_less_than_so_many_seconds_since_signing_in() -> None:
    def kinds(seconds: float) -> bool:
        ballot = replace(BALLOT, cast_at=NOON + timedelta(seconds=seconds))
        return SuspicionKind.HASTE.name in noted(ballot, BallotOrigin(None, int(NOON.timestamp())))

    assert [kinds(seconds) for seconds in (-1, 0, 2.9, 3, 100)] == [False, True, True, False, False]


def trait(number: int) -> SharedTrait:
    return SharedTrait(SuspicionKind.EQUAL_BALLOTS, SLUG, BALLOT.day, (number,))


@given(st.lists(st.integers(0, 5), max_size=40))
def test_whoever_is_not_alone_is_kept_once_and_nobody_else(numbers: list[int]) -> None:
    cache, kept = FirstSeenCache(1_000), list[tuple[int, Arrival]]()
    for place, number in enumerate(numbers):
        kept += [(number, one) for one in cache.add(trait(number), Arrival(str(place), NOON))]
    wanted = {(n, Arrival(str(place), NOON)) for place, n in enumerate(numbers) if numbers.count(n) > 1}
    assert set(kept) == wanted
    assert len(kept) == len(wanted)


def test_the_oldest_of_those_who_stand_alone_is_forgotten_first() -> None:
    cache = FirstSeenCache(10)
    for number in range(11):
        assert cache.add(trait(number), Arrival(str(number), NOON)) == ()
    assert len(cache.add(trait(10), Arrival("again", NOON))) == 2
    assert cache.add(trait(0), Arrival("again", NOON)) == ()
