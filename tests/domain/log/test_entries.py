"""Are entries written as the format says, and read back whatever they say, and nothing else?"""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.integrity.rulings import RulingKind
from api.domain.log.entries import (
    BallotEntry,
    ClosedEntry,
    ContinuesEntry,
    DayEntry,
    EntryError,
    LogEntry,
    ResultEntry,
    RulesEntry,
    RulingEntry,
    SelectionEntry,
    UnknownEntry,
    WindowEntry,
    ballot_entry,
    ballot_nonce,
    client_tag,
    commitment,
    parse_entry,
)
from api.domain.log.merkle import leaf_hash

DAY = date(2017, 3, 22)
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
COUNTS = st.integers(0, 10**17)
MOMENTS = st.datetimes(timezones=st.just(UTC))
DAYS = st.dates()
ENTRIES: st.SearchStrategy[LogEntry] = st.one_of(
    st.builds(BallotEntry, DAYS, DIGESTS),
    st.builds(RulesEntry, DIGESTS),
    st.builds(WindowEntry, MOMENTS, MOMENTS),
    st.builds(RulingEntry, st.sampled_from(RulingKind), COUNTS, DIGESTS),
    st.builds(DayEntry, DAYS, COUNTS, COUNTS, COUNTS, COUNTS),
    st.builds(ClosedEntry, COUNTS),
    st.builds(ResultEntry, DIGESTS),
    st.builds(SelectionEntry, st.sampled_from(["TOP_10", "a-b"]), COUNTS, DIGESTS, DIGESTS),
    st.builds(ContinuesEntry, st.just("vote.example.cn/log/city/2"), COUNTS, st.binary(min_size=32, max_size=32)),
)


def test_the_commitment_to_a_ballot_is_the_one_that_others_compute() -> None:
    nonce, tag = ballot_nonce("a" * 26), client_tag("0123456789")
    digest = commitment("shanghai-2017", DAY, nonce, tag, range(10, 0, -1))
    assert digest == "7d609e0d99de05662644433b6c97bcd8b1993590601bd4c8d3526a80a3c1ba0b"
    leaf = leaf_hash(ballot_entry(DAY, digest))
    assert leaf.hex() == "e14d9da777e028f1022d67089bfed7fe78afe88344336080d46dae58bff9a85d"


def test_a_ballot_without_a_key_is_committed_to_otherwise() -> None:
    nonce = ballot_nonce("a" * 26)
    assert commitment("city", DAY, nonce, None, [1]) != commitment("city", DAY, nonce, client_tag(""), [1])


@given(ENTRIES)
def test_what_is_written_is_read_back(entry: LogEntry) -> None:
    assert parse_entry(entry.line.encode("ascii")) == entry


def test_moments_are_written_in_utc_and_with_a_fraction_only_where_there_is_one() -> None:
    opens_at = datetime(2017, 3, 22, tzinfo=timezone(timedelta(hours=8)))
    closes_at = datetime(2017, 3, 29, 4, 0, 0, 500_000, tzinfo=UTC)
    assert WindowEntry(opens_at, closes_at).line == "window 2017-03-21T16:00:00Z 2017-03-29T04:00:00.500000Z"


def test_an_entry_of_an_unknown_kind_is_kept_as_it_is() -> None:
    assert parse_entry(b"weather 2017-03-22 fine") == UnknownEntry("weather 2017-03-22 fine")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ballot",
        "Ballot 2017-03-22 " + "a" * 64,
        "ballot 2017-02-30 " + "a" * 64,
        "ballot 2017-03-22 " + "A" * 64,
        "ballot  2017-03-22 " + "a" * 64,
        "ballot 2017-03-22 " + "a" * 64 + "\n",
        "ballot 2017-03-22 " + "a" * 64 + " ",
        "closed 01",
        "closed -1",
        "closed ١",
        "hold 1 reason",
        "day 2017-03-22 1 2 3",
        "window 2017-03-22T00:00:00Z 2017-03-22T25:00:00Z",
        "window 2017-03-22T00:00:00Z 2017-03-22T00:00:00.50Z",
        "window 2017-03-22T00:00:00+08:00 2017-03-29T00:00:00Z",
        "selection TOP 10 1 " + "a" * 64 + " " + "b" * 64,
        "weather\tfine",
        "天气",
    ],
)
def test_what_no_entry_looks_like_is_refused(line: str) -> None:
    with pytest.raises(EntryError):
        parse_entry(line.encode())
