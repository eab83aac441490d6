"""Does the roster tell who may do what, and whose session has been ended?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.errors import ApiError
from api.domain.people.access import AccessGrants, Grant
from api.domain.people.identity import Role, Voter

LIN, WU = Voter("lin"), Voter("wu", (Role.VOTER, Role.EXPERT))


def granted(*grants: Grant) -> AccessGrants:
    return AccessGrants(
        {viewer: frozenset(g for g in grants if g.viewer == viewer) for viewer in {g.viewer for g in grants}}
    )


def holds(access: AccessGrants, voter: Voter) -> bool:
    try:
        return access.check(voter) is voter
    except ApiError as fault:
        return "revoked" not in str(fault)


def test_everyone_has_the_roles_that_signing_in_brought() -> None:
    assert AccessGrants().roles(LIN) == (Role.VOTER,)
    assert AccessGrants().roles_in(WU, "any") == (Role.VOTER, Role.EXPERT)


def test_a_role_of_one_campaign_counts_in_that_campaign_alone() -> None:
    access = granted(Grant("lin", Role.ORGANIZER, "spring"), Grant("lin", Role.AUDITOR))
    assert access.roles(LIN) == (Role.VOTER, Role.ORGANIZER, Role.AUDITOR)
    assert access.roles_in(LIN, "spring") == (Role.VOTER, Role.ORGANIZER, Role.AUDITOR)
    assert access.roles_in(LIN, "autumn") == access.roles_in(LIN, None) == (Role.VOTER, Role.AUDITOR)
    assert access.roles(WU) == WU.roles


revocations = st.lists(st.sampled_from(["lin", "wu", None]), max_size=8)


@given(before=revocations, after=revocations)
def test_a_session_ends_with_the_first_later_revocation_that_means_it(
    before: list[str | None], after: list[str | None]
) -> None:
    session = Voter("lin", version=numbered(before).version)
    assert holds(numbered(before), session)
    assert holds(numbered(before + after), session) == (not {"lin", None}.intersection(after))


def numbered(viewers: list[str | None]) -> AccessGrants:
    """The roster after these revocations, in this order."""
    last = {viewer: number for number, viewer in enumerate(viewers, 1)}
    return AccessGrants({}, {v: n for v, n in last.items() if v is not None}, last.get(None, 0))


def test_who_has_been_signed_out_is_told_so() -> None:
    with pytest.raises(ApiError, match=r"revoked\. Sign in again"):
        AccessGrants(everybody=1).check(LIN)
