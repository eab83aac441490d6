"""Do ballot ids enforce the quota, and keep the voter to themselves?"""

import base64
import hmac
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.voting.channels import Channel
from api.domain.voting.quota import Quota, QuotaPeriod, ballot_ids, pseudonym, retry_tag, vote_ids, voter_secret
from api.domain.voting.rules.quota import QuotaExhausted, QuotaRule, next_ballot_at
from tests.campaigns import DAYS, DURING, a_campaign, at

DAILY = Quota(1, QuotaPeriod.DAY)
CALENDAR = a_campaign().calendar
SECRET = voter_secret(b"server", "shanghai-2017", "salt")
voters = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), min_size=1, max_size=40)
secrets = st.binary(min_size=16, max_size=40)
days = st.dates()


def all_different(ids: Sequence[str]) -> bool:
    return len(set(ids)) == len(ids)


@given(secret=secrets, names=st.sets(voters, min_size=1, max_size=4), dates=st.sets(days, min_size=1, max_size=4))
def test_every_voter_day_and_slot_has_an_id_of_its_own(secret: bytes, names: set[str], dates: set[date]) -> None:
    ids = [id_ for name, day in product(names, dates) for id_ in ballot_ids(secret, name, day.isoformat(), range(3))]
    assert len(ids) == 3 * len(names) * len(dates)
    assert all_different(ids)


@given(secret=secrets, voter=voters, day=days, limit=st.integers(1, 20))
def test_the_same_ballot_has_the_same_ids_and_one_per_slot(secret: bytes, voter: str, day: date, limit: int) -> None:
    ids = ballot_ids(secret, voter, day.isoformat(), range(limit))
    assert len(ids) == limit
    assert ids == ballot_ids(secret, voter, day.isoformat(), range(limit))


@given(voter=voters, day=days, limits=st.tuples(st.integers(1, 20), st.integers(1, 20)).map(sorted))
def test_a_larger_quota_keeps_the_ids_of_a_smaller_one(voter: str, day: date, limits: list[int]) -> None:
    fewer, more = (ballot_ids(SECRET, voter, day.isoformat(), range(limit)) for limit in limits)
    assert more[: len(fewer)] == fewer


def test_the_ids_of_stored_ballots_never_change() -> None:
    keys = [Quota(1, period).period_key(CALENDAR, DURING, Channel.WECHAT) for period in QuotaPeriod]
    assert keys == ["2017-03-25T09+0800", "2017-03-25", "campaign"]
    daily = ballot_ids(SECRET, "voter", "2017-03-22", range(2))
    assert daily == ("n7l5wzbbfakocwaawg5qmv2jb4", "yimgcyztkuvreebjdj3tlhrq6i")
    assert ballot_ids(SECRET, "voter", "campaign", range(1)) == ("gvzqf55au2cfdiw6rw3mcnnnzh",)


def test_each_channel_has_a_quota_of_its_own_only_where_the_campaign_says_so() -> None:
    apart = Quota(1, QuotaPeriod.DAY, per_channel=True)
    assert len({apart.period_key(CALENDAR, DURING, channel) for channel in Channel}) == len(Channel)
    assert len({DAILY.period_key(CALENDAR, DURING, channel) for channel in Channel}) == 1
    for quota in (apart, DAILY):
        assert quota.period_key(CALENDAR, DURING, Channel.WECHAT) in quota.period_keys(CALENDAR)
    assert len(apart.period_keys(CALENDAR)) == len(Channel) * len(DAILY.period_keys(CALENDAR))


@given(secret=secrets, voter=voters, dates=st.sets(days, min_size=2, max_size=2))
def test_every_vote_for_a_project_in_a_period_has_a_slot_of_its_own(
    secret: bytes, voter: str, dates: set[date]
) -> None:
    keys = [day.isoformat() for day in dates]
    slots = [name for key, n in product(keys, (1, 2, 11)) for name in vote_ids(secret, voter, key, n, range(3))]
    ids = [name for key in keys for name in ballot_ids(secret, voter, key, range(3))]
    assert all_different([*slots, *ids])


def test_a_campaign_has_its_hours_its_days_or_itself_as_periods() -> None:
    assert QuotaPeriod.CAMPAIGN.keys(CALENDAR) == ("campaign",)
    assert QuotaPeriod.DAY.keys(CALENDAR) == tuple(day.isoformat() for day in DAYS)
    hours = QuotaPeriod.HOUR.keys(CALENDAR)
    assert (len(hours), hours[0], hours[-1]) == (9 * 24 + 12, "2017-03-22T00+0800", "2017-03-31T11+0800")


@pytest.mark.parametrize(
    ("period", "then"),
    [
        (QuotaPeriod.HOUR, at("2017-03-25 10:00")),
        (QuotaPeriod.DAY, at("2017-03-26 00:00")),
        (QuotaPeriod.CAMPAIGN, None),
    ],
)
def test_the_next_period_begins_unless_voting_ends_first(period: QuotaPeriod, then: datetime | None) -> None:
    assert period.next_begins(CALENDAR, DURING) == then
    assert period.next_begins(CALENDAR, at("2017-03-31 11:30")) is None


WEEK = object.__new__(QuotaPeriod)
WEEK._name_, WEEK._value_ = "WEEK", "A period of which nobody has said yet what it means."
PERIOD_USES = [
    lambda: Quota(1, WEEK).period_key(CALENDAR, DURING, Channel.WEB),
    lambda: WEEK.keys(CALENDAR),
    lambda: next_ballot_at(a_campaign(quota=Quota(1, WEEK)), DURING),
    lambda: QuotaRule(1, WEEK).description(a_campaign()),
    lambda: QuotaExhausted(1, WEEK, None).message,
]


@pytest.mark.parametrize("use", PERIOD_USES)
def test_a_period_that_nobody_has_provided_for_is_an_error_and_not_the_whole_campaign(
    use: Callable[[], object],
) -> None:
    with pytest.raises(AssertionError, match="WEEK"):
        use()


@given(server=secrets, other=secrets, salt=st.text(max_size=20), slugs=st.sets(voters, min_size=2, max_size=2))
def test_secrets_salts_and_campaigns_each_make_other_ids(
    server: bytes, other: bytes, salt: str, slugs: set[str]
) -> None:
    one, two = sorted(slugs)
    keys = {voter_secret(server, one, salt), voter_secret(server, two, salt), voter_secret(server, one, salt + "x")}
    keys |= {voter_secret(other, one, salt)} if other.rstrip(b"\0") != server.rstrip(b"\0") else set()
    ids = [ballot_ids(key, "voter", "2017-03-22", range(1))[0] for key in keys]
    assert len(keys) >= 3
    assert all_different(ids)


@given(secret=secrets, voter=voters, day=days)
def test_an_id_shows_nothing_but_base32_digits(secret: bytes, voter: str, day: date) -> None:
    (id_,) = ballot_ids(secret, voter, day.isoformat(), range(1))
    assert re.fullmatch(r"[a-z2-7]{26}", id_)
    assert len(voter) < 4 or voter.lower() not in id_


@given(secret=secrets, voter=voters, key=voters)
def test_the_digits_are_those_of_rfc_4648(secret: bytes, voter: str, key: str) -> None:
    digest = hmac.digest(secret, f"retry\0{voter}\0{key}".encode(), "sha256")
    assert retry_tag(secret, voter, key) == base64.b32encode(digest).decode().lower()[:26]


def test_ids_of_one_voter_have_nothing_in_common() -> None:
    ids = [ballot_ids(SECRET, "voter", day.isoformat(), range(1))[0] for day in DAYS]
    assert all_different([id_[:6] for id_ in ids])
    assert all_different([id_[-6:] for id_ in ids])


@given(voter=voters, key=voters, other=voters)
def test_a_retry_tag_finds_the_same_request_and_no_other(voter: str, key: str, other: str) -> None:
    tag = retry_tag(SECRET, voter, key)
    assert tag == retry_tag(SECRET, voter, key)
    assert (tag == retry_tag(SECRET, voter, other)) == (key == other)
    assert (tag == retry_tag(SECRET, other, key)) == (voter == other)
    assert tag not in ballot_ids(SECRET, voter, "2017-03-22", range(1))


@given(server=secrets, subject=voters)
def test_a_pseudonym_depends_on_provider_subject_and_server(server: bytes, subject: str) -> None:
    name = pseudonym(server, "wechat", subject)
    assert name == pseudonym(server, "wechat", subject)
    assert name != pseudonym(server, "guest", subject)
    assert name != pseudonym(server + b"x", "wechat", subject)
    assert len(subject) < 4 or subject.lower() not in name
