"""Is a viewer known by a valid token alone, and does an answer say when it has depended on who that is?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from api.domain.audit_trail import TrailKind
from api.domain.campaigns.directory import Directory
from api.domain.campaigns.states import CampaignState
from api.domain.errors import ApiError, ErrorCode
from api.domain.people.access import AccessGrants, Grant
from api.domain.people.identity import Role, Voter
from api.identity.tokens import SignedTokens
from api.services.audit_trail import AuditRecorder
from api.services.authorization import MAX_SNAPSHOT_AGE, Viewer
from api.services.snapshots import Snapshot
from tests.campaigns import DURING, SLUG, a_campaign
from tests.memory import MemoryTrail

SECRET = b"a secret"
TOKEN = SignedTokens([SECRET]).issue(Voter("lin"), "guest", DURING).token
CAMPAIGN = a_campaign()


def viewer(
    token: str | None,
    access: AccessGrants | None = None,
    age: timedelta = timedelta(0),
    trail: MemoryTrail | None = None,
    drafts: Sequence[str] = (),
) -> Viewer:
    prepared = {slug: a_campaign(slug=slug, state=CampaignState.DRAFT) for slug in drafts}
    directory = Directory({SLUG: CAMPAIGN, **prepared}, {})
    snapshot = Snapshot(directory, {}, DURING - age, AccessGrants() if access is None else access)
    return Viewer(token, SignedTokens([SECRET]), AuditRecorder(trail or MemoryTrail(), SECRET), snapshot, DURING)


def test_a_valid_token_is_its_voters_and_the_answer_depends_on_it() -> None:
    lin = viewer(TOKEN)
    assert not lin.was_asked
    assert lin.signed_in.pseudonym == "lin"
    assert lin.was_asked


def test_to_count_a_request_is_not_to_ask_who_the_viewer_is() -> None:
    lin, nobody, stranger = viewer(TOKEN), viewer(None), viewer("no token of ours")
    assert [one.rate_limit_key() for one in (lin, nobody, stranger)] == ["lin", None, None]
    assert not any(one.was_asked for one in (lin, nobody, stranger))


def test_one_request_has_its_token_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lin, verified = viewer(TOKEN, drafts=("draft",)), []
    monkeypatch.setattr(SignedTokens, "verify", lambda self, *asked: verified.append(asked) or Voter("lin"))
    assert (lin.drafts_seen(), lin.rate_limit_key(), lin.signed_in.pseudonym) == (frozenset(), "lin", "lin")
    assert verified == [(TOKEN, DURING)]


def test_without_a_token_nobody_is_signed_in_and_the_answer_depends_on_that_too() -> None:
    nobody = viewer(None)
    assert nobody.voter is None
    assert nobody.was_asked
    with pytest.raises(ApiError, match="Sign in first"):
        assert nobody.signed_in


@pytest.mark.parametrize(
    ("token", "access"), [("no token of ours", AccessGrants()), (TOKEN, AccessGrants(revoked={"lin": 1}))]
)
def test_a_token_that_is_not_valid_is_refused_or_counts_as_none(token: str, access: AccessGrants) -> None:
    with pytest.raises(ApiError) as refusal:
        assert viewer(token, access).voter
    assert refusal.value.code is ErrorCode.UNAUTHENTICATED
    assert viewer(token, access).voter_if_valid is None
    assert viewer(token, access).rate_limit_key() is None


def test_while_revocations_may_be_missing_nobody_is_known() -> None:
    assert viewer(TOKEN, age=MAX_SNAPSHOT_AGE).signed_in
    with pytest.raises(ApiError) as refusal:
        assert viewer(TOKEN, age=MAX_SNAPSHOT_AGE + timedelta(seconds=1)).voter
    assert refusal.value.code is ErrorCode.OVERLOADED


def test_a_role_in_one_campaign_opens_it_there_and_nowhere_else() -> None:
    trail = MemoryTrail()
    organizer = viewer(TOKEN, AccessGrants({"lin": frozenset([Grant("lin", Role.ORGANIZER, SLUG)])}), trail=trail)
    organizer.require((Role.ORGANIZER, Role.AUDITOR), "suspicions", SLUG)
    assert trail.noted == []
    for slug in (None, "another"):
        with pytest.raises(ApiError) as refusal:
            organizer.require((Role.ORGANIZER,), "suspicions", slug)
        assert (refusal.value.code, refusal.value.details) == (ErrorCode.FORBIDDEN, {"roles": ["ORGANIZER"]})
    assert [(entry.kind, entry.details["field"]) for entry in trail.noted] == [
        (TrailKind.ACCESS_DENIED, "suspicions")
    ] * 2


@pytest.mark.parametrize(
    ("role", "campaign", "sees"),
    [
        (Role.ORGANIZER, "draft", True),
        (Role.AUDITOR, "draft", True),
        (Role.ORGANIZER, None, True),
        (Role.ORGANIZER, SLUG, False),
        (Role.EXPERT, "draft", False),
        (None, None, False),
    ],
)
def test_a_draft_is_seen_with_a_role_in_it_and_nobody_else_is_asked_who_they_are(
    role: Role | None, campaign: str | None, sees: bool
) -> None:
    access = AccessGrants() if role is None else AccessGrants({"lin": frozenset({Grant("lin", role, campaign)})})
    lin = viewer(TOKEN, access, drafts=("draft",))
    assert lin.drafts_seen() == ({"draft"} if sees else set())
    assert not lin.was_asked


def test_a_session_that_has_ended_or_may_have_shows_no_draft() -> None:
    access = AccessGrants({"lin": frozenset({Grant("lin", Role.ORGANIZER)})}, revoked={"lin": 1})
    assert viewer(TOKEN, access, drafts=("draft",)).drafts_seen() == set()
    valid = replace(access, revoked={})
    assert viewer(TOKEN, valid, timedelta(seconds=6), drafts=("draft",)).drafts_seen() == set()
    assert viewer("no token of ours", valid, drafts=("draft",)).drafts_seen() == set()
