"""Does our own verification of tokens accept what PyJWT accepts of ours, and nothing else?"""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.errors import ApiError
from api.domain.people.identity import Role, Voter
from api.domain.voting.channels import Channel
from api.identity.tokens import SignedTokens

NOW = datetime(2017, 3, 22, 1, tzinfo=UTC)
OLD, NEW = b"an old secret of thirty-two characters", b"a new secret of thirty-two characters!"
TOKENS = SignedTokens([OLD], timedelta(hours=12))
VOTER = Voter("a" * 26, (Role.VOTER, Role.AUDITOR), 3)
TOKEN = TOKENS.issue(VOTER, "guest", NOW).token
CHECKS: Any = {"require": ["sub", "aud", "exp", "roles", "ver"], "verify_exp": False, "verify_iat": False}


def ours(token: str, tokens: SignedTokens = TOKENS) -> Voter | None:
    try:
        return tokens.verify(token, NOW)
    except ApiError:
        return None


def library(token: str) -> dict[str, Any] | None:
    """What PyJWT makes of a token with our key."""
    try:
        return jwt.decode(token, TOKENS._key, ["HS256"], options=CHECKS, audience="pingxuan")
    except jwt.PyJWTError:
        return None


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(claims: object, header: object = None, key: bytes = TOKENS._key) -> str:
    """A token with any claims and header, signed as ours are."""
    first = TOKEN.partition(".")[0] if header is None else encoded(json.dumps(header).encode())
    return with_signature(f"{first}.{encoded(json.dumps(claims).encode())}", key)


def with_signature(part: str, key: bytes = TOKENS._key) -> str:
    return f"{part}.{encoded(hmac.digest(key, part.encode(), 'sha256'))}"


def claims(**changes: Any) -> dict[str, Any]:
    given = {"sub": "a" * 26, "aud": "pingxuan", "idp": "guest", "roles": ["VOTER"], "ver": 0, "iat": 1, "exp": 2**40}
    return {name: value for name, value in (given | changes).items() if value is not None}


def test_a_token_says_who_it_stands_for() -> None:
    assert ours(TOKEN) == VOTER
    assert ours(signed(claims())) == Voter("a" * 26)
    assert library(TOKEN) is not None


def test_a_token_says_by_which_channel_they_came_and_what_the_provider_claims() -> None:
    resident = Voter("a" * 26, channel=Channel.WECHAT, claims={"residence": ("310115", "浦东新区")})
    assert TOKENS.verify(TOKENS.issue(resident, "oidc", NOW).token, NOW) == resident


def test_a_token_of_before_channels_is_of_the_web_and_without_claims() -> None:
    assert (ours(signed(claims())).channel, ours(signed(claims())).claims) == (Channel.WEB, {})


def test_no_mutation_of_a_character_is_accepted() -> None:
    for place in range(len(TOKEN)):
        for character in "A_-.=+ é\0":
            mutated = TOKEN[:place] + character + TOKEN[place + 1 :]
            assert (ours(mutated) is not None) == (mutated == TOKEN)


edits = st.lists(
    st.tuples(st.integers(0, len(TOKEN)), st.integers(0, 3), st.text("AZaz09-_.=+/ \n\x00é", max_size=3)), max_size=3
)


@given(edits)
def test_a_mutated_token_is_judged_as_pyjwt_judges_it(changes: list[tuple[int, int, str]]) -> None:
    token = TOKEN
    for place, dropped, added in changes:
        token = token[:place] + added + token[place + dropped :]
    if ours(token) is not None:
        assert library(token) is not None
    elif library(token) is not None:  # PyJWT forgives how base64 is spelled; nobody but we writes our tokens
        assert token != TOKEN
        assert [decoded(part) for part in token.split(".")] == [decoded(part) for part in TOKEN.split(".")]


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(["sub", "aud", "roles", "ver", "exp", "idp", "chn", "kept", "x"]), values, max_size=4
    )
)
def test_whatever_our_key_has_signed_is_accepted_only_where_pyjwt_does(changes: dict[str, Any]) -> None:
    token = signed(claims(**changes))
    if ours(token) is not None:
        assert library(token) is not None


@given(st.binary(max_size=60))
def test_claims_that_are_no_json_are_refused(raw: bytes) -> None:
    assert ours(with_signature(f"{TOKEN.partition('.')[0]}.{encoded(raw)}")) is None


@given(st.text(max_size=300))
def test_garbage_is_refused(text: str) -> None:
    assert ours(text) is None


HEADER = {"alg": "HS256", "kid": TOKENS._key_id, "typ": "JWT"}
WRONG = {
    "alg none": TOKEN.replace(TOKEN.partition(".")[0], encoded(json.dumps(HEADER | {"alg": "none"}).encode())),
    "alg none, no signature": f"{encoded(json.dumps(HEADER | {'alg': 'none'}).encode())}.{TOKEN.split('.')[1]}.",
    "another algorithm named": signed(claims(), HEADER | {"alg": "HS512"}),
    "an asymmetric algorithm named": signed(claims(), HEADER | {"alg": "RS256"}),
    "a critical extension": signed(claims(), HEADER | {"crit": ["exp"]}),
    "a key of the caller's": signed(claims(), HEADER | {"jwk": {"kty": "oct", "k": "AAAA"}}),
    "another key": signed(claims(), key=b"k" * 32),
    "another audience": signed(claims(aud="another")),
    "several audiences": signed(claims(aud=["another", "pingxuan"])),
    "no audience": signed(claims(aud=None)),
    "nobody": signed(claims(sub=None)),
    "a number": signed(claims(sub=7)),
    "without expiry": signed(claims(exp=None)),
    "an expiry in words": signed(claims(exp="tomorrow")),
    "without a version": signed(claims(ver=None)),
    "a role that does not exist": signed(claims(roles=["EMPEROR"])),
    "roles in roles": signed(claims(roles=[["VOTER"]])),
    "roles in one text": signed(claims(roles="VOTER")),
    "a channel that does not exist": signed(claims(chn="RADIO")),
    "a channel that is no text": signed(claims(chn=["WEB"])),
    "a claim that is no list": signed(claims(kept={"residence": "310115"})),
    "a claim of numbers": signed(claims(kept={"residence": [310115]})),
    "claims in a list": signed(claims(kept=["residence"])),
    "a list": signed([1, 2]),
    "nothing": signed(None),
    "four parts": TOKEN + ".",
    "two parts": TOKEN.rpartition(".")[0],
    "padding": TOKEN + "=",
    "white space": TOKEN + "\n",
    "too long": signed(claims(idp="x" * 3000)),
}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG.keys())
def test_what_we_do_not_write_is_refused(token: str) -> None:
    assert ours(token) is None


def test_expiry_is_judged_at_every_use() -> None:
    session = TOKENS.issue(VOTER, "guest", NOW)
    assert TOKENS.verify(session.token, session.expires_at - timedelta(seconds=1)) == VOTER
    with pytest.raises(ApiError, match="expired"):
        TOKENS.verify(session.token, session.expires_at)


def test_changing_the_key_signs_nobody_out() -> None:
    announced, changed, done = SignedTokens([OLD, NEW]), SignedTokens([NEW, OLD]), SignedTokens([NEW])
    before, after = (tokens.issue(VOTER, "guest", NOW).token for tokens in (announced, changed))
    for tokens in (announced, changed):
        assert ours(before, tokens) == ours(after, tokens) == VOTER
    assert (ours(before, done), ours(after, done)) == (None, VOTER)
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"]


def test_a_keys_id_with_another_keys_signature_is_refused() -> None:
    both = SignedTokens([OLD, NEW])
    swapped = jwt.encode(claims(), SignedTokens([NEW])._key, headers={"kid": TOKENS._key_id})
    assert ours(swapped, both) is None
