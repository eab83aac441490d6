"""Do ballot ids enforce the quota, and keep the voter to themselves?"""

import base64
import hmac
import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.voting.quota import Quota, QuotaPeriod, ballot_ids, pseudonym, retry_tag, voter_secret
from api.domain.voting.rules.quota import QuotaExhausted, QuotaRule, next_ballot_at
from tests.campaigns import DAYS, DURING, a_campaign

DAILY, ONCE = Quota(1, QuotaPeriod.DAY), Quota(1, QuotaPeriod.CAMPAIGN)
SECRET = voter_secret(b"server", "shanghai-2017", "salt")
voters = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), min_size=1, max_size=40)
secrets = st.binary(min_size=16, max_size=40)
days = st.dates()


def all_different(ids: Sequence[str]) -> bool:
    return len(set(ids)) == len(ids)


@given(secret=secrets, names=st.sets(voters, min_size=1, max_size=4), dates=st.sets(days, min_size=1, max_size=4))
def test_every_voter_day_and_slot_has_an_id_of_its_own(secret: bytes, names: set[str], dates: set[date]) -> None:
    quota = Quota(3, QuotaPeriod.DAY)
    ids = [id_ for name, day in product(names, dates) for id_ in ballot_ids(secret, name, quota, day)]
    assert len(ids) == 3 * len(names) * len(dates)
    assert all_different(ids)


@given(secret=secrets, voter=voters, day=days, limit=st.integers(1, 20))
def test_the_same_ballot_has_the_same_ids_and_one_per_slot(secret: bytes, voter: str, day: date, limit: int) -> None:
    ids = ballot_ids(secret, voter, Quota(limit, QuotaPeriod.DAY), day)
    assert len(ids) == limit
    assert ids == ballot_ids(secret, voter, Quota(limit, QuotaPeriod.DAY), day)


@given(voter=voters, day=days, limits=st.tuples(st.integers(1, 20), st.integers(1, 20)).map(sorted))
def test_a_larger_quota_keeps_the_ids_of_a_smaller_one(voter: str, day: date, limits: list[int]) -> None:
    fewer, more = (ballot_ids(SECRET, voter, Quota(limit, QuotaPeriod.DAY), day) for limit in limits)
    assert more[: len(fewer)] == fewer


@given(voter=voters, one=days, other=days)
def test_a_quota_for_the_whole_campaign_ignores_the_day(voter: str, one: date, other: date) -> None:
    assert ballot_ids(SECRET, voter, ONCE, one) == ballot_ids(SECRET, voter, ONCE, other)
    assert ballot_ids(SECRET, voter, ONCE, one) != ballot_ids(SECRET, voter, DAILY, one)


def test_each_period_has_a_first_day() -> None:
    assert QuotaPeriod.DAY.first_days(DAYS) == tuple(DAYS)
    assert QuotaPeriod.CAMPAIGN.first_days(DAYS) == (DAYS[0],)


WEEK = object.__new__(QuotaPeriod)
WEEK._name_, WEEK._value_ = "WEEK", "A period of which nobody has said yet what it means."
PERIOD_USES = [
    lambda: ballot_ids(SECRET, "voter", Quota(1, WEEK), DAYS[0]),
    lambda: WEEK.first_days(DAYS),
    lambda: next_ballot_at(a_campaign(quota=Quota(1, WEEK)), DURING),
    lambda: QuotaRule(1, WEEK).description,
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
    ids = [ballot_ids(key, "voter", DAILY, DAYS[0])[0] for key in keys]
    assert len(keys) >= 3
    assert all_different(ids)


@given(secret=secrets, voter=voters, day=days)
def test_an_id_shows_nothing_but_base32_digits(secret: bytes, voter: str, day: date) -> None:
    (id_,) = ballot_ids(secret, voter, DAILY, day)
    assert re.fullmatch(r"[a-z2-7]{26}", id_)
    assert len(voter) < 4 or voter.lower() not in id_


@given(secret=secrets, voter=voters, key=voters)
def test_the_digits_are_those_of_rfc_4648(secret: bytes, voter: str, key: str) -> None:
    digest = hmac.digest(secret, f"retry\0{voter}\0{key}".encode(), "sha256")
    assert retry_tag(secret, voter, key) == base64.b32encode(digest).decode().lower()[:26]


def test_ids_of_one_voter_have_nothing_in_common() -> None:
    ids = [ballot_ids(SECRET, "voter", DAILY, day)[0] for day in DAYS]
    assert all_different([id_[:6] for id_ in ids])
    assert all_different([id_[-6:] for id_ in ids])


@given(voter=voters, key=voters, other=voters)
def test_a_retry_tag_finds_the_same_request_and_no_other(voter: str, key: str, other: str) -> None:
    tag = retry_tag(SECRET, voter, key)
    assert tag == retry_tag(SECRET, voter, key)
    assert (tag == retry_tag(SECRET, voter, other)) == (key == other)
    assert (tag == retry_tag(SECRET, other, key)) == (voter == other)
    assert tag not in ballot_ids(SECRET, voter, DAILY, DAYS[0])


@given(server=secrets, subject=voters)
def test_a_pseudonym_depends_on_provider_subject_and_server(server: bytes, subject: str) -> None:
    name = pseudonym(server, "wechat", subject)
    assert name == pseudonym(server, "wechat", subject)
    assert name != pseudonym(server, "guest", subject)
    assert name != pseudonym(server + b"x", "wechat", subject)
    assert len(subject) < 4 or subject.lower() not in name
